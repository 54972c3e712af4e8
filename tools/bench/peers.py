"""The peers: libraries that anybody can install, each searched in this very process.

Every peer has the same face. It is built once, on two threads; `settings` names the settings that
are worth a point in the chart; `use(setting)` returns two functions: one that prepares a query (a
row of float32), and one that searches for a prepared query on one thread, with as little Python
around the call as its library allows; `batch(queries, setting)` searches for all queries in one
call on two threads, which is the most that a library can do. `empty_call` returns the same two
functions for an index of a few vectors: what they take is Python's part of every search.
"""

import numpy as np

K = 10
THREADS = 2


class Faiss:
    """An index of faiss by its factory string; a setting names fields to set before searching."""

    def __init__(self, key, settings):
        self.name, self.key, self.settings = f"faiss {key}", key, settings

    def build(self, base, metric):
        import faiss

        self.faiss = faiss
        faiss.omp_set_num_threads(THREADS)
        kind = faiss.METRIC_L2 if metric == "l2" else faiss.METRIC_INNER_PRODUCT
        self.index = faiss.index_factory(base.shape[1], self.key, kind)
        if not self.index.is_trained:
            picked = np.random.default_rng(1).choice(
                len(base), min(len(base), 100_000), replace=False
            )
            self.index.train(base[np.sort(picked)])
        self.index.add(base)

    def _set(self, setting):
        for name, value in setting.items():
            if name == "nprobe":
                self.faiss.extract_index_ivf(self.index).nprobe = value
            elif name == "ef":
                self.index.hnsw.efSearch = value
            else:
                setattr(self.index, name, value)

    def use(self, setting):
        self.faiss.omp_set_num_threads(1)
        self._set(setting)
        return self._search(self.index)

    def _search(self, index):
        # The generated wrapper itself: the method `search` in front of it costs microseconds.
        pointer = self.faiss.swig_ptr
        distances, rows = np.empty((1, K), np.float32), np.empty((1, K), np.int64)
        call, distances_at, rows_at = index.search_c, pointer(distances), pointer(rows)

        def prepare(query):
            return pointer(query)

        def search(query):
            call(1, query, K, distances_at, rows_at)
            return rows[0]

        return prepare, search

    def batch(self, queries, setting):
        self.faiss.omp_set_num_threads(THREADS)
        self._set(setting)
        return self.index.search(queries, K)[1]

    def empty_call(self, base):
        tiny = self.faiss.IndexFlatL2(base.shape[1])
        tiny.add(base[:K])
        return self._search(tiny)


def same(query):
    return query


class Hnswlib:
    name = "hnswlib M16"
    settings = [{"ef": ef} for ef in (12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256)]

    def _index(self, base, metric):
        import hnswlib

        index = hnswlib.Index("l2" if metric == "l2" else "ip", base.shape[1])
        index.init_index(len(base), M=16, ef_construction=200, random_seed=1)
        index.add_items(base, num_threads=THREADS)
        return index

    def build(self, base, metric):
        self.index = self._index(base, metric)

    def _search(self, index):
        return same, lambda query: index.knn_query(query, K, 1)[0][0]

    def use(self, setting):
        self.index.set_ef(setting["ef"])
        return self._search(self.index)

    def batch(self, queries, setting):
        self.index.set_ef(setting["ef"])
        return self.index.knn_query(queries, K, THREADS)[0]

    def empty_call(self, base):
        return self._search(self._index(base[:K], "l2"))


class USearch:
    name = "usearch M16"
    settings = [{"ef": ef} for ef in (16, 24, 32, 48, 64, 96, 128, 192, 256)]

    def _index(self, base, metric):
        from usearch.index import Index

        index = Index(
            ndim=base.shape[1],
            metric="l2sq" if metric == "l2" else "ip",
            dtype="f32",
            connectivity=16,
            expansion_add=200,
        )
        index.add(np.arange(len(base)), base, threads=THREADS)
        return index

    def build(self, base, metric):
        self.index = self._index(base, metric)

    def _search(self, index):
        return same, lambda query: index.search(query, K, threads=1).keys

    def use(self, setting):
        self.index.expansion_search = setting["ef"]
        return self._search(self.index)

    def batch(self, queries, setting):
        self.index.expansion_search = setting["ef"]
        return self.index.search(queries, K, threads=THREADS).keys

    def empty_call(self, base):
        return self._search(self._index(base[:K], "l2"))


class SymphonyQG:
    """A graph with quantised neighbours beside each node."""

    def __init__(self, degree):
        self.degree, self.name = degree, f"rabitqlib SymphonyQG {degree}"
        self.settings = [{"ef": ef} for ef in (32, 48, 64, 80, 96, 128, 160, 200, 256)]

    def _index(self, base, metric):
        from rabitqlib import SymqgIndex

        # Of unit vectors the nearest by distance are those of the largest inner product.
        index = SymqgIndex(base.shape[1], self.degree, "l2")
        index.build(base, 200, THREADS)
        return index

    def build(self, base, metric):
        self.index = self._index(base, metric)

    def _search(self, index, ef):
        return (lambda query: query[None]), lambda query: index.search(query, K, ef, 1)[0][0]

    def use(self, setting):
        return self._search(self.index, setting["ef"])

    def batch(self, queries, setting):
        return self.index.search(queries, K, setting["ef"], THREADS)[0]

    def empty_call(self, base):
        return self._search(self._index(base[:256], "l2"), K)


class RaBitQIVF:
    """Inverted lists of RaBitQ codes; 32 bits stand for reranking with the raw vectors."""

    def __init__(self, lists, bits):
        self.lists, self.bits = lists, bits
        self.name = f"rabitqlib IVF{lists} " + ("raw" if bits == 32 else f"{bits} bits")
        self.settings = [{"nprobe": n} for n in (24, 32, 48, 64, 96, 128)]

    def _index(self, base, metric, lists):
        import faiss
        from rabitqlib import IvfIndex

        faiss.omp_set_num_threads(THREADS)
        means = faiss.Kmeans(base.shape[1], lists, niter=10, seed=1, verbose=False)
        means.train(base[:: max(1, len(base) // 100_000)])
        rows = means.index.search(base, 1)[1][:, 0].astype(np.uint32)
        index = IvfIndex(base.shape[1], len(base), lists, self.bits, "l2")
        index.build(base, means.centroids, rows, THREADS)
        return index

    def build(self, base, metric):
        self.index = self._index(base, metric, self.lists)

    def _search(self, index, nprobe):
        return (lambda query: query[None]), lambda query: index.search(query, K, nprobe)[0][0]

    def use(self, setting):
        return self._search(self.index, setting["nprobe"])

    def batch(self, queries, setting):
        return self.index.search(queries, K, setting["nprobe"], num_threads=THREADS)[0]

    def empty_call(self, base):
        return self._search(self._index(base[:256], "l2", 4), 1)


def probes(*values):
    return [{"nprobe": value} for value in values]


def refined(*pairs):
    return [{"nprobe": nprobe, "k_factor": factor} for nprobe, factor in pairs]


def peers(rows):
    """Those worth comparing on so many rows: more rows, more lists."""
    few, many = (1024, 2048) if rows < 500_000 else (4096, 8192)
    return [
        Faiss("HNSW32", [{"ef": ef} for ef in (16, 24, 32, 48, 64, 96, 128, 192)]),
        Faiss(f"IVF{few},Flat", probes(8, 16, 24, 32, 48, 64, 96, 128)),
        Faiss(
            f"IVF{few},PQ64x4fs,RFlat",
            refined((8, 8), (16, 8), (24, 10), (32, 10), (40, 12), (48, 16), (64, 20), (96, 20)),
        ),
        Faiss(
            f"IVF{few},RaBitQfs,RFlat",
            refined((16, 4), (16, 10), (24, 16), (32, 20), (48, 24), (64, 32), (96, 48)),
        ),
        Faiss(
            f"IVF{many},RaBitQfs,RFlat",
            refined((24, 10), (32, 16), (48, 24), (64, 32), (96, 48), (128, 64), (192, 64)),
        ),
        Hnswlib(),
        USearch(),
        SymphonyQG(32),
        SymphonyQG(64),
        RaBitQIVF(few, 7),
        RaBitQIVF(few, 32),
    ]
