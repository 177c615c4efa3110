"""Reading a corpus into a ledger, by one process, two workers and two Ray workers: `python -m benchmarks --corpus 60`.

The stories are those of the evaluation and the examples over and over, each time for another outlet, in JSON Lines.
Every run is a process of its own with a new ledger, and the ways take turns. The rate is that after the second answer,
when all models are loaded. CPU seconds stand beside wall time: where other processes hold the cores, wall time says
little, and one process's CPU time over a way's own says how far the work could spread. One process lets the trained
networks use two threads, a worker one; so it stands here with one thread too.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

RUN = """
import json, resource, sys, time
from olivebranch.corpus_runs import add_corpus, choose_reader
from olivebranch.intake import read_stories
from olivebranch.ledger import Ledger
path, place, words = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
if "ray" in words:
    import ray
    ray.init(address="local", num_cpus=2, include_dashboard=False, object_store_memory=80_000_000, log_to_driver=False)
begun, marks = time.perf_counter(), []
with Ledger(place) as ledger:
    report = add_corpus(read_stories([path]), ledger, choose_reader(), **words,
                        progress=lambda report: marks.append(time.perf_counter()))
    rows = ledger.rows("SELECT bit_xor(hash(reading)) FROM articles")[0][0]
ended = time.perf_counter()
assert report.new == report.stories, report.failures
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({"s": ended - begun, "rate": (report.new - 2) / (ended - marks[1]), "rows": rows,
                  "cpu": sum(one.ru_utime + one.ru_stime for one in used)}))
"""
WAYS: dict[str, dict[str, object]] = {
    "one process": {},
    "one process, one thread": {},
    "two workers": {"workers": 2},
    "two Ray workers": {"ray": "local"},
}


def measure_corpus(stories: int, runs: int, texts: list[str]) -> dict[str, float]:
    """Stories a second of every way, and the ratios to one process."""
    ways = WAYS if find_spec("ray") else {name: words for name, words in WAYS.items() if "ray" not in words}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    with TemporaryDirectory() as folder:
        corpus = _write_corpus(Path(folder) / "corpus.jsonl", stories, texts)
        for number in range(runs):
            for name, words in ways.items():
                threads = {"OLIVEBRANCH_THREADS": "1"} if name.endswith("one thread") else {}
                found[name].append(_run(corpus, Path(folder) / f"{number} {name}.duckdb", words, threads))
    same = len({run["rows"] for runs_ in found.values() for run in runs_}) == 1
    figures = {"corpus, stories": float(stories), "every way gives the same readings": float(same)}
    middle = {name: {key: median(run[key] for run in runs_) for key in runs_[0]} for name, runs_ in found.items()}
    one, alone = middle["one process"], middle["one process, one thread"]
    for name, way in middle.items():
        figures[f"{name}, stories/s"] = way["rate"]
        figures[f"{name}, whole run with its start, s"] = way["s"]
        figures[f"{name} / one process, rate"] = way["rate"] / one["rate"]
        figures[f"{name} / one thread, rate"] = way["rate"] / alone["rate"]
    figures["one process, CPU s a story"] = one["cpu"] / stories
    figures["two workers, CPU s a story"] = middle["two workers"]["cpu"] / stories
    return figures


def _write_corpus(path: Path, stories: int, texts: list[str]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(islice(cycle(texts), stories)):
            row = {"text": text, "outlet": f"Outlet {number}", "published_on": "2014-09-29"}
            file.write(json.dumps(row) + "\n")
    return path


def _run(corpus: Path, place: Path, words: dict[str, object], threads: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-c", RUN, str(corpus), str(place), json.dumps(words)]
    environment = os.environ | {"RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"} | threads
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures
