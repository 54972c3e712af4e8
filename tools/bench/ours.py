"""Corkboard itself: built, served and asked by its own programs, over its socket."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from harness.daemon import Daemon  # noqa: E402

CONNECTIONS = 2
IN_FLIGHT = 16
# Microseconds for which a busy client looks for its answer before it sleeps.
BUSY_POLL = 200


class Corkboard:
    """A workspace whose index was tuned to a target recall, and a daemon that serves it."""

    def __init__(self, binaries, folder, kind, target, keep_awake=False):
        self.binaries, self.folder = Path(binaries), Path(folder)
        self.kind, self.target = kind, target
        self.keep_awake = keep_awake
        self.name = f"corkboard {kind}"
        self.workspace = self.folder / f"{kind}-{target}"

    def _run(self, *words):
        command = [str(self.binaries / "corkboard"), *map(str, words), "--json"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
        return json.loads(done.stdout)

    def build(self, data):
        """The seconds that the import and the index take."""
        shutil.rmtree(self.workspace, ignore_errors=True)
        place = ("-w", self.workspace)
        start = time.time()
        vectors = ("--vectors", data.base_file, "--metric", data.metric)
        self._run("import-embeddings", *vectors, *place)
        imported = time.time()
        target = ("--kind", self.kind, "--target-recall", self.target)
        self.report = self._run("index", *target, "--threads", 2, *place)
        return {"import_s": imported - start, "index_s": time.time() - imported}

    def measure(self, query_file, truth_file, calls):
        """Starts the daemon, asks it, and stops it.

        First one call at a time, by a client that sleeps while it waits and by one that looks for
        its answer; then many on both cores.
        """
        settings = f"keep_awake: {'true' if self.keep_awake else 'false'}\n"
        daemon = Daemon(self.binaries / "corkboardd", self.workspace, self.folder, settings)
        daemon.start()
        try:
            place = ("--socket", daemon.socket)
            bench = ("bench", "--queries", query_file, "--truth", truth_file, *place)
            alone = self._run(*bench, "--calls", calls)
            busy = self._run(*bench, "--calls", calls, "--busy-poll", BUSY_POLL)
            both = ("--connections", CONNECTIONS, "--in-flight", IN_FLIGHT)
            loaded = self._run(*bench, *both, "--calls", 5 * calls)
            return alone, busy, loaded
        finally:
            daemon.stop()
