"""The synchronous client and a server that stops, and lets it know what it took."""

import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from unittest import TestCase

from corkboard import Client
from corkboard.frames import HEADER, RESPONSE


class DrainTests(TestCase):
    def test_the_last_answers_come_through_though_no_more_is_taken(self) -> None:
        with (
            tempfile.TemporaryDirectory(prefix="corkboard") as folder,
            socket.socket(socket.AF_UNIX) as listener,
            Client(f"{folder}/s") as client,
            ThreadPoolExecutor(2) as threads,
        ):
            listener.bind(f"{folder}/s")
            listener.listen()
            first = threads.submit(client.health)
            old, _ = listener.accept()
            stream = self.request(old)
            old.shutdown(socket.SHUT_RD)
            second = threads.submit(client.health)
            listener.settimeout(10)
            new, _ = listener.accept()  # to which the second call has gone
            self.answer(new, self.request(new))
            second.result(10)
            self.answer(old, stream)
            first.result(10)
            old.close()
            new.close()

    def request(self, connection: socket.socket) -> int:
        """Takes a request, and gives the id of its stream."""
        length, stream, _, _ = HEADER.unpack(connection.recv(HEADER.size, socket.MSG_WAITALL))
        connection.recv(length, socket.MSG_WAITALL)
        return int(stream)

    def answer(self, connection: socket.socket, stream: int) -> None:
        connection.sendall(HEADER.pack(0, stream, RESPONSE, 0))
