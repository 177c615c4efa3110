"""Speed and memory of the reader and the command line: `python -m benchmarks [--json]`.

Machines are noisy, so every figure is a median of several runs and stands beside what was measured with it: spaCy alone
on the same texts, a bare Python start beside `olivebranch --help`. Nothing here asserts; tests assert behaviour.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
STORIES = sorted((ROOT / "evals" / "stories").glob("*/story.txt")) + sorted(
    (ROOT / "examples" / "stories").glob("*.txt")
)
LOAD = """
import json, resource, time
from datetime import date
from olivebranch.codebook import Codebook, load_table
from olivebranch.codebook.tables import TABLES
memory = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, start, day = memory(), time.perf_counter(), date(2014, 9, 29)
for name in TABLES:
    load_table(name)
book = Codebook()
book.names, book.resolve("Moscow"), book.holdings("Lavrov", day), book.members("EU", day)
book.office_titles, book.common_titles, book.sector_words, book.office_by_title("premier", "GBR")
print(json.dumps({"ms": 1000 * (time.perf_counter() - start), "mb": memory() - before}))
"""
BUNDLED = ROOT / "examples" / "stories" / "troop-pullback-2014-05-08.txt"


def main() -> None:
    """Measures, and prints a line a figure or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--archive", metavar="ROWS", help="event archives of so many rows instead, as in 10M")
    parser.add_argument("--corpus", metavar="STORIES", type=int, help="`add` of so many stories instead, every way")
    arguments = parser.parse_args()
    if arguments.archive:
        from benchmarks.archives import measure_archives

        figures = measure_archives(arguments.archive, arguments.runs)
    elif arguments.corpus:
        from benchmarks.corpora import measure_corpus

        texts = [path.read_text(encoding="utf-8") for path in STORIES]
        figures = measure_corpus(arguments.corpus, arguments.runs, texts)
    else:
        figures = {
            **measure_command_line(arguments.runs),
            **measure_codebook(arguments.runs),
            **measure_reader(arguments.runs),
        }
    figures["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:58} {value:10.3f}")


def timed(action: Callable[[], object], runs: int) -> float:
    """The median wall time of an action, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return median(times)


def read_output(*words: str, **environment: str) -> str:
    """What a command prints; a failure stops the benchmark."""
    return subprocess.run(words, check=True, capture_output=True, text=True, env={**os.environ, **environment}).stdout


def run(*words: str) -> None:
    """Runs a command quietly; a failure stops the benchmark."""
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measure_command_line(runs: int) -> dict[str, float]:
    """`--help` beside a bare Python start, and a whole cold brief."""
    python = sys.executable
    start = timed(lambda: run(python, "-c", "pass"), runs)
    help_ = timed(lambda: run(python, "-m", "olivebranch", "--help"), runs)
    brief = timed(
        lambda: run(
            python, "-m", "olivebranch", "brief", str(BUNDLED), "--published-on", "2014-05-08", "--ledger", ":memory:"
        ),
        max(1, runs // 2),
    )
    return {
        "bare python start, s": start,
        "olivebranch --help, s": help_,
        "olivebranch --help / bare start": help_ / start,
        "cold brief of one story, s": brief,
    }


def measure_codebook(runs: int) -> dict[str, float]:
    """Loading every table and index in a fresh process, with and without the cache, and looking up mentions."""
    from datetime import date

    from olivebranch.codebook import load_codebook

    loads = [json.loads(read_output(sys.executable, "-c", LOAD)) for _ in range(runs)]
    with TemporaryDirectory() as empty:
        first = [
            json.loads(read_output(sys.executable, "-c", LOAD, OLIVEBRANCH_CACHE=f"{empty}/{n}")) for n in range(runs)
        ]
    book, on = load_codebook(), date(2014, 9, 29)
    text = "Russian Foreign Minister Sergey Lavrov and Mohammed Khan met in Abu Dhabi."
    places = [n for n in range(len(text)) if n == 0 or text[n - 1] == " "]
    find = timed(lambda: [book.names.names_at(text, n) for _ in range(1000) for n in places], runs) / 1000 / len(places)
    hold = timed(lambda: [book.holdings(name, on) for _ in range(1000) for name in ("Lavrov", "Khan")], runs) / 2000
    return {
        "codebook, all tables and indexes, ms": median(load["ms"] for load in loads),
        "codebook, the same without a cache, ms": median(load["ms"] for load in first),
        "codebook, memory, MB": median(load["mb"] for load in loads),
        "codebook, finding a mention, microseconds": find * 1e6,
        "codebook, who held what by a surname, microseconds": hold * 1e6,
    }


def measure_reader(runs: int) -> dict[str, float]:
    """The whole reader and spaCy alone over the same stories, in turn."""
    import olivebranch as ob
    from olivebranch.text.document import load_language

    texts = [path.read_text(encoding="utf-8") for path in STORIES]
    readings = [ob.read(text, published_on="2014-09-29") for text in texts]
    sentences = sum(len(reading.sentences) for reading in readings)
    nlp = load_language()
    alone = timed(lambda: [nlp(text) for text in texts], runs)
    whole = timed(lambda: [ob.read(text, published_on="2014-09-29") for text in texts], runs)
    warm = timed(lambda: ob.brief(ob.read(texts[0], published_on="2014-09-29")), runs)
    return {
        "spaCy alone, sentences/s": sentences / alone,
        "whole reader, sentences/s": sentences / whole,
        "whole reader / spaCy alone, time": whole / alone,
        "whole reader, stories/s": len(texts) / whole,
        "warm brief of one story, s": warm,
    }


if __name__ == "__main__":
    main()
