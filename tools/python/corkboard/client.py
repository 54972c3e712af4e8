"""The synchronous client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Unpack

from . import calls, messages
from .answers import GetAnswer, SearchAnswer
from .caller import Caller
from .calls import SearchOptions
from .cancellation import Cancellation
from .floats import Vectors
from .settings import CLIENTS


class Client(Caller):
    """A client of corkboardd: one connection, any number of calls in flight on it.

    All methods may be called from any thread at any time. They raise ``CorkboardError``. Each takes
    ``timeout``, in seconds (by default the settings' one; None for no limit), and ``cancellation``.
    """

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
