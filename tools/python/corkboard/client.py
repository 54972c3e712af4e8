"""The synchronous client."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, TypeVar, Unpack

from . import calls, messages
from .answers import GetAnswer, SearchAnswer
from .calls import Call, SearchOptions
from .cancellation import Cancellation
from .connection import Connection, NotSent
from .deadline import Deadline
from .errors import closed, connection_lost, no_answer, no_response, unreachable
from .floats import Vectors
from .frames import Event
from .settings import Settings, checked_path

Answer = TypeVar("Answer")

# A timeout that is not given is the client's; None is no limit.
CLIENTS = float(-1)


class Client:
    """A client of corkboardd: one connection, any number of calls in flight on it.

    All methods may be called from any thread at any time. They raise ``CorkboardError``. Each takes
    ``timeout``, in seconds (by default the settings' one; None for no limit), and ``cancellation``.
    """

    def __init__(
        self, socket: str | os.PathLike[str], settings: Settings | None = None
    ) -> None:
        self.socket = checked_path(socket)
        self.settings = settings or Settings()
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._closed = threading.Event()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection; calls in flight fail."""
        self._closed.set()
        with self._lock:
            if self._connection is not None:
                self._connection.close()

    # Retrieval

    def search(
        self,
        vectors: Vectors,
        k: int = 10,
        *,
        timeout: float | None = CLIENTS,
        cancellation: Cancellation | None = None,
        **options: Unpack[SearchOptions],
    ) -> SearchAnswer:
        """The k items nearest to each vector; one vector, or a row each."""
        return self._call(calls.search(vectors, k, **options), timeout, cancellation)

    def related(
        self,
        item_ids: Sequence[str],
        k: int = 10,
        *,
        timeout: float | None = CLIENTS,
        cancellation: Cancellation | None = None,
        **options: Unpack[SearchOptions],
    ) -> SearchAnswer:
        """The k items nearest to each item, itself left out."""
        return self._call(calls.related(item_ids, k, **options), timeout, cancellation)

    def recommend(
        self,
        items: Sequence[str] | Mapping[str, float],
        k: int = 10,
        *,
        merged: bool = False,
        include_seen: bool = False,
        timeout: float | None = CLIENTS,
        cancellation: Cancellation | None = None,
        **options: Unpack[SearchOptions],
    ) -> SearchAnswer:
        """The k items for the user whose history these items are, with a weight each or without."""
        call = calls.recommend(items, k, merged, include_seen, **options)
        return self._call(call, timeout, cancellation)

    def get(
        self,
        item_ids: Sequence[str],
        *,
        vectors: bool = False,
        summaries_only: bool = False,
        timeout: float | None = CLIENTS,
        cancellation: Cancellation | None = None,
    ) -> GetAnswer:
        """What is known of the items, in their order."""
        call = calls.get(item_ids, vectors, summaries_only)
        return self._call(call, timeout, cancellation)

    def info(self, *, timeout: float | None = CLIENTS) -> messages.InfoResponse:
        """What is served, and within which limits."""
        return self._call(calls.info(), timeout)

    def health(self, *, timeout: float | None = CLIENTS) -> messages.HealthResponse:
        """Whether searches are answered, and if not, why."""
        return self._call(calls.health(), timeout)

    def stats(self, *, timeout: float | None = CLIENTS) -> messages.StatsResponse:
        """How the daemon has done since it started."""
        return self._call(calls.stats(), timeout)

    def generations(self, *, timeout: float | None = CLIENTS) -> messages.GenerationsResponse:
        """The generations in the workspace."""
        return self._call(calls.generations(), timeout)

    # Control

    def publish(
        self, generation: int, *, force: bool = False, timeout: float | None = CLIENTS
    ) -> messages.PublishResponse:
        """Serves a generation that has been built; with force even where its recall is worse."""
        return self._call(calls.publish(generation, force), timeout)

    def rollback(self, *, timeout: float | None = CLIENTS) -> messages.PublishResponse:
        """Serves the generation that is there before the published one."""
        return self._call(calls.rollback(), timeout)

    def rebuild(
        self,
        index_kind: str = "",
        *,
        target_recall: float = 0,
        publish: bool = True,
        timeout: float | None = None,
        cancellation: Cancellation | None = None,
    ) -> Iterator[messages.RebuildProgress]:
        """Builds a generation, and tells how far it is; begins when it is iterated.

        Whoever stops iterating before the end cancels it.
        """
        call = calls.rebuild(index_kind, target_recall, publish)
        return self._stream(call, timeout, cancellation)

    # How calls are made

    def _call(
        self,
        call: Call[Answer],
        timeout: float | None,
        cancellation: Cancellation | None = None,
    ) -> Answer:
        deadline = self._deadline(timeout)
        connection, stream_id, events = self._started(call, deadline)
        with (cancellation or Cancellation()).watching(lambda: connection.abandon(stream_id)):
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
    ) -> Iterator[Answer]:
        deadline = self._deadline(timeout)
        connection, stream_id, events = self._started(call, deadline)
        try:
            with (cancellation or Cancellation()).watching(lambda: connection.abandon(stream_id)):
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
        self, call: Call[Any], deadline: Deadline
    ) -> tuple[Connection, int, SimpleQueue[Event]]:
        """Sends a call, on a new connection and after a pause where one is lost before that."""
        pauses = self.settings.pauses()
        while True:
            try:
                connection = self._connected(deadline)
                return connection, *connection.start(call, deadline)
            except NotSent:
                failure = connection_lost(self.socket)
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
                self._connection = Connection(self.socket, self.settings, deadline)
            return self._connection

    def _deadline(self, timeout: float | None) -> Deadline:
        return Deadline(self.settings.timeout if timeout is CLIENTS else timeout)


