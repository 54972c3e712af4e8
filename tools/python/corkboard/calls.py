"""The methods of corkboard.v1, as values: what is sent, and how the answer is read.

Both clients make their calls from these, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypedDict, TypeVar, Unpack

from google.protobuf.message import DecodeError, Message

from . import messages
from .answers import GetAnswer, SearchAnswer, get_answer, search_answer
from .errors import Code, CorkboardError
from .floats import Vectors, packed

Answer = TypeVar("Answer")
Wire = TypeVar("Wire", bound=Message)

RETRIEVAL = "corkboard.v1.Retrieval"
CONTROL = "corkboard.v1.Control"


class SearchOptions(TypedDict, total=False):
    """What a search may be asked for besides its queries and k."""

    effort: int
    """How thoroughly to search, in the index's own unit; by default what it was tuned to."""
    recall: float
    """The recall to aim at, above 0 and at most 1, instead of an effort."""
    allow: Iterable[str]
    """The only items that may be returned."""
    deny: Iterable[str]
    """Items that may not be returned."""
    min_score: float
    """The least score that a candidate may have."""
    min_generation: int
    """Refuse to answer from a generation older than this one."""


@dataclass(frozen=True)
class Call(Generic[Answer]):
    """A call that can be made."""

    service: str
    method: str
    payload: bytes
    decode: Callable[[bytes], Answer]
    is_stream: bool = False


def search(vectors: Vectors, k: int, **options: Unpack[SearchOptions]) -> Call[SearchAnswer]:
    dimension, floats = packed(vectors)
    return _call(
        "Search",
        lambda: messages.SearchRequest(
            dim=dimension, queries_f32le=floats, k=k, **_options(options)
        ),
        lambda data: search_answer(_decoded(messages.SearchResponse, data)),
    )


def related(
    item_ids: Sequence[str], k: int, **options: Unpack[SearchOptions]
) -> Call[SearchAnswer]:
    return _call(
        "Related",
        lambda: messages.RelatedRequest(item_ids=_ids(item_ids), k=k, **_options(options)),
        lambda data: search_answer(_decoded(messages.SearchResponse, data)),
    )


def recommend(
    items: Sequence[str] | Mapping[str, float],
    k: int,
    merged: bool,
    include_seen: bool,
    **options: Unpack[SearchOptions],
) -> Call[SearchAnswer]:
    modes = messages.RecommendRequest
    return _call(
        "Recommend",
        lambda: messages.RecommendRequest(
            item_ids=_ids(items),
            weights=items.values() if isinstance(items, Mapping) else None,
            k=k,
            mode=modes.MERGED if merged else modes.POOLED,
            include_seen=include_seen,
            **_options(options),
        ),
        lambda data: search_answer(_decoded(messages.SearchResponse, data)),
    )


def get(item_ids: Sequence[str], vectors: bool, summaries_only: bool) -> Call[GetAnswer]:
    return _call(
        "Get",
        lambda: messages.GetRequest(
            item_ids=_ids(item_ids), include_vectors=vectors, summaries_only=summaries_only
        ),
        lambda data: get_answer(_decoded(messages.GetResponse, data)),
    )


def info() -> Call[messages.InfoResponse]:
    return _call("Info", messages.InfoRequest, _decoder(messages.InfoResponse))


def health() -> Call[messages.HealthResponse]:
    return _call("Health", messages.HealthRequest, _decoder(messages.HealthResponse))


def stats() -> Call[messages.StatsResponse]:
    return _call("Stats", messages.StatsRequest, _decoder(messages.StatsResponse))


def generations() -> Call[messages.GenerationsResponse]:
    return _call("Generations", messages.GenerationsRequest, _decoder(messages.GenerationsResponse))


def publish(generation: int, force: bool) -> Call[messages.PublishResponse]:
    return _call(
        "Publish",
        lambda: messages.PublishRequest(generation=generation, force=force),
        _decoder(messages.PublishResponse),
        CONTROL,
    )


def rollback() -> Call[messages.PublishResponse]:
    return _call("Rollback", messages.RollbackRequest, _decoder(messages.PublishResponse), CONTROL)


def rebuild(
    index_kind: str, target_recall: float, publish: bool
) -> Call[messages.RebuildProgress]:
    return _call(
        "Rebuild",
        lambda: messages.RebuildRequest(
            index_kind=index_kind, target_recall=target_recall, no_publish=not publish
        ),
        _decoder(messages.RebuildProgress),
        CONTROL,
        is_stream=True,
    )


def cancel(stream_id: int) -> Call[messages.CancelResponse]:
    return _call(
        "Cancel",
        lambda: messages.CancelRequest(stream_id=stream_id),
        _decoder(messages.CancelResponse),
        CONTROL,
    )


def _call(
    method: str,
    request: Callable[[], Message],
    decode: Callable[[bytes], Answer],
    service: str = RETRIEVAL,
    is_stream: bool = False,
) -> Call[Answer]:
    try:
        payload = request().SerializeToString()
    except (TypeError, ValueError) as error:
        raise CorkboardError(
            Code.INVALID_ARGUMENT, f"this is no request for {method}: {error}"
        ) from None
    return Call(service, method, payload, decode, is_stream)


def _options(options: SearchOptions) -> dict[str, Any]:
    """The fields of a request that options are."""
    fields: dict[str, Any] = dict(options)
    unknown = fields.keys() - SearchOptions.__annotations__.keys()
    if unknown:
        raise TypeError(
            f"a search has no option {', '.join(sorted(unknown))}; "
            f"it has {', '.join(SearchOptions.__annotations__)}"
        )
    bounds = {"allow", "deny", "min_score"} & fields.keys()
    if bounds:
        bound = messages.Filter(min_score=fields.pop("min_score", None))
        for name in bounds - {"min_score"}:
            # Set even where it is empty: an `allow` of nothing allows nothing.
            getattr(bound, name).SetInParent()
            getattr(bound, name).item_ids.extend(_ids(fields.pop(name)))
        fields["filter"] = bound
    return fields


def _ids(item_ids: Iterable[str]) -> list[str]:
    if isinstance(item_ids, str):
        raise TypeError(f"{item_ids!r} is one item; give a list, such as [{item_ids!r}]")
    return list(item_ids)


def _decoder(kind: type[Wire]) -> Callable[[bytes], Wire]:
    return lambda data: _decoded(kind, data)


def _decoded(kind: type[Wire], data: bytes) -> Wire:
    try:
        return kind.FromString(data)
    except DecodeError as error:
        raise CorkboardError(
            Code.INTERNAL, f"the answer is no {kind.DESCRIPTOR.name}: {error}"
        ) from None
