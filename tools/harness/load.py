"""Clients that ask without end, each a process of its own, and what became of their calls."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.wire import CallFailed, Connection, payload, request, share


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
    # For each period: answers, and the p50 and p99 of their times in microseconds.
    periods: list[tuple[int, float, float]] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.answered += other.answered
        self.lost += other.lost
        self.ends += other.ends
        self.periods += other.periods
        for code, count in other.refused.items():
            self.refused[code] = self.refused.get(code, 0) + count


class Client:
    """Keeps `window` calls of a method in flight on a connection of its own, with a pause after each.

    It ends when it is told to, after the answers to what it has sent, or with its connection.
    """

    def __init__(
        self,
        path: str,
        messages: Sequence[bytes],
        window: int = 1,
        pause: float = 0,
        period: float = 10,
        method: str = "Search",
    ) -> None:
        self._stop = multiprocessing.Event()
        self._results: Any = multiprocessing.SimpleQueue()
        self._answered = multiprocessing.Value("q", 0, lock=False)
        self._process = multiprocessing.Process(
            target=self._run, args=(path, messages, window, pause, period, method), daemon=True
        )
        self._process.start()

    @property
    def answered(self) -> int:
        """How many calls have been answered by now."""
        return int(self._answered.value)

    def kill(self) -> None:
        """Ends it in the middle of its calls."""
        self._process.kill()
        self._process.join()

    def stop(self) -> Outcome:
        """Lets it end, and tells what became of its calls."""
        self._stop.set()
        return self.outcome()

    def outcome(self) -> Outcome:
        """Waits for its end, and tells what became of its calls."""
        result: Outcome = self._results.get()
        self._process.join()
        return result

    def _run(
        self,
        path: str,
        messages: Sequence[bytes],
        window: int,
        pause: float,
        period: float,
        method: str,
    ) -> None:
        outcome = Outcome()
        asked: dict[int, float] = {}
        times: list[float] = []
        stream, is_open, end = 1, True, time.monotonic() + period
        try:
            connection = Connection(path)
            while True:
                while is_open and len(asked) < window and not self._stop.is_set():
                    message = messages[stream // 2 % len(messages)]
                    asked[stream] = time.perf_counter()
                    try:
                        connection.send(request(stream, method, message))
                    except BrokenPipeError:
                        # The daemon takes no more; of this call it has nothing, or a part.
                        del asked[stream]
                        is_open = False
                        outcome.ends.append("no more is taken")
                    stream += 2
                if not asked:
                    break
                at, _, _, body = connection.frame()
                times.append((time.perf_counter() - asked.pop(at)) * 1e6)
                try:
                    payload(body)
                    outcome.answered += 1
                    self._answered.value = outcome.answered
                except CallFailed as error:
                    outcome.refused[error.code] = outcome.refused.get(error.code, 0) + 1
                if pause:
                    time.sleep(pause)
                if time.monotonic() >= end:
                    outcome.periods.append(_summary(times))
                    times, end = [], time.monotonic() + period
        except OSError as error:
            outcome.ends.append(f"{error!r}")
        outcome.lost = len(asked)
        outcome.periods.append(_summary(times))
        self._results.put(outcome)


def _summary(times: list[float]) -> tuple[int, float, float]:
    times.sort()
    return len(times), round(share(times, 0.5), 1), round(share(times, 0.99), 1)


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """The sum of some clients' outcomes."""
    total = Outcome()
    for outcome in outcomes:
        total.add(outcome)
    return total
