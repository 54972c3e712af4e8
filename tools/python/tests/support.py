"""A small workspace and its daemon, and a server that says what a test wants it to say."""

from __future__ import annotations

import math
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar
from unittest import TestCase

from corkboard.frames import DATA, HEADER, NO_DATA, REMOTE_CLOSED, RESPONSE
from corkboard.messages import Request

ROOT = Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "tools"))

from harness.daemon import Daemon  # noqa: E402
from harness.workspace import corkboard, write_numpy  # noqa: E402

PROGRAMS = Path(os.environ.get("CORKBOARD_PROGRAMS", ROOT / ".build" / "debug"))
COUNT = 60


def item(number: int) -> str:
    """The id of the item at this place of the circle."""
    return f"item-{number % COUNT:03}"


def circle() -> list[list[float]]:
    """Points on a circle, so that neighbours are known."""
    turn = 2 * math.pi / COUNT
    return [[math.cos(turn * number), math.sin(turn * number)] for number in range(COUNT)]


def build(workspace: Path, folder: Path) -> None:
    """A workspace of the circle, with a generation."""
    vectors, ids = folder / "v.npy", folder / "ids"
    write_numpy(vectors, circle())
    ids.write_text("".join(f"{item(number)}\n" for number in range(COUNT)))
    into, own = ("-w", str(workspace)), ("--vectors", str(vectors), "--ids", str(ids))
    corkboard(PROGRAMS / "corkboard", "import-embeddings", *own, "--metric", "l2", *into)
    corkboard(PROGRAMS / "corkboard", "index", "--kind", "flat", "--queries", str(vectors), *into)


class DaemonTestCase(TestCase):
    """Tests that ask one daemon."""

    daemon: ClassVar[Daemon]
    _folder: ClassVar[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls._folder = tempfile.mkdtemp(prefix="corkboard")
        folder = Path(cls._folder)
        build(folder / "workspace", folder)
        cls.daemon = Daemon(PROGRAMS / "corkboardd", folder / "workspace", folder)
        cls.daemon.start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.kill()
        shutil.rmtree(cls._folder)


@contextmanager
def listening() -> Iterator[tuple[str, socket.socket]]:
    """A server that the test plays itself."""
    with tempfile.TemporaryDirectory(prefix="corkboard") as folder:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"{folder}/s")
            listener.listen()
            listener.settimeout(10)
            yield f"{folder}/s", listener


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
