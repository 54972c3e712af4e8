"""The run itself: build all, then rounds, then the report."""

import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import chart
import data as datasets
import report
from milvus import MilvusLite
from ours import Corkboard
from peers import K, peers
from timing import at_once, one_by_one, recall

TRIAL = 300
# Settings outside these are of no use to anybody, and take the longest.
WORTH = (0.85, 0.9985)


def compare(arguments):
    data = load(arguments)
    if data is None:
        print(f"skipped: {arguments.sift} has no base.npy, query.npy and truth100.npy")
        return
    arguments.out.mkdir(parents=True, exist_ok=True)
    count = min(arguments.queries, len(data.query))
    queries = np.ascontiguousarray(data.query[:count].astype(np.float32))
    truth = data.truth[:count]
    say(f"{data.facts}")
    wanted = [name for name in arguments.only.split(",") if name]
    chosen = peers(len(data.base))
    if wanted:
        chosen.append(MilvusLite())
        chosen = [peer for peer in chosen if any(name in peer.name for name in wanted)]
    with tempfile.TemporaryDirectory(prefix="cork-bench-") as folder:
        folder = Path(folder)
        np.save(folder / "query.npy", data.query[:count])
        np.save(folder / "truth.npy", np.ascontiguousarray(truth[:, :K]).astype(np.int32))
        series = [Peer(peer) for peer in chosen]
        series += [
            Ours(
                Corkboard(
                    arguments.binaries, folder, kind, float(target), arguments.keep_awake
                )
            )
            for kind in arguments.kinds.split(",")
            if kind
            for target in arguments.targets.split(",")
        ]
        base = np.ascontiguousarray(data.base.astype(np.float32))
        for one in series:
            one.build(data, base, queries, truth)
        loads = []
        for number in range(arguments.rounds):
            loads.append(os.getloadavg()[0])
            say(f"round {number + 1} of {arguments.rounds}, load {loads[-1]:.2f}")
            for one in series:
                one.measure(queries, truth, folder)
    points = [point for one in series for point in one.points()]
    result = {
        "data": data.facts,
        "k": K,
        "rounds": arguments.rounds,
        "queries": count,
        "seed": arguments.seed,
        "machine": machine(),
        # What ran on the machine before each round: about 1 where nothing else did.
        "load": loads,
        "engines": [one.facts() for one in series],
        "points": points,
    }
    write(arguments.out / "results.json", json.dumps(result, indent=1) + "\n")
    write(arguments.out / "results.md", report.markdown(result))
    write(arguments.out / "results.svg", chart.svg(result))
    print(report.markdown(result))


def load(arguments):
    if arguments.data == "sift":
        return datasets.sift(arguments.sift)
    if arguments.data == "npy":
        truth = arguments.truth or arguments.base.with_suffix(".truth.npy")
        return datasets.given(arguments.base, arguments.query, truth, arguments.metric)
    return datasets.generate(
        arguments.out, arguments.rows, arguments.dimension, arguments.queries, arguments.seed
    )


class Peer:
    """A library, and all that was measured of it."""

    def __init__(self, engine):
        self.engine, self.name = engine, engine.name

    def build(self, data, base, queries, truth):
        say(f"building {self.name}")
        start = time.time()
        self.engine.build(base, data.metric)
        self.seconds = time.time() - start
        times, _ = one_by_one(*self.engine.empty_call(base), queries[:1_000])
        self.call_us = float(np.median(times)) / 1e3
        self.measured = {}
        for setting in self.engine.settings:
            _, rows = one_by_one(*self.engine.use(setting), queries[:TRIAL])
            reached = recall(rows, truth[:TRIAL])
            if reached >= WORTH[0]:
                self.measured[label(setting)] = (setting, [])
            if reached >= WORTH[1]:
                break
        say(f"  {self.seconds:.1f} s; settings: {', '.join(self.measured)}")

    def measure(self, queries, truth, _):
        for setting, rounds in self.measured.values():
            times, rows = one_by_one(*self.engine.use(setting), queries)
            rounds.append(
                {
                    "recall": recall(rows, truth),
                    "p50_us": float(np.percentile(times, 50)) / 1e3,
                    "p99_us": float(np.percentile(times, 99)) / 1e3,
                    "qps": at_once(self.engine.batch, queries, setting),
                }
            )

    def facts(self):
        return {"name": self.name, "build_s": self.seconds, "empty_call_us": self.call_us}

    def points(self):
        return [
            {"engine": self.name, "ours": False, "setting": name, **medians(rounds)}
            for name, (_, rounds) in self.measured.items()
        ]


class Ours:
    """Corkboard with an index of one target recall."""

    def __init__(self, corkboard):
        self.corkboard, self.name = corkboard, corkboard.name
        self.rounds = {}

    def build(self, data, *_):
        say(f"building {self.name}, target recall {self.corkboard.target}")
        self.seconds = self.corkboard.build(data)
        say(f"  {self.seconds}")

    def measure(self, queries, _, folder):
        alone, busy, loaded = self.corkboard.measure(
            folder / "query.npy", folder / "truth.npy", 2 * len(queries)
        )
        for kind, one in (("", alone), (", busy client", busy)):
            self.rounds.setdefault(kind, []).append(
                {
                    "recall": one["recall"],
                    "p50_us": one["p50_us"],
                    "p99_us": one["p99_us"],
                    "qps": loaded["qps"],
                    "qps_alone": one["qps"],
                }
            )

    def facts(self):
        return {"name": self.name, "target": self.corkboard.target, **self.seconds}

    def points(self):
        setting = f"target {self.corkboard.target:g}"
        return [
            {"engine": self.name, "ours": True, "setting": setting + kind, **medians(rounds)}
            for kind, rounds in self.rounds.items()
        ]


def medians(rounds):
    middle = {key: float(np.median([one[key] for one in rounds])) for key in rounds[0]}
    return {**middle, "rounds": rounds}


def label(setting):
    return " ".join(f"{name}={value}" for name, value in setting.items())


def machine():
    cpu = {}
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        cpu.setdefault(name.strip(), value.strip())
    commit = subprocess.run(
        ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
    )
    return {
        "cpu": cpu.get("model name", ""),
        "family_model": f"{cpu.get('cpu family')}/{cpu.get('model')}",
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "commit": commit.stdout.strip(),
        "date": datetime.date.today().isoformat(),
    }


def say(line):
    print(line, file=sys.stderr, flush=True)


def write(file, text):
    file.write_text(text)
