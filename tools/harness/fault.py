"""What the programs in tools/faults share: their options, a daemon to harm, and a verdict."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from harness.daemon import Daemon
from harness.outcome import Outcome
from harness.wire import search
from harness.workspace import generations, vectors

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
DIMENSION = 32


def parser(description: str | None) -> argparse.ArgumentParser:
    """A parser of the options that all have."""
    options = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--binaries", default=os.path.join(ROOT, ".build/release"))
    return options


class Served:
    """A workspace of some generations, and a daemon over it, which is yet to be started."""

    def __init__(self, given: argparse.Namespace, folder: str, count: int, **daemon: Any) -> None:
        self.folder = folder
        self.corkboard = os.path.join(given.binaries, "corkboard")
        self.workspace = os.path.join(folder, "w")
        seeds = range(given.seed, given.seed + count)
        self.numbers = generations(self.corkboard, self.workspace, 20_000, DIMENSION, seeds)
        program = os.path.join(given.binaries, "corkboardd")
        self.daemon = Daemon(program, self.workspace, folder, **daemon)


@contextmanager
def served(given: argparse.Namespace, count: int = 1, **daemon: Any) -> Iterator[Served]:
    """A daemon over `count` generations, which does not outlive the harness."""
    with tempfile.TemporaryDirectory(prefix="cork-fault-") as folder:
        all_of_it = Served(given, folder, count, **daemon)
        try:
            yield all_of_it
        finally:
            all_of_it.daemon.end_for_sure()


def searches(seed: int, count: int = 300, k: int = 10) -> list[bytes]:
    """Requests of one query each."""
    return [search(vector, k) for vector in vectors(count, DIMENSION, seed + 100)]


def batch(
    seed: int, count: int, k: int, effort: int = 0, dimension: int = DIMENSION
) -> bytes:
    """A request of many queries, which takes long."""
    rows = vectors(count, dimension, seed + 200)
    return search([value for row in rows for value in row], k, dimension, effort)


def tenths(values: Sequence[float]) -> list[float]:
    """The first of the values, and one at the end of each tenth."""
    return [round(values[(len(values) - 1) * tenth // 10], 1) for tenth in range(11)]


def trouble(calls: Outcome, exit_code: int) -> list[str]:
    """What is wrong where no call was to fail and the daemon was to end well."""
    found = []
    if calls.lost or calls.refused or calls.ends:
        found.append(f"calls failed: {calls.lost} lost, {calls.refused}, {calls.ends}")
    found += calls.wrong
    if exit_code != 0:
        found.append(f"corkboardd ended with exit code {exit_code}")
    return found


def verdict(result: dict[str, Any], failures: Sequence[str]) -> NoReturn:
    """Prints what was measured and what was not as it should be, and ends the program."""
    print(json.dumps({**result, "failures": list(failures)}, indent=1))
    sys.exit(1 if failures else 0)
