"""Workspaces that the harnesses here make: vectors that follow from a seed, and generations."""

import json
import os
import random
import struct
import subprocess


def npy(path, rows):
    """Writes rows of floats as a NumPy file."""
    shape = f"({len(rows)}, {len(rows[0])})"
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    head += " " * (-(len(head) + 11) % 64) + "\n"
    with open(path, "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode())
        for row in rows:
            out.write(struct.pack(f"<{len(row)}f", *row))


def vectors(count, dimension, seed):
    """Points around centres, so that lists of an index are of some use."""
    generator = random.Random(seed)
    gauss = generator.gauss
    centres = [[gauss(0, 1) for _ in range(dimension)] for _ in range(max(1, count // 100))]
    rows = []
    for _ in range(count):
        centre = generator.choice(centres)
        rows.append([value + gauss(0, 0.4) for value in centre])
    return rows


def corkboard(program, *arguments):
    done = subprocess.run([program, *arguments, "--json"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"corkboard {' '.join(arguments)}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def generations(program, workspace, count, dimension, seeds, kind="ivf"):
    """A workspace with a generation for each seed; gives their numbers."""
    numbers = []
    for seed in seeds:
        file = os.path.join(workspace, f"v{seed}.npy")
        os.makedirs(workspace, exist_ok=True)
        npy(file, vectors(count, dimension, seed))
        corkboard(program, "import-embeddings", "--vectors", file, "--metric", "l2", "-w", workspace)
        numbers.append(corkboard(program, "index", "--kind", kind, "-w", workspace)["generation"])
        os.remove(file)
    return numbers
