"""A small trained workspace, its daemon and the command line, for those who kill them."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager
from typing import Any

from harness.daemon import Daemon
from harness.wire import Connection, fields, number, text
from harness.workspace import corkboard

ITEMS, CONTEXTS = 1000, 2000


class Wrong(Exception):
    """What was not as it should be after a death."""


class Trained:
    """A trained workspace of two generations, its daemon, and the command line."""

    def __init__(self, given: argparse.Namespace, folder: str) -> None:
        self.program = os.path.join(given.binaries, "corkboard")
        self.workspace = os.path.join(folder, "w")
        edges = os.path.join(folder, "edges.tsv")
        generator = random.Random(given.seed)
        with open(edges, "w") as out:
            for context in range(CONTEXTS):
                # Items of a context lie beside each other on a circle.
                first = generator.randrange(ITEMS)
                for _ in range(5):
                    out.write(f"c{context}\titem-{(first + generator.randrange(20)) % ITEMS}\n")
        self.do("import", "files", "--edges", edges)
        self.do("train", "--set", "epochs=1")
        for _ in range(2):
            self.do("embed")
            self.do("index")
        self.daemon = Daemon(
            os.path.join(given.binaries, "corkboardd"), self.workspace, folder, "recall_loss: 1\n"
        )
        # Items by id, which every generation has.
        self.messages = [text(1, f"item-{item}") + number(2, 10) for item in range(100, 400)]

    def do(self, *arguments: str) -> dict[str, Any]:
        return corkboard(self.program, *arguments, "-w", self.workspace)

    def current(self) -> int:
        """The published generation."""
        with open(os.path.join(self.workspace, "CURRENT")) as file:
            return int(file.read().removeprefix("gen-"))

    def served(self) -> int:
        """The generation that answers."""
        connection = Connection(self.daemon.socket)
        answer = connection.call("Related", self.messages[0])
        connection.close()
        return int(dict(fields(answer))[1])

    def check(self, possible: Set[int], seconds: float) -> None:
        """Looks at all checksums, and which generation is published, and served in time."""
        self.verify()
        current = self.current()
        if current not in possible:
            raise Wrong(f"generation {current} is published, and not one of {sorted(possible)}")
        end = time.monotonic() + seconds
        while (serving := self.served()) != current:
            if time.monotonic() > end:
                raise Wrong(f"generation {serving} is served, but {current} is published")
            time.sleep(0.02)

    def verify(self) -> None:
        found = subprocess.run(
            [self.program, "verify", "-w", self.workspace], capture_output=True, text=True
        )
        if found.returncode:
            raise Wrong(f"verify: {found.stdout}{found.stderr}")


@contextmanager
def trained(given: argparse.Namespace, failures: list[str]) -> Iterator[Trained]:
    """A trained workspace, which is kept, and named, where there are failures by the end."""
    folder = tempfile.mkdtemp(prefix="cork-kills-")
    place = Trained(given, folder)
    try:
        yield place
    finally:
        place.daemon.end_for_sure()
    if failures:
        failures.append(f"the workspace is {place.workspace}")
    else:
        shutil.rmtree(folder)
