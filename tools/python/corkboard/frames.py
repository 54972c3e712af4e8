"""Frames of ttrpc 1.2: a header of ten bytes, and a body.

    | length | stream id | type | flags | body ...
      u32 BE   u32 BE      u8     u8
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import DecodeError

from .calls import Call
from .errors import Code, CorkboardError
from .messages import Request, Response

HEADER = struct.Struct(">IIBB")
MAXIMUM_BODY = 4 << 20
# From this stream id on a new connection is used (rule D8 of docs/wire.md).
RETIREMENT_ID = 0x7FFF_FFFF

# The most nanoseconds that a request can carry and a float can name.
LONGEST_TIMEOUT = float((1 << 63) - 1024)

REQUEST, RESPONSE, DATA = 1, 2, 3
REMOTE_CLOSED, NO_DATA = 1, 4


@dataclass(frozen=True)
class Event:
    """What a frame tells the call of its stream: a message, an end, or both."""

    message: bytes | None
    error: CorkboardError | None = None
    is_end: bool = True
    is_response: bool = False


def request(call: Call[Any], stream_id: int, timeout: float | None) -> bytes:
    """The frame that asks for `call`, which has `timeout` seconds left."""
    envelope = Request(service=call.service, method=call.method, payload=call.payload)
    if timeout is not None:
        # 0 would stand for ever.
        envelope.timeout_nano = int(min(max(1.0, timeout * 1e9), LONGEST_TIMEOUT))
    body = envelope.SerializeToString()
    if len(body) > MAXIMUM_BODY:
        raise CorkboardError(
            Code.RESOURCE_EXHAUSTED,
            f"message length {len(body)} exceed maximum message size of {MAXIMUM_BODY}; "
            "ask for less at a time",
        )
    flags = REMOTE_CLOSED if call.is_stream else 0
    return HEADER.pack(len(body), stream_id, REQUEST, flags) + body


def parse_header(header: bytes) -> tuple[int, int, int, int]:
    """Length, stream id, type and flags."""
    length, stream_id, kind, flags = HEADER.unpack(header)
    if length > MAXIMUM_BODY:
        raise CorkboardError(
            Code.INTERNAL,
            f"the server announces a frame of {length} bytes, which no ttrpc server sends; "
            "is it corkboardd that listens?",
        )
    return length, stream_id, kind, flags


def event(kind: int, flags: int, body: bytes) -> Event | None:
    """What a frame from the server says; None for what is to be ignored."""
    if kind == RESPONSE:
        return _response(body)
    if kind == DATA:
        message = None if flags & NO_DATA else body
        is_end = bool(flags & REMOTE_CLOSED)
        # An end without a payload needs no message, whether the flag says so or not.
        if is_end and not body:
            message = None
        return Event(message, is_end=is_end)
    return None


def _response(body: bytes) -> Event:
    try:
        response = Response.FromString(body)
    except DecodeError as error:
        return Event(None, CorkboardError(Code.INTERNAL, f"the response is no message: {error}"))
    if response.HasField("status") and response.status.code != 0:
        code = Code.of(response.status.code)
        return Event(None, CorkboardError(code, response.status.message))
    return Event(response.payload, is_response=True)
