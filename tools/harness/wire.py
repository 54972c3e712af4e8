"""Just enough of ttrpc for the harnesses here: frames, and the few messages that they send.

A client for programs is tools/python; this one hides nothing, so that a harness can do what no
client should.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator, Sequence
from typing import Any

HEADER = struct.Struct(">IIBB")
REQUEST, RESPONSE, DATA = 1, 2, 3


def varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def text(field: int, value: str | bytes) -> bytes:
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value) if value else b""


def fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message: (number, value), the value an int or bytes."""
    position = 0

    def read() -> int:
        nonlocal position
        value = shift = 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    while position < len(message):
        tag = read()
        kind = tag & 7
        if kind == 0:
            yield tag >> 3, read()
        else:
            size = {1: 8, 5: 4}.get(kind) or read()
            yield tag >> 3, message[position : position + size]
            position += size


def request(
    stream: int, method: str, payload: bytes = b"", service: str = "Retrieval", timeout: int = 0
) -> bytes:
    body = text(1, f"corkboard.v1.{service}") + text(2, method) + text(3, payload)
    body += number(4, timeout)
    return HEADER.pack(len(body), stream, REQUEST, 0) + body


def search(values: Sequence[float], k: int, dimension: int = 0, effort: int = 0) -> bytes:
    """One query, or several of a `dimension`, end to end."""
    queries = text(2, struct.pack(f"<{len(values)}f", *values))
    return number(1, dimension or len(values)) + queries + number(3, k) + number(4, effort)


class CallFailed(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} (code {code})")
        self.code = code


def payload(body: bytes) -> bytes:
    """What a response says; CallFailed where it is a failure."""
    answer = b""
    for field, value in fields(body):
        if field == 1:
            status = dict(fields(value))
            if status.get(1, 0):
                raise CallFailed(status[1], status.get(2, b"").decode())
        elif field == 2:
            answer = value
    return answer


class Connection:
    """A blocking connection; what arrives is kept in `unread` until a whole frame is there."""

    def __init__(self, path: str, timeout: float = 60) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.unread = bytearray()
        self.stream = 1

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def frame(self) -> tuple[int, int, int, bytes]:
        """The next one: its stream, type, flags and body."""
        while True:
            if len(self.unread) >= HEADER.size:
                length, stream, kind, flags = HEADER.unpack_from(self.unread)
                end = HEADER.size + length
                if len(self.unread) >= end:
                    body = bytes(self.unread[HEADER.size : end])
                    del self.unread[:end]
                    return stream, kind, flags, body
            data = self.socket.recv(1 << 18)
            if not data:
                raise ConnectionError("the server closed the connection")
            self.unread += data

    def call(self, method: str, message: bytes = b"", service: str = "Retrieval") -> bytes:
        stream, self.stream = self.stream, self.stream + 2
        self.send(request(stream, method, message, service))
        while True:
            got, kind, _, body = self.frame()
            if got == stream and kind == RESPONSE:
                return payload(body)

    def close(self) -> None:
        self.socket.close()


def share(times: Sequence[float], part: float) -> float:
    """The time that this part of the sorted times stays within."""
    return times[min(len(times) - 1, int(len(times) * part))] if times else 0.0


def one_by_one(
    connection: Connection, requests: Sequence[tuple[str, bytes]], count: int
) -> list[float]:
    """The sorted times, in microseconds, of `count` calls one after the other."""
    times = []
    for number_ in range(count):
        method, message = requests[number_ % len(requests)]
        start = time.perf_counter()
        connection.call(method, message)
        times.append((time.perf_counter() - start) * 1e6)
    return sorted(times)
