"""What is served while one generation is published after the other."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence

from harness.wire import Connection, fields, number


def generation(answer: bytes) -> int:
    """The generation that an answer names."""
    return next((value for field, value in fields(answer) if field == 1), 0)


class Publications:
    """What is served, as far as the one who publishes knows, for the processes that ask.

    Publications are counted: from when one is asked for its generation may answer, and from when it
    is confirmed none before it may.
    """

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        # The last one was published in quiet.
        self.asked_for = multiprocessing.Value("q", len(numbers), lock=False)
        self.confirmed = multiprocessing.Value("q", len(numbers), lock=False)

    def publish(self, admin: Connection) -> None:
        """Publishes the next generation."""
        self.asked_for.value += 1
        admin.call("Publish", number(1, self.of(self.asked_for.value)), "Control")
        self.confirmed.value = self.asked_for.value

    def of(self, publication: int) -> int:
        return self.numbers[(publication - 1) % len(self.numbers)]

    def check(self, answer: bytes, first: int) -> int:
        """Holds `answer` to the generations served since `first` was confirmed; gives how many."""
        last = self.asked_for.value
        possible = {self.of(publication) for publication in range(first, last + 1)}
        if generation(answer) not in possible:
            raise AssertionError(
                f"an answer of generation {generation(answer)}, where only {possible} were served"
            )
        return len(possible)
