"""Calls whose own client ends their connection: nobody has turned them away."""

import asyncio
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from unittest import TestCase

from corkboard import AsyncClient, Client, Code, CorkboardError

from .support import listening
from .test_refusals import LOST

CLOSED = "the client is closed"


class ClosingTests(TestCase):
    def expect(self, code: Code, words: str, call: Future[Any]) -> None:
        error = call.exception(10)
        assert isinstance(error, CorkboardError)
        self.assertEqual(error.code, code)
        self.assertIn(words, str(error))

    def test_a_first_call_ends_with_its_client(self) -> None:
        with listening() as (path, listener), ThreadPoolExecutor(1) as threads:
            client = Client(path)
            call = threads.submit(client.health)
            server, _ = listener.accept()
            server.recv(1)  # the call is on its way
            client.close()
            self.expect(Code.CANCELLED, CLOSED, call)
            server.close()

    def test_half_a_frame_of_one_thread_turns_nobody_away(self) -> None:
        with listening() as (path, listener), ThreadPoolExecutor(1) as threads:
            with Client(path) as client:
                call = threads.submit(client.health)
                server, _ = listener.accept()
                server.recv(1)
                with self.assertRaises(CorkboardError) as caught:
                    client.search([0.0] * 900_000, timeout=0.3)
                self.assertEqual(caught.exception.code, Code.DEADLINE_EXCEEDED)
                self.expect(Code.UNAVAILABLE, LOST, call)
                server.close()

    def test_the_client_for_asyncio_uses_the_same_words(self) -> None:
        async def closed(path: str) -> BaseException | None:
            client = AsyncClient(path)
            call = asyncio.create_task(client.health())
            await asyncio.sleep(0.2)
            await client.close()
            await asyncio.wait([call], timeout=10)
            return call.exception()

        with listening() as (path, _):
            start = time.monotonic()
            error = asyncio.run(closed(path))
            assert isinstance(error, CorkboardError)
            self.assertEqual(error.code, Code.CANCELLED)
            self.assertIn(CLOSED, str(error))
            self.assertLess(time.monotonic() - start, 5)
