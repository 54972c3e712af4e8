"""What became of the calls of clients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What became of the calls of one client, or of several."""

    answered: int = 0
    # By status code.
    refused: dict[int, int] = field(default_factory=dict)
    # Sent whole, and never answered.
    lost: int = 0
    # What ended the connection before the client did.
    ends: list[str] = field(default_factory=list)
    # What ended the client, and no daemon may do, even one that dies.
    wrong: list[str] = field(default_factory=list)
    # For each period: answers, and the p50 and p99 of their times in microseconds.
    periods: list[tuple[int, float, float]] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.answered += other.answered
        self.lost += other.lost
        self.ends += other.ends
        self.wrong += other.wrong
        self.periods += other.periods
        for code, count in other.refused.items():
            self.refused[code] = self.refused.get(code, 0) + count


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """The sum of some clients' outcomes."""
    total = Outcome()
    for outcome in outcomes:
        total.add(outcome)
    return total
