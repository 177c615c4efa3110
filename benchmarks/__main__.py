"""Speed and memory of the reader and the command line: `python -m benchmarks [--json]`.

Machines are noisy, so every figure is a median of several runs and stands beside what was measured with it: spaCy alone
on the same texts, a bare Python start beside `olivebranch --help`. Nothing here asserts; tests assert behaviour.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
STORIES = sorted((ROOT / "evals" / "stories").glob("*/story.txt")) + sorted(
    (ROOT / "examples" / "stories").glob("*.txt")
)
BUNDLED = ROOT / "examples" / "stories" / "troop-pullback-2014-05-08.txt"


def main() -> None:
    """Measures, and prints a line a figure or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
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
    """Loading every table anew, and looking up a mention."""
    from olivebranch.codebook import Codebook

    def load() -> None:
        book = Codebook()
        book.resolve("Russia")
        _ = book.names

    book = Codebook()
    book.resolve("Moscow")
    lookup = timed(lambda: [book.resolve("Moscow") for _ in range(10_000)], runs) / 10_000
    return {"codebook indexes, s": timed(load, runs), "one look-up, microseconds": lookup * 1e6}


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
