"""What clients hear whose connection is closed: the words of the client in Swift."""

import asyncio
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import TestCase

from corkboard import AsyncClient, Client, Code, CorkboardError
from corkboard.messages import Request, Response

from .support import Frame, fake_server, response

TURNED_AWAY = (
    "before it answered anything: it may not let user "
    f"{os.geteuid()} in (allow_users, allow_groups), may have as many connections as it takes"
)
LOST = "before it answered; call again, and see the log of corkboardd if that does not help"


@contextmanager
def turning_away() -> Iterator[str]:
    """A server that closes every connection at once."""
    with tempfile.TemporaryDirectory(prefix="corkboard") as folder:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"{folder}/s")
            listener.listen()

            def refuse() -> None:
                try:
                    while True:
                        listener.accept()[0].close()
                except OSError:
                    pass

            thread = threading.Thread(target=refuse, daemon=True)
            thread.start()
            try:
                yield f"{folder}/s"
            finally:
                listener.shutdown(socket.SHUT_RDWR)
                thread.join(5)


def once(request: Request) -> list[Frame]:
    """Answers Health, and closes the connection at anything else."""
    if request.method != "Health":
        raise ConnectionError
    return [response(Response().SerializeToString())]


class RefusalTests(TestCase):
    def expect(self, words: str, error: CorkboardError) -> None:
        self.assertEqual(error.code, Code.UNAVAILABLE)
        self.assertIn(words, str(error))

    def test_who_is_turned_away_hears_why_that_may_be(self) -> None:
        with turning_away() as path:
            for _ in range(5):  # how far the client comes is chance
                with Client(path) as client, self.assertRaises(CorkboardError) as caught:
                    client.health()
                self.expect(TURNED_AWAY, caught.exception)

    def test_a_server_that_has_spoken_is_not_said_to_refuse(self) -> None:
        with fake_server(once) as (path, _), Client(path) as client:
            client.health()
            with self.assertRaises(CorkboardError) as caught:
                client.info()
            self.expect(LOST, caught.exception)

    def test_the_client_for_asyncio_uses_the_same_words(self) -> None:
        async def refused(path: str) -> CorkboardError:
            async with AsyncClient(path) as client:
                with self.assertRaises(CorkboardError) as caught:
                    await client.health()
                return caught.exception

        async def lost(path: str) -> CorkboardError:
            async with AsyncClient(path) as client:
                await client.health()
                with self.assertRaises(CorkboardError) as caught:
                    await client.info()
                return caught.exception

        with turning_away() as path:
            self.expect(TURNED_AWAY, asyncio.run(refused(path)))
        with fake_server(once) as (path, _):
            self.expect(LOST, asyncio.run(lost(path)))
