"""A small workspace and its daemon, and a server that says what a test wants it to say."""

from __future__ import annotations

import math
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar
from unittest import TestCase

from corkboard.frames import DATA, HEADER, NO_DATA, REMOTE_CLOSED, RESPONSE
from corkboard.messages import Request

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = Path(os.environ.get("CORKBOARD_PROGRAMS", ROOT / ".build" / "debug"))
COUNT = 60


def item(number: int) -> str:
    """The id of the item at this place of the circle."""
    return f"item-{number % COUNT:03}"


def circle() -> list[list[float]]:
    """Points on a circle, so that neighbours are known."""
    turn = 2 * math.pi / COUNT
    return [[math.cos(turn * number), math.sin(turn * number)] for number in range(COUNT)]


class Daemon:
    """corkboardd over a workspace of its own."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        self.socket = str(folder / "s")
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None

    def build(self) -> None:
        vectors, ids = self._folder / "v.npy", self._folder / "ids"
        rows = circle()
        ids.write_text("".join(f"{item(number)}\n" for number in range(COUNT)))
        header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({COUNT}, 2), }}".ljust(117)
        floats = array("f", (value for row in rows for value in row))
        vectors.write_bytes(
            b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + header.encode() + b"\n"
            + floats.tobytes()
        )
        self._corkboard(
            "import-embeddings", "--vectors", str(vectors), "--ids", str(ids), "--metric", "l2"
        )
        self._corkboard("index", "--kind", "flat", "--queries", str(vectors))

    def _corkboard(self, *arguments: str) -> None:
        subprocess.run(
            [PROGRAMS / "corkboard", *arguments, "-w", self.workspace],
            check=True,
            capture_output=True,
        )

    def start(self) -> None:
        """Starts it, and returns when it answers."""
        with open(self._folder / "log", "a") as log:
            self._process = subprocess.Popen(
                [PROGRAMS / "corkboardd", "-w", self.workspace, "--socket", self.socket],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith("READY"):
            self.kill()
            raise RuntimeError((self._folder / "log").read_text())

    def kill(self) -> None:
        """Ends it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()


class DaemonTestCase(TestCase):
    """Tests that ask one daemon."""

    daemon: ClassVar[Daemon]
    _folder: ClassVar[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls._folder = tempfile.mkdtemp(prefix="corkboard")
        cls.daemon = Daemon(Path(cls._folder))
        cls.daemon.build()
        cls.daemon.start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.kill()
        shutil.rmtree(cls._folder)


Frame = tuple[int, int, bytes]


def message(payload: bytes) -> Frame:
    return (DATA, 0, payload)


def end() -> Frame:
    return (DATA, REMOTE_CLOSED | NO_DATA, b"")


def response(body: bytes) -> Frame:
    return (RESPONSE, 0, body)


@contextmanager
def fake_server(
    answer: Callable[[Request], list[Frame]],
) -> Iterator[tuple[str, list[Request]]]:
    """A server that sends for each request the frames that `answer` gives, and notes it."""
    seen: list[Request] = []
    with tempfile.TemporaryDirectory(prefix="corkboard") as folder:
        path = f"{folder}/s"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()

            def serve() -> None:
                while True:
                    try:
                        connection, _ = listener.accept()
                    except OSError:
                        return
                    with connection, suppress(OSError):
                        talk(connection)

            def talk(connection: socket.socket) -> None:
                with connection.makefile("rb") as stream:
                    while len(header := stream.read(HEADER.size)) == HEADER.size:
                        length, stream_id, _, _ = HEADER.unpack(header)
                        request = Request.FromString(stream.read(length))
                        seen.append(request)
                        for kind, flags, body in answer(request):
                            head = HEADER.pack(len(body), stream_id, kind, flags)
                            connection.sendall(head + body)

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            try:
                yield path, seen
            finally:
                listener.shutdown(socket.SHUT_RDWR)
                thread.join(5)
