"""The quality gate: scores may rise and never quietly fall; run as `python -m evals.gate`.

`floors.json` holds a floor for every layer of each half of the corpus, and a hash of each half, so that no floor is met
by changing the stories or what they are said to mean.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.gold import Gold, load_golds
from evals.reader import read_gold
from evals.score import score_all

FLOORS = Path(__file__).parent / "floors.json"
HALVES = ("own", "held_back")

EPSILON = 0.0005
"""Floors are kept to four places and scores are ratios of small counts: one record more or less moves a layer by
more than 0.001, rounding by less than 0.0001. What goes beyond this is a real change; none hides in it."""

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the gate is shut; `is_fall` where a score fell."""

    text: str
    is_fall: bool = False


def hash_corpus(golds: Sequence[Gold]) -> str:
    """SHA-256 of the stories and their annotations, by name: what the floors were measured on."""
    digest = hashlib.sha256()
    for gold in sorted(golds, key=lambda one: one.slug):
        raw = json.dumps(gold.raw, sort_keys=True, ensure_ascii=False)
        for part in (gold.slug, gold.story.read_text(encoding="utf-8"), raw):
            digest.update(hashlib.sha256(part.encode()).digest())
    return digest.hexdigest()


def compare(values: Values, floors: Values, half: str) -> list[Problem]:
    """Every layer of one half that fell under its floor, or is gone."""
    problems = []
    for layer, floor in floors.items():
        value = values.get(layer)
        if value is None:
            problems.append(Problem(f"{half}: {layer} has a floor of {floor:.4f} and no score", is_fall=True))
        elif value < floor - EPSILON:
            problems.append(Problem(f"{half}: {layer} is {value:.4f}, its floor {floor:.4f}", is_fall=True))
    return problems


def raise_floors(values: Values, floors: Values, allow_regression: bool = False) -> dict[str, float]:
    """The new floors of one half: each the better of old and new, or simply the new where a regression is allowed."""
    if allow_regression:
        return dict(values)
    layers = [*values, *(layer for layer in floors if layer not in values)]
    return {layer: max(values.get(layer, 0.0), floors.get(layer, 0.0)) for layer in layers}


def check_gate(stored: Mapping[str, Any], hashes: Mapping[str, str], values: Mapping[str, Values]) -> list[Problem]:
    """Everything that shuts the gate: falls, and a corpus that is not the one the floors were measured on."""
    problems = []
    for half in HALVES:
        floors = stored["floors"].get(half, {})
        if floors and stored["sha256"].get(half) != hashes[half]:
            problems.append(Problem(f"{half}: the corpus is not the one of floors.json; measure anew with --update"))
        problems += compare(values[half], floors, half)
    return problems


def update_gate(
    stored: Mapping[str, Any],
    hashes: Mapping[str, str],
    values: Mapping[str, Values],
    allow_regression: bool = False,
) -> dict[str, Any]:
    """The new content of floors.json."""
    floors = {half: raise_floors(values[half], stored["floors"].get(half, {}), allow_regression) for half in HALVES}
    return {"sha256": dict(hashes), "floors": floors}


def main(arguments: Sequence[str] | None = None, read: Callable[[Gold], Any] = read_gold, path: Path = FLOORS) -> int:
    """Exit code 0 where every floor holds, 1 where not; `--update` writes better floors and refuses worse ones."""
    parser = argparse.ArgumentParser(prog="python -m evals.gate", description=__doc__)
    parser.add_argument("--update", action="store_true", help="raise the floors to what is reached now")
    parser.add_argument("--allow-regression", action="store_true", help="with --update: also lower them")
    options = parser.parse_args(arguments)
    stored = json.loads(path.read_text(encoding="utf-8"))
    halves = {half: [g for g in load_golds() if g.held_back == (half == "held_back")] for half in HALVES}
    hashes = {half: hash_corpus(golds) for half, golds in halves.items()}
    values = {half: score_all(golds, read).values() for half, golds in halves.items()}
    problems = check_gate(stored, hashes, values)
    if options.update:
        problems = [] if options.allow_regression else [one for one in problems if one.is_fall]
        if not problems:
            new = update_gate(stored, hashes, values, options.allow_regression)
            path.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")
    for problem in problems:
        print(problem.text)
    print("gate: " + (f"{len(problems)} problems" if problems else "every floor holds"))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
