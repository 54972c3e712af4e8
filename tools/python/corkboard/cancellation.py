"""Ending calls of the synchronous client from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Cancellation:
    """Ends the calls that it is given to.

        stop = Cancellation()
        threading.Timer(1.0, stop.cancel).start()
        client.search(vectors, k=10, cancellation=stop)    # raises CANCELLED after a second

    The server is asked to stop working on them (Control/Cancel). With ``AsyncClient`` the task is
    cancelled instead, as anywhere in asyncio.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._ends: list[Callable[[], None]] = []

    @property
    def is_cancelled(self) -> bool:
        return self._is_cancelled

    def cancel(self) -> None:
        """Ends the calls in flight, and every later one at once."""
        with self._lock:
            self._is_cancelled = True
            ends, self._ends = self._ends, []
        for end in ends:
            end()

    @contextmanager
    def watching(self, end: Callable[[], None]) -> Iterator[None]:
        """Sees to it that `end` is called where it is cancelled meanwhile, or has been before."""
        with self._lock:
            is_late = self._is_cancelled
            if not is_late:
                self._ends.append(end)
        if is_late:
            end()
        try:
            yield
        finally:
            with self._lock:
                if end in self._ends:
                    self._ends.remove(end)
