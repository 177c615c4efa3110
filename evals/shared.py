"""Runs what the published data beside the project can measure: `python -m evals.shared ../shared`.

PolNeAR's dev articles by the shipped reader and, where the packages for training are installed, the five folds of PLV.
What is not there is left out, in a sentence that says so.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

TRAINING_NEEDS = ("torch", "transformers", "onnx")


def measure_polnear(shared: Path, attributor: str, scratch: Path) -> None:
    """Predicts PolNeAR's dev split and prints the scorer's table."""
    data, scorer = shared / "data" / "polnear", shared / "eval" / "score_polnear.py"
    if not (data / "dev" / "text").is_dir() or not scorer.is_file():
        print(f"PolNeAR: skipped, {data} or its scorer is not there")
        return
    predictions = scratch / "polnear_dev.jsonl"
    words = ["evaluate", "polnear", str(data), "dev", "--predictions", str(predictions), "--attributor", attributor]
    if _run("-m", "olivebranch", *words):
        _run(str(scorer), str(data), "dev", str(predictions))


def measure_folds(shared: Path, scratch: Path) -> None:
    """Trains and predicts PLV's five folds, and prints the scorer's table."""
    rows, scorer = shared / "data" / "plv" / "PLV_train.tsv", shared / "eval" / "score_plv.py"
    if not rows.is_file() or not scorer.is_file():
        print(f"PLV folds: skipped, {rows} or its scorer is not there")
        return
    missing = [name for name in TRAINING_NEEDS if find_spec(name) is None]
    if missing:
        print(f"PLV folds: skipped, training needs {', '.join(missing)}: pip install -r requirements/train.txt")
        return
    print("PLV folds: five trainings, an hour or more on two cores …", flush=True)
    if _run("-m", "training.events", "folds", str(rows), str(scratch)):
        _run(str(scorer), str(rows), str(scratch / "plv_folds.jsonl"))


def _run(*words: str) -> bool:
    """Runs Python on these words and says whether all went well."""
    done = subprocess.run([sys.executable, *words], check=False)
    if done.returncode:
        print(f"failed with exit code {done.returncode}: python {' '.join(words)}")
    return done.returncode == 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; exit code 0 also where there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m evals.shared", description=__doc__)
    parser.add_argument("shared", type=Path, nargs="?", default=Path("../shared"))
    parser.add_argument("--attributor", default="trained", help="trained, rules or rules-wide")
    parser.add_argument("--no-folds", action="store_true", help="leave PLV's folds out, which take long")
    options = parser.parse_args(arguments)
    if not options.shared.is_dir():
        print(f"{options.shared} is not there: nothing to measure. Say SHARED=path to the folder with data/ and eval/.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        measure_polnear(options.shared, options.attributor, Path(folder))
        if not options.no_folds:
            measure_folds(options.shared, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
