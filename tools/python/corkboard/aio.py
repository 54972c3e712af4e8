"""The client for asyncio."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Any, TypeVar, Unpack

from . import calls, messages
from .aio_connection import AsyncConnection
from .answers import GetAnswer, SearchAnswer
from .calls import Call, SearchOptions
from .client import CLIENTS
from .connection import NotSent
from .deadline import Deadline
from .errors import closed, connection_lost, no_answer, no_response, unreachable
from .floats import Vectors
from .frames import Event
from .settings import Settings, checked_path

Answer = TypeVar("Answer")


class AsyncClient:
    """``Client``, with methods to be awaited, for the tasks of one event loop.

    A task that is cancelled while it waits cancels its call.
    """

    def __init__(
        self, socket: str | os.PathLike[str], settings: Settings | None = None
    ) -> None:
        self.socket = checked_path(socket)
        self.settings = settings or Settings()
        self._lock = asyncio.Lock()
        self._connection: AsyncConnection | None = None
        self._is_closed = False

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connection; calls in flight fail."""
        self._is_closed = True
        if self._connection is not None:
            await self._connection.close()

    # Retrieval

    async def search(
        self,
        vectors: Vectors,
        k: int = 10,
        *,
        timeout: float | None = CLIENTS,
        **options: Unpack[SearchOptions],
    ) -> SearchAnswer:
        """The k items nearest to each vector; one vector, or a row each."""
        return await self._call(calls.search(vectors, k, **options), timeout)

    async def related(
        self,
        item_ids: Sequence[str],
        k: int = 10,
        *,
        timeout: float | None = CLIENTS,
        **options: Unpack[SearchOptions],
    ) -> SearchAnswer:
        """The k items nearest to each item, itself left out."""
        return await self._call(calls.related(item_ids, k, **options), timeout)

    async def recommend(
        self,
        items: Sequence[str] | Mapping[str, float],
        k: int = 10,
        *,
        merged: bool = False,
        include_seen: bool = False,
        timeout: float | None = CLIENTS,
        **options: Unpack[SearchOptions],
    ) -> SearchAnswer:
        """The k items for the user whose history these items are, with a weight each or without."""
        call = calls.recommend(items, k, merged, include_seen, **options)
        return await self._call(call, timeout)

    async def get(
        self,
        item_ids: Sequence[str],
        *,
        vectors: bool = False,
        summaries_only: bool = False,
        timeout: float | None = CLIENTS,
    ) -> GetAnswer:
        """What is known of the items, in their order."""
        return await self._call(calls.get(item_ids, vectors, summaries_only), timeout)

    async def info(self, *, timeout: float | None = CLIENTS) -> messages.InfoResponse:
        """What is served, and within which limits."""
        return await self._call(calls.info(), timeout)

    async def health(self, *, timeout: float | None = CLIENTS) -> messages.HealthResponse:
        """Whether searches are answered, and if not, why."""
        return await self._call(calls.health(), timeout)

    async def stats(self, *, timeout: float | None = CLIENTS) -> messages.StatsResponse:
        """How the daemon has done since it started."""
        return await self._call(calls.stats(), timeout)

    async def generations(
        self, *, timeout: float | None = CLIENTS
    ) -> messages.GenerationsResponse:
        """The generations in the workspace."""
        return await self._call(calls.generations(), timeout)

    # Control

    async def publish(
        self, generation: int, *, force: bool = False, timeout: float | None = CLIENTS
    ) -> messages.PublishResponse:
        """Serves a generation that has been built; with force even where its recall is worse."""
        return await self._call(calls.publish(generation, force), timeout)

    async def rollback(self, *, timeout: float | None = CLIENTS) -> messages.PublishResponse:
        """Serves the generation that is there before the published one."""
        return await self._call(calls.rollback(), timeout)

    def rebuild(
        self,
        index_kind: str = "",
        *,
        target_recall: float = 0,
        publish: bool = True,
        timeout: float | None = None,
    ) -> AsyncIterator[messages.RebuildProgress]:
        """Builds a generation, and tells how far it is; begins when it is iterated.

        It is cancelled with the task that iterates, or by closing the iterator (aclose()).
        """
        return self._stream(calls.rebuild(index_kind, target_recall, publish), timeout)

    # How calls are made

    async def _call(self, call: Call[Answer], timeout: float | None) -> Answer:
        deadline = self._deadline(timeout)
        connection, stream_id, events = await self._started(call, deadline)
        try:
            event = await self._next(events, deadline)
        finally:
            connection.abandon(stream_id)  # nothing where it has ended
        if not event.is_response or event.message is None:
            raise no_response(self.socket)
        return call.decode(event.message)

    async def _stream(
        self, call: Call[Answer], timeout: float | None
    ) -> AsyncIterator[Answer]:
        deadline = self._deadline(timeout)
        connection, stream_id, events = await self._started(call, deadline)
        try:
            while True:
                event = await self._next(events, deadline)
                if event.message is not None:
                    yield call.decode(event.message)
                if event.is_end:
                    return
        finally:
            connection.abandon(stream_id)

    async def _next(self, events: asyncio.Queue[Event], deadline: Deadline) -> Event:
        try:
            async with asyncio.timeout(deadline.left):
                event = await events.get()
        except TimeoutError:
            raise no_answer(self.socket) from None
        if event.error is not None:
            raise event.error
        return event

    async def _started(
        self, call: Call[Any], deadline: Deadline
    ) -> tuple[AsyncConnection, int, asyncio.Queue[Event]]:
        """Sends a call, on a new connection and after a pause where one is lost before that."""
        pauses = self.settings.pauses()
        while True:
            try:
                async with asyncio.timeout(deadline.left):
                    connection = await self._connected()
                    return connection, *await connection.start(call, deadline)
            except NotSent:
                failure = connection_lost(self.socket)
            except TimeoutError:
                raise no_answer(self.socket) from None
            except OSError as error:
                failure = unreachable(self.socket, error)
            pause = next(pauses, None)
            if pause is None or not deadline.leaves(pause) or self._is_closed:
                raise failure
            await asyncio.sleep(pause)

    async def _connected(self) -> AsyncConnection:
        async with self._lock:
            if self._is_closed:
                raise closed()
            if self._connection is None or not self._connection.is_usable:
                self._connection = await AsyncConnection.open(self.socket, self.settings)
            return self._connection

    def _deadline(self, timeout: float | None) -> Deadline:
        return Deadline(self.settings.timeout if timeout is CLIENTS else timeout)
