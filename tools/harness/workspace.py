"""Workspaces of vectors that follow from a seed, or are given, and their generations."""

from __future__ import annotations

import json
import os
import random
import struct
import subprocess
from collections.abc import Iterable, Sequence
from typing import Any

Rows = Sequence[Sequence[float]]


def write_numpy(path: str | os.PathLike[str], rows: Rows) -> None:
    """Writes rows of floats as a NumPy file, for which no NumPy is needed."""
    shape = f"({len(rows)}, {len(rows[0])})"
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    head += " " * (-(len(head) + 11) % 64) + "\n"
    with open(path, "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode())
        for row in rows:
            out.write(struct.pack(f"<{len(row)}f", *row))


def vectors(count: int, dimension: int, seed: int) -> list[list[float]]:
    """Points around centres, so that lists of an index are of some use."""
    generator = random.Random(seed)
    gauss = generator.gauss
    centres = [[gauss(0, 1) for _ in range(dimension)] for _ in range(max(1, count // 100))]
    rows = []
    for _ in range(count):
        centre = generator.choice(centres)
        rows.append([value + gauss(0, 0.4) for value in centre])
    return rows


def corkboard(program: str | os.PathLike[str], *arguments: str) -> dict[str, Any]:
    """Runs a command, and gives what it came to."""
    done = subprocess.run([program, *arguments, "--json"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"corkboard {' '.join(arguments)}: {done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def generations(
    program: str,
    workspace: str,
    count: int,
    dimension: int,
    seeds: Iterable[int],
    kind: str = "ivf",
) -> list[int]:
    """A workspace with a generation for each seed; gives their numbers."""
    numbers = []
    for seed in seeds:
        file = os.path.join(workspace, f"v{seed}.npy")
        os.makedirs(workspace, exist_ok=True)
        write_numpy(file, vectors(count, dimension, seed))
        corkboard(program, "import-embeddings", "--vectors", file, "--metric", "l2", "-w", workspace)
        numbers.append(corkboard(program, "index", "--kind", kind, "-w", workspace)["generation"])
        os.remove(file)
    return numbers
