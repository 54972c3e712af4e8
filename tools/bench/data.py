"""The vectors that engines are compared on: base, queries, and the exact answers to these.

A data set is three arrays (base, query, truth) and a metric, "l2" or "ip"; truth holds row
numbers of base, nearest first.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

INTRINSIC_DIMENSION = 24
CLUSTERS = 2000
CLUSTER_SPREAD = 0.6
NOISE = 0.2


@dataclass
class Data:
    name: str
    metric: str
    base_file: Path
    query_file: Path
    truth_file: Path

    def __post_init__(self):
        self.base = np.load(self.base_file)
        self.query = np.load(self.query_file)
        self.truth = np.load(self.truth_file)

    @property
    def facts(self):
        rows, dimension = self.base.shape
        return {
            "name": self.name,
            "metric": self.metric,
            "rows": rows,
            "dimension": dimension,
            "dtype": str(self.base.dtype),
            "queries": len(self.query),
        }


def sift(folder):
    """Real descriptors of photographs (uint8, L2), where the folder has them; else None."""
    files = [folder / name for name in ("base.npy", "query.npy", "truth100.npy")]
    return Data("sift", "l2", *files) if all(file.exists() for file in files) else None


def given(base_file, query_file, truth_file, metric, k=100):
    """Anybody's vectors; the truth is computed and kept where there is no such file yet."""
    if not truth_file.exists():
        np.save(truth_file, exact(np.load(base_file), np.load(query_file), metric, k))
    return Data(base_file.parent.name, metric, base_file, query_file, truth_file)


def generate(folder, rows, dimension, queries, seed, k=100):
    """Unit vectors in clusters, of intrinsic dimension 24 plus noise; made once, then kept.

    A vector is a cluster's centre plus a spread of its own, both drawn in 24 dimensions, carried
    into all dimensions by a random map, plus noise in all of them. Queries are drawn in the same
    way and are not in the base. Independent Gaussian values in 128 dimensions would be far harder
    than what any model gives out.
    """
    name = f"generated-{rows}x{dimension}-seed{seed}"
    base_file, query_file, truth_file = (
        folder / file for file in ("base.npy", "query.npy", "truth.npy")
    )
    if not truth_file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        random = np.random.default_rng(seed)
        spread = random.standard_normal((INTRINSIC_DIMENSION, dimension), dtype=np.float32)
        centres = random.standard_normal((CLUSTERS, INTRINSIC_DIMENSION), dtype=np.float32)

        def draw(count):
            vectors = np.empty((count, dimension), np.float32)
            for start in range(0, count, 100_000):
                size = min(100_000, count - start)
                own = random.standard_normal((size, INTRINSIC_DIMENSION), dtype=np.float32)
                latent = centres[random.integers(CLUSTERS, size=size)] + CLUSTER_SPREAD * own
                block = latent @ spread / np.sqrt(np.float32(INTRINSIC_DIMENSION))
                block += NOISE * random.standard_normal(block.shape, dtype=np.float32)
                vectors[start : start + size] = block / np.linalg.norm(block, axis=1)[:, None]
            return vectors

        base, query = draw(rows), draw(queries)
        np.save(base_file, base)
        np.save(query_file, query)
        np.save(truth_file, exact(base, query, "ip", k))
    return Data(name, "ip", base_file, query_file, truth_file)


def exact(base, query, metric, k, block=50_000):
    """The k nearest rows of each query, by brute force in float32, block after block."""
    query = query.astype(np.float32)
    best_scores = np.full((len(query), 0), 0, np.float32)
    best_rows = np.full((len(query), 0), 0, np.int64)
    for start in range(0, len(base), block):
        part = base[start : start + block].astype(np.float32)
        scores = query @ part.T
        if metric == "l2":
            # |q - x|^2 without |q|^2, which is the same for all x; larger is nearer.
            scores = 2 * scores - np.einsum("ij,ij->i", part, part)
        near = np.argpartition(-scores, min(k, len(part)) - 1, axis=1)[:, :k]
        best_scores = np.hstack([best_scores, np.take_along_axis(scores, near, axis=1)])
        best_rows = np.hstack([best_rows, near + start])
        order = np.argsort(-best_scores, axis=1, kind="stable")[:, :k]
        best_scores = np.take_along_axis(best_scores, order, axis=1)
        best_rows = np.take_along_axis(best_rows, order, axis=1)
    return best_rows.astype(np.int32)
