"""What searches and items come to, in Python's own types."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import Code, CorkboardError
from .floats import unpacked
from .messages import GetResponse, SearchResponse

if TYPE_CHECKING:
    import numpy


class Candidate(NamedTuple):
    """An item that a search returns."""

    item_id: str
    score: float
    """Larger is nearer."""


@dataclass(frozen=True)
class SearchAnswer:
    """What one search request came to; all of it from one generation."""

    generation: int
    embedding_version: int
    candidates: list[list[Candidate]]
    """For each query its candidates, best first; Recommend has one query."""
    found: list[bool]
    """For each item asked for whether it is known; empty for vectors."""
    is_partial: bool
    """Whether the time ran out before every query was searched as thoroughly as asked for."""
    effort: int
    """The effort that was made, in the index's own unit."""
    expected_recall: float | None
    """The recall that was measured with this effort, where it was."""

    @property
    def item_ids(self) -> list[list[str]]:
        """For each query the ids of its candidates."""
        return [[candidate.item_id for candidate in each] for each in self.candidates]

    def scores(self) -> numpy.ndarray[Any, Any]:
        """The scores as a numpy array, a row a query; NaN where a query has fewer than others."""
        import numpy

        width = max(map(len, self.candidates), default=0)
        scores = numpy.full((len(self.candidates), width), numpy.nan, dtype=numpy.float32)
        for row, candidates in enumerate(self.candidates):
            scores[row, : len(candidates)] = [candidate.score for candidate in candidates]
        return scores


@dataclass(frozen=True)
class Item:
    """What is known of an item."""

    id: str
    found: bool
    text: str = ""
    summary: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    vector: array[float] | None = None
    """Its embedding; numpy.asarray takes it without a copy."""


@dataclass(frozen=True)
class GetAnswer:
    """What is known of items, in the order in which they were asked for."""

    generation: int
    embedding_version: int
    dimension: int
    items: list[Item]

    def vectors(self) -> numpy.ndarray[Any, Any]:
        """The embeddings as a numpy array, a row an item; NaN where an item has none."""
        import numpy

        rows = numpy.full((len(self.items), self.dimension), numpy.nan, dtype=numpy.float32)
        for row, item in enumerate(self.items):
            if item.vector is not None:
                rows[row] = item.vector
        return rows


def search_answer(message: SearchResponse) -> SearchAnswer:
    scores = unpacked(message.scores_f32le)
    if not len(scores) == len(message.item_ids) == sum(message.counts):
        raise CorkboardError(
            Code.INTERNAL,
            f"the server's answer contradicts itself: {sum(message.counts)} candidates, "
            f"{len(message.item_ids)} ids, {len(scores)} scores",
        )
    pairs = map(Candidate, message.item_ids, scores)
    return SearchAnswer(
        generation=message.generation,
        embedding_version=message.embedding_version,
        candidates=[[next(pairs) for _ in range(count)] for count in message.counts],
        found=list(message.found),
        is_partial=message.partial,
        effort=message.effort,
        expected_recall=message.expected_recall or None,
    )


def get_answer(message: GetResponse) -> GetAnswer:
    return GetAnswer(
        generation=message.generation,
        embedding_version=message.embedding_version,
        dimension=message.dim,
        items=[
            Item(
                id=item.id,
                found=item.found,
                text=item.text,
                summary=item.summary,
                fields={field.name: list(field.values) for field in item.fields},
                vector=unpacked(item.vector_f32le) if item.vector_f32le else None,
            )
            for item in message.items
        ],
    )
