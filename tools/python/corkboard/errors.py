"""Why a call has no answer."""

from __future__ import annotations

import os
from enum import IntEnum


class Code(IntEnum):
    """The outcome of a call: the codes of gRPC, with their numbers."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16

    @classmethod
    def of(cls, number: int) -> Code:
        """The code of this number; gRPC asks that one of no name be taken for UNKNOWN."""
        try:
            return cls(number)
        except ValueError:
            return cls.UNKNOWN


class CorkboardError(Exception):
    """The server's own words, or the reason why it was not reached."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.message} ({self.code.name})"


def connection_lost(socket: str) -> CorkboardError:
    return CorkboardError(
        Code.UNAVAILABLE,
        f"the server closed the connection at {socket} before it answered; "
        "call again, and see the log of corkboardd if that does not help",
    )


def turned_away(socket: str) -> CorkboardError:
    """A server closes the connection of one whom it does not want without a word."""
    return CorkboardError(
        Code.UNAVAILABLE,
        f"the server closed the connection at {socket} before it answered anything: it may not let "
        f"user {os.geteuid()} in (allow_users, allow_groups), may have as many connections as it "
        "takes (connections), or has ended; see the log of corkboardd, or ask whoever runs it",
    )


def lost(socket: str, has_heard: bool) -> CorkboardError:
    """What becomes of the calls of a connection that is gone, by whether it ever said anything."""
    return connection_lost(socket) if has_heard else turned_away(socket)


def no_answer(socket: str) -> CorkboardError:
    return CorkboardError(
        Code.DEADLINE_EXCEEDED,
        f"the server at {socket} did not answer in time; allow it more (timeout=SECONDS)",
    )


def unreachable(socket: str, cause: OSError) -> CorkboardError:
    return CorkboardError(
        Code.UNAVAILABLE,
        f"cannot connect to {socket}: {cause.strerror or cause}; is corkboardd running? "
        f"start it with: corkboardd -w WORKSPACE --socket {socket}",
    )


def no_response(socket: str) -> CorkboardError:
    return CorkboardError(
        Code.INTERNAL,
        f"the server at {socket} sent data where one response was due; is it corkboardd?",
    )


def closed() -> CorkboardError:
    return CorkboardError(Code.CANCELLED, "the client is closed; make a new one")


def cancelled() -> CorkboardError:
    return CorkboardError(Code.CANCELLED, "the call was cancelled")
