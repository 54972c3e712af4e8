"""What goes on beside a harness."""

from __future__ import annotations

import threading


class Background(threading.Thread):
    """Work on a thread of its own, until it is over; what ended it before is kept."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        # Empty where all went well.
        self.failure = ""

    def work(self) -> None:
        """Works until `over` is set."""
        raise NotImplementedError

    def run(self) -> None:
        try:
            self.work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the run has failed
            self.failure = f"{type(self).__name__}: {error!r}"

    def end(self) -> None:
        """Has it end, and waits for that."""
        self.over.set()
        self.join()
