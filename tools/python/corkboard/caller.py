"""How the synchronous client makes its calls."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar

from .calls import Call
from .cancellation import Cancellation
from .connection import Connection, NotSent
from .deadline import Deadline
from .errors import cancelled, closed, no_answer, no_response, unreachable
from .frames import Event
from .settings import CLIENTS, Settings, checked_path

Answer = TypeVar("Answer")


class Caller:
    """One connection, made when it is wanted, and again where it was lost."""

    def __init__(
        self, socket: str | os.PathLike[str], settings: Settings | None = None
    ) -> None:
        self.socket = checked_path(socket)
        self.settings = settings or Settings()
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        # Those before it on which calls may still be answered.
        self._replaced: list[Connection] = []
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection, and those that it replaced; calls in flight fail."""
        self._closed.set()
        with self._lock:
            for connection in (*self._replaced, self._connection):
                if connection is not None and connection.is_open:
                    connection.close()

    def _call(
        self,
        call: Call[Answer],
        timeout: float | None,
        cancellation: Cancellation | None = None,
    ) -> Answer:
        deadline = self._deadline(timeout)
        cancellation = cancellation or Cancellation()
        connection, stream_id, events = self._started(call, deadline, cancellation)
        with cancellation.watching(lambda: connection.abandon(stream_id)):
            event = self._next(events, deadline, connection, stream_id)
        if not event.is_response or event.message is None:
            connection.forget(stream_id)
            raise no_response(self.socket)
        return call.decode(event.message)

    def _stream(
        self,
        call: Call[Answer],
        timeout: float | None,
        cancellation: Cancellation | None,
    ) -> Generator[Answer, None, None]:
        deadline = self._deadline(timeout)
        cancellation = cancellation or Cancellation()
        connection, stream_id, events = self._started(call, deadline, cancellation)
        try:
            with cancellation.watching(lambda: connection.abandon(stream_id)):
                while True:
                    event = self._next(events, deadline, connection, stream_id)
                    if event.message is not None:
                        yield call.decode(event.message)
                    if event.is_end:
                        return
        finally:
            connection.abandon(stream_id)  # nothing where it has ended

    def _next(
        self,
        events: SimpleQueue[Event],
        deadline: Deadline,
        connection: Connection,
        stream_id: int,
    ) -> Event:
        try:
            event = events.get(timeout=deadline.left)
        except Empty:
            connection.forget(stream_id)  # the server ends it by itself
            raise no_answer(self.socket) from None
        if event.error is not None:
            raise event.error
        return event

    def _started(
        self, call: Call[Any], deadline: Deadline, cancellation: Cancellation
    ) -> tuple[Connection, int, SimpleQueue[Event]]:
        """Sends a call, on a new connection and after a pause where one is lost before that."""
        pauses = self.settings.pauses()
        while True:
            if cancellation.is_cancelled:
                raise cancelled()  # never sent: an answer could come before the end
            try:
                connection = self._connected(deadline)
                return connection, *connection.start(call, deadline)
            except NotSent as error:
                failure = error.loss
            except OSError as error:
                failure = unreachable(self.socket, error)
            pause = next(pauses, None)
            if pause is None or not deadline.leaves(pause) or self._closed.wait(pause):
                raise failure

    def _connected(self, deadline: Deadline) -> Connection:
        with self._lock:
            if self._closed.is_set():
                raise closed()
            if deadline.has_passed:
                raise no_answer(self.socket)
            if self._connection is None or not self._connection.is_usable:
                replaced = self._connection
                self._connection = Connection(self.socket, self.settings, deadline)
                if replaced is not None:
                    self._replaced = [one for one in (*self._replaced, replaced) if one.is_open]
            return self._connection

    def _deadline(self, timeout: float | None) -> Deadline:
        return Deadline(self.settings.timeout if timeout is CLIENTS else timeout)


