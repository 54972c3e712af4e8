"""How the peers are timed: query by query on one thread, then all at once on two."""

import time

import numpy as np

from peers import K

WARM_UP = 100


def one_by_one(prepare, search, queries):
    """Nanoseconds of each search, and the rows that it found."""
    prepared = [prepare(query) for query in queries]
    for query in prepared[:WARM_UP]:
        search(query)
    times = np.empty(len(prepared))
    rows = np.full((len(prepared), K), -1, np.int64)
    now = time.perf_counter_ns
    for index, query in enumerate(prepared):
        start = now()
        found = search(query)
        times[index] = now() - start
        rows[index, : len(found)] = found
    return times, rows


def at_once(batch, queries, setting):
    """Queries a second, in one call of the library for all of them."""
    start = time.perf_counter_ns()
    batch(queries, setting)
    return len(queries) / ((time.perf_counter_ns() - start) / 1e9)


def recall(rows, truth):
    """The share of the k truly nearest that is among the k found."""
    shared = (rows[:, :, None] == truth[:, None, :K]).any(axis=2).sum()
    return float(shared) / (len(rows) * K)
