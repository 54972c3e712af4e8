"""Milvus Lite: a server of its own, asked over its Unix socket by its own client.

It is the only peer that is not in this process, as Corkboard is not. It keeps vectors in SQLite and
takes some milliseconds for each row that it is given, so it takes part only where it is named:

    tools/bench/compare sift --sift FOLDER --out OUT --only milvus --kinds ''
"""

import tempfile

import numpy as np

from peers import K

LISTS = 1_024
ROWS_OF_INSERT = 5_000
NAME = "vectors"


class MilvusLite:
    """Version 2.5.1 knows FLAT and IVF_FLAT, and no other index."""

    name = f"milvus-lite IVF_FLAT {LISTS}"
    settings = [{"nprobe": n} for n in (8, 16, 32, 64)]

    def _client(self, base, metric, lists):
        from pymilvus import DataType, MilvusClient

        folder = tempfile.TemporaryDirectory(prefix="cork-milvus-")
        client = MilvusClient(f"{folder.name}/bench.db")
        client.folder = folder  # goes away with the client
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=base.shape[1])
        index = client.prepare_index_params()
        index.add_index(
            field_name="vector",
            index_type="IVF_FLAT",
            metric_type="L2" if metric == "l2" else "IP",
            params={"nlist": lists},
        )
        client.create_collection(NAME, schema=schema, index_params=index)
        for start in range(0, len(base), ROWS_OF_INSERT):
            part = base[start : start + ROWS_OF_INSERT]
            rows = [{"id": start + row, "vector": vector} for row, vector in enumerate(part)]
            client.insert(NAME, rows)
        client.load_collection(NAME)
        return client

    def build(self, base, metric):
        self.client = self._client(base, metric, LISTS)

    def _search(self, client, nprobe):
        parameters = {"params": {"nprobe": nprobe}}

        def search(query):
            found = client.search(NAME, data=query, limit=K, search_params=parameters)
            return [hit["id"] for hit in found[0]]

        return (lambda query: query[None]), search

    def use(self, setting):
        return self._search(self.client, setting["nprobe"])

    def batch(self, queries, setting):
        parameters = {"params": setting}
        rows = np.full((len(queries), K), -1, np.int64)
        for start in range(0, len(queries), 100):
            part = queries[start : start + 100]
            answers = self.client.search(NAME, data=part, limit=K, search_params=parameters)
            for row, found in enumerate(answers, start):
                rows[row, : len(found)] = [hit["id"] for hit in found]
        return rows

    def empty_call(self, base):
        return self._search(self._client(base[:256], "l2", 1), 1)
