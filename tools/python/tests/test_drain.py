"""The synchronous client and a server that stops, and lets it know what it took."""

import asyncio
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from unittest import TestCase

from corkboard import AsyncClient, Client, Code, CorkboardError
from corkboard.frames import HEADER, RESPONSE, RETIREMENT_ID

from .support import listening


class DrainTests(TestCase):
    def test_the_last_answers_come_through_though_no_more_is_taken(self) -> None:
        with (
            listening() as (path, listener),
            Client(path) as client,
            ThreadPoolExecutor(2) as threads,
        ):
            first = threads.submit(client.health)
            old, _ = listener.accept()
            stream = self.request(old)
            old.shutdown(socket.SHUT_RD)
            second = threads.submit(client.health)
            new, _ = listener.accept()  # to which the second call has gone
            self.answer(new, self.request(new))
            second.result(10)
            self.answer(old, stream)
            first.result(10)
            old.close()
            new.close()

    def test_a_client_that_is_closed_waits_for_no_server_that_stops(self) -> None:
        with listening() as (path, listener), Client(path) as client:
            with ThreadPoolExecutor(2) as threads:
                first = threads.submit(client.health)
                old, _ = listener.accept()
                self.request(old)
                old.shutdown(socket.SHUT_RD)
                second = threads.submit(client.health)
                new, _ = listener.accept()
                self.answer(new, self.request(new))
                second.result(10)
                client.close()
                try:
                    error = first.exception(10)
                finally:
                    old.close()  # ends the call in any case
                    new.close()
        assert isinstance(error, CorkboardError)
        self.assertEqual(error.code, Code.CANCELLED)

    def test_a_client_for_asyncio_closes_a_connection_whose_ids_ran_out(self) -> None:
        async def error_of_the_first(path: str, listener: socket.socket) -> BaseException | None:
            client = AsyncClient(path)
            first = asyncio.create_task(client.health())
            old, _ = await asyncio.to_thread(listener.accept)
            await asyncio.to_thread(self.request, old)
            assert client._connection is not None
            client._connection._next_id = RETIREMENT_ID
            second = asyncio.create_task(client.health())
            new, _ = await asyncio.to_thread(listener.accept)
            self.answer(new, await asyncio.to_thread(self.request, new))
            await second
            await client.close()
            await asyncio.wait([first], timeout=5)
            old.close()
            new.close()
            return first.exception()

        with listening() as (path, listener):
            error = asyncio.run(error_of_the_first(path, listener))
        assert isinstance(error, CorkboardError)
        self.assertEqual(error.code, Code.CANCELLED)

    def test_a_fork_that_closes_its_client_leaves_the_connection_to_its_parent(self) -> None:
        with listening() as (path, listener), Client(path) as client:
            with ThreadPoolExecutor(1) as threads:
                call = threads.submit(client.health)
                server, _ = listener.accept()
                stream = self.request(server)
                child = os.fork()
                if child == 0:
                    client.close()
                    os._exit(0)
                self.assertEqual(os.waitpid(child, 0)[1], 0)
                try:
                    self.answer(server, stream)
                    call.result(10)
                finally:
                    server.close()

    def request(self, connection: socket.socket) -> int:
        """Takes a request, and gives the id of its stream."""
        length, stream, _, _ = HEADER.unpack(connection.recv(HEADER.size, socket.MSG_WAITALL))
        connection.recv(length, socket.MSG_WAITALL)
        return int(stream)

    def answer(self, connection: socket.socket, stream: int) -> None:
        connection.sendall(HEADER.pack(0, stream, RESPONSE, 0))
