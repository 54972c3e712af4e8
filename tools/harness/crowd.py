"""Connections in numbers, and those who use them well or badly."""

from __future__ import annotations

import resource
import select
import socket
import time
from collections.abc import Callable, Sequence

from harness.background import Background
from harness.wire import Connection, payload, request

WINDOW = 8


def allow_all_descriptors() -> None:
    """Lets this process, and the daemon that it starts, have as many as the system allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def connected(path: str, count: int) -> list[socket.socket]:
    """So many who have connected, as far as they know."""
    sockets: list[socket.socket] = []
    for _ in range(count):
        one = socket.socket(socket.AF_UNIX)
        one.settimeout(10)
        for _ in range(1000):
            try:
                one.connect(path)
                break
            except BlockingIOError:  # the daemon has yet to accept the last few thousand
                time.sleep(0.01)
        else:
            raise SystemExit(f"the daemon accepts no more than {len(sockets)} connections")
        sockets.append(one)
    return sockets


def closed(sockets: Sequence[socket.socket], reads: bool = True) -> int:
    """How many the daemon has closed; unless it reads, what there is to read stays there."""
    if not reads:
        poll = select.poll()
        for one in sockets:
            poll.register(one, 0)  # POLLHUP is told all the same
        return len(poll.poll(0))
    count = 0
    for one in sockets:
        one.setblocking(False)
        try:
            while one.recv(1 << 16, socket.MSG_DONTWAIT):
                pass
            count += 1
        except BlockingIOError:
            pass
        except OSError:
            count += 1
    return count


def waited(is_so: Callable[[], bool], patience: float) -> float:
    """The seconds until something was so, or until patience had an end."""
    start = time.monotonic()
    while not is_so() and time.monotonic() < start + patience:
        time.sleep(0.1)
    return round(time.monotonic() - start, 1)


class Active(Background):
    """Connections that ask now and then, one call in flight each."""

    def __init__(self, path: str, count: int, message: bytes) -> None:
        super().__init__()
        self.connections = [Connection(path) for _ in range(count)]
        self.message = message
        self.calls = 0
        self.start()

    def work(self) -> None:
        while not self.over.is_set():
            for one in self.connections:
                if self.over.wait(0.002):
                    return
                one.call("Search", self.message)
                self.calls += 1


class Heavy(Background):
    """One connection that keeps several calls in flight, which take long."""

    def __init__(self, path: str, message: bytes) -> None:
        super().__init__()
        self.connection, self.message = Connection(path), message
        self.calls = 0
        self.start()

    def work(self) -> None:
        stream = 1
        for _ in range(WINDOW):
            self.connection.send(request(stream, "Search", self.message))
            stream += 2
        while not self.over.is_set():
            payload(self.connection.frame()[3])
            self.calls += 1
            self.connection.send(request(stream, "Search", self.message))
            stream += 2


class Slow(Background):
    """Sends a byte of a frame on each socket every second, for so many seconds."""

    def __init__(self, sockets: Sequence[socket.socket], frame: bytes, seconds: float) -> None:
        super().__init__()
        self.sockets, self.frame, self.seconds = sockets, frame, seconds
        self.start()

    def work(self) -> None:
        position, end = 0, time.monotonic() + self.seconds
        while time.monotonic() < end:
            for one in self.sockets:
                try:
                    one.send(self.frame[position : position + 1])
                except OSError:
                    pass  # it has been closed, as is to be
            position += 1
            time.sleep(1)
