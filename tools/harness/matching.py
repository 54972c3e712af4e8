"""Clients that hold every answer to the generation that it names, byte for byte."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.publications import Publications, generation
from harness.wire import Connection, payload, request

WINDOW = 16


class Matching:
    """A client, a process of its own, that compares what it is answered with what it expects."""

    def __init__(self, path: str, messages: Sequence[bytes], expected: Sequence[set[bytes]]) -> None:
        self.path, self.messages, self.expected = path, messages, expected
        self.stop = multiprocessing.Event()
        self._result, self._sender = multiprocessing.Pipe(duplex=False)
        self._process = multiprocessing.Process(target=self._run, daemon=True)

    def start(self) -> None:
        self._process.start()
        self._sender.close()

    @property
    def is_well(self) -> bool:
        """Whether it still asks: it tells something before its end only where it has failed."""
        return self._process.is_alive() and not self._result.poll()

    def end(self, patience: float = 120) -> tuple[str, Any]:
        """Has it end: why it failed, empty where it did not, and what it has found."""
        self.stop.set()
        failure, found = "it did not end", self.nothing()
        try:
            if self._result.poll(patience):
                failure, found = self._result.recv()
        except EOFError:
            failure = "it died"
        self._process.kill()
        self._process.join()
        return failure and f"{type(self).__name__}: {failure}", found

    def nothing(self) -> Any:
        """What it has found before it asks."""

    def ask(self, connection: Connection, found: Any) -> None:
        """Asks until it is to stop, and adds to what it has found."""
        raise NotImplementedError

    def compare(self, answer: bytes, query: int) -> None:
        if answer not in self.expected[query]:
            raise AssertionError(f"an answer of generation {generation(answer)} is not its own")

    def _run(self) -> None:
        failure, found = "", self.nothing()
        try:
            self.ask(Connection(self.path), found)
        except Exception as error:  # noqa: BLE001 - whatever it is, the run has failed
            failure = repr(error)
        self._sender.send((failure, found))


class Pipelined(Matching):
    """Keeps calls in flight, for queries at random."""

    def __init__(self, *arguments: Any, seed: int) -> None:
        super().__init__(*arguments)
        self.seed = seed
        self.answered = multiprocessing.Value("q", 0, lock=False)

    def ask(self, connection: Connection, found: Any) -> None:
        generator, stream = random.Random(self.seed), 1
        asked: dict[int, int] = {}
        while True:
            out = b""
            while len(asked) < WINDOW and not self.stop.is_set():
                asked[stream] = query = generator.randrange(len(self.messages))
                out += request(stream, "Search", self.messages[query])
                stream += 2
            connection.send(out)
            if not asked:
                break
            at, _, _, body = connection.frame()
            self.compare(payload(body), asked.pop(at))
            self.answered.value += 1


@dataclass
class Times:
    """What a client with one call in flight has found."""

    # In microseconds.
    quiet: list[float] = field(default_factory=list)
    during: list[float] = field(default_factory=list)
    # Answers that only one generation may have given, by which the check is worth something.
    of_one: int = 0


class OneByOne(Matching):
    """Has one call in flight; keeps its times, and holds answers to what is served, too."""

    def __init__(self, *arguments: Any, publications: Publications) -> None:
        super().__init__(*arguments)
        self.publications = publications
        self.swapping = multiprocessing.Event()

    def nothing(self) -> Times:
        return Times()

    def ask(self, connection: Connection, found: Times) -> None:
        query = 0
        while not self.stop.is_set():
            query = (query + 1) % len(self.messages)
            times = found.during if self.swapping.is_set() else found.quiet
            first = self.publications.confirmed.value
            start = time.perf_counter()
            answer = connection.call("Search", self.messages[query])
            times.append((time.perf_counter() - start) * 1e6)
            self.compare(answer, query)
            found.of_one += self.publications.check(answer, first) == 1
