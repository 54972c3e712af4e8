"""Clients that ask without end, each a process of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection as PipeConnection

from harness.outcome import Outcome
from harness.wire import CallFailed, Connection, payload, request, share


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
        # Of a pipe, whose end tells that the process has died, where a queue would have us wait.
        self._result, sender = multiprocessing.Pipe(duplex=False)
        self._answered = multiprocessing.Value("q", 0, lock=False)
        self._process = multiprocessing.Process(
            target=self._run,
            args=(sender, path, messages, window, pause, period, method),
            daemon=True,
        )
        self._process.start()
        sender.close()

    @property
    def answered(self) -> int:
        """How many calls have been answered by now."""
        return int(self._answered.value)

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive() and not self._result.poll()

    def kill(self) -> None:
        """Ends it in the middle of its calls."""
        self._process.kill()
        self._process.join()
        self._result.close()

    def stop(self) -> Outcome:
        """Lets it end, and tells what became of its calls."""
        self._stop.set()
        return self.outcome()

    def outcome(self) -> Outcome:
        """Waits for its end, and tells what became of its calls."""
        try:
            result: Outcome = self._result.recv()
        except EOFError:
            result = Outcome(wrong=["a client died before it told what became of its calls"])
        self._result.close()
        self._process.join()
        return result

    def _run(
        self,
        sender: PipeConnection,
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
        except Exception as error:  # noqa: BLE001 - an answer that nobody asked for, say
            outcome.wrong.append(f"{error!r}")
        outcome.lost = len(asked)
        outcome.periods.append(_summary(times))
        sender.send(outcome)


def _summary(times: list[float]) -> tuple[int, float, float]:
    times.sort()
    return len(times), round(share(times, 0.5), 1), round(share(times, 0.99), 1)


def answering(clients: Sequence[Client], patience: float = 60) -> None:
    """Waits until each of the clients has been answered; ends the program where one is not."""
    end = time.monotonic() + patience
    while waiting := [client for client in clients if not client.answered]:
        for client in waiting:
            if not client.is_alive and not client.answered:
                raise SystemExit(f"a client ended before it was answered: {client.outcome()}")
        if time.monotonic() > end:
            raise SystemExit(f"{len(waiting)} clients were not answered within {patience:.0f} s")
        time.sleep(0.001)
