"""The client for asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Unpack

from . import calls, messages
from .aio_caller import AsyncCaller
from .answers import GetAnswer, SearchAnswer
from .calls import SearchOptions
from .floats import Vectors
from .settings import CLIENTS


class AsyncClient(AsyncCaller):
    """``Client``, with methods to be awaited, for the tasks of one event loop.

    A task that is cancelled while it waits cancels its call.
    """

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
