"""When a call has to be over."""

from __future__ import annotations

import math
import time

# What poll(2) can wait for, and some more than an hour, which is the longest call of any server.
LONGEST = 1e6


class Deadline:
    """So many seconds from now, by a clock that nobody sets; None for never."""

    def __init__(self, timeout: float | None) -> None:
        if timeout is not None and math.isnan(timeout):
            raise ValueError("a timeout must be a number of seconds, or None for no limit")
        self._end = None if timeout is None else time.monotonic() + min(timeout, LONGEST)

    @property
    def left(self) -> float | None:
        """The seconds left, 0 where it has passed; None for ever."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    @property
    def has_passed(self) -> bool:
        return self._end is not None and time.monotonic() >= self._end

    def leaves(self, pause: float) -> bool:
        """Whether there is time for a pause and something after it."""
        left = self.left
        return left is None or left > pause
