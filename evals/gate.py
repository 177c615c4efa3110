"""The quality gate: scores may rise and never quietly fall; run as `python -m evals.gate`.

`floors.json` holds a floor for every layer of each half of the corpus, and a hash of each half, so that no floor is met
by changing the stories or what they are said to mean. Under `sentences` it holds the same for the sets of loose
sentences, a floor for each coder; the trained one is measured where its weights are.
"""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.gold import Gold, load_golds
from evals.reader import read_gold
from evals.score import score_all
from evals.sentences import HOMES, LAYERS, score_sets

FLOORS = Path(__file__).parent / "floors.json"
HALVES = ("own", "held_back")

EPSILON = 0.0005
"""Floors are kept to four places and scores are ratios of small counts: one record more or less moves a layer by
more than 0.001, rounding by less than 0.0001. What goes beyond this is a real change; none hides in it."""

Values = Mapping[str, float]
SENTENCES = "sentences"


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


def hash_sentences(folder: Path = HOMES["held_back"]) -> str:
    """SHA-256 of the sets of loose sentences, by name."""
    digest = hashlib.sha256()
    for layer in LAYERS:
        digest.update(f"{layer} ".encode() + hashlib.sha256((folder / f"{layer}.jsonl").read_bytes()).digest())
    return digest.hexdigest()


def score_sentences(coder: str) -> dict[str, float]:
    """What a coder reaches on the held-back sentences, read by as many processes as there are cores, four at most."""
    return score_sets(coder, jobs=min(4, os.cpu_count() or 1)).values()


def coders_here() -> list[str]:
    """The coders that can be measured: the trained one needs its weights."""
    from olivebranch.extraction.weights import has_weights

    return ["rules", "trained"] if has_weights() else ["rules"]


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
    """Everything that shuts the gate: falls, and a corpus that is not the one the floors were measured on.

    Each part, a half of the stories or a coder of the sentences, has its hash and its values.
    """
    problems = []
    for part in hashes:
        floors = stored["floors"].get(part, {})
        if floors and stored["sha256"].get(part) != hashes[part]:
            problems.append(Problem(f"{part}: the corpus is not the one of floors.json; measure anew with --update"))
        problems += compare(values[part], floors, part)
    return problems


def update_gate(
    stored: Mapping[str, Any],
    hashes: Mapping[str, str],
    values: Mapping[str, Values],
    allow_regression: bool = False,
) -> dict[str, Any]:
    """The new hashes and floors; those of parts that were not measured stay as they are."""
    floors = {part: raise_floors(values[part], stored["floors"].get(part, {}), allow_regression) for part in hashes}
    return {"sha256": {**stored["sha256"], **hashes}, "floors": {**stored["floors"], **floors}}


def main(
    arguments: Sequence[str] | None = None,
    read: Callable[[Gold], Any] = read_gold,
    path: Path = FLOORS,
    score: Callable[[str], Values] = score_sentences,
) -> int:
    """Exit code 0 where every floor holds, 1 where not; `--update` writes better floors and refuses worse ones."""
    parser = argparse.ArgumentParser(prog="python -m evals.gate", description=__doc__)
    parser.add_argument("--update", action="store_true", help="raise the floors to what is reached now")
    parser.add_argument("--allow-regression", action="store_true", help="with --update: also lower them")
    options = parser.parse_args(arguments)
    stored = json.loads(path.read_text(encoding="utf-8"))
    of_sentences = stored.get(SENTENCES, {"sha256": {}, "floors": {}})
    stories, sentences = _measure_stories(read), _measure_sentences(score)
    problems = [*check_gate(stored, *stories), *check_gate(of_sentences, *sentences)]
    if options.update:
        problems = [] if options.allow_regression else [one for one in problems if one.is_fall]
        if not problems:
            new = update_gate(stored, *stories, options.allow_regression)
            new[SENTENCES] = update_gate(of_sentences, *sentences, options.allow_regression)
            path.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")
    for problem in problems:
        print(problem.text)
    for coder in sorted(set(of_sentences["floors"]) - set(sentences[0])):
        print(f"{coder}: not measured, its weights are not here")
    print("gate: " + (f"{len(problems)} problems" if problems else "every floor holds"))
    return 1 if problems else 0


def _measure_stories(read: Callable[[Gold], Any]) -> tuple[dict[str, str], dict[str, Values]]:
    halves = {half: [g for g in load_golds() if g.held_back == (half == "held_back")] for half in HALVES}
    hashes = {half: hash_corpus(golds) for half, golds in halves.items()}
    return hashes, {half: score_all(golds, read).values() for half, golds in halves.items()}


def _measure_sentences(score: Callable[[str], Values]) -> tuple[dict[str, str], dict[str, Values]]:
    digest = hash_sentences()
    coders = coders_here()
    return dict.fromkeys(coders, digest), {coder: score(coder) for coder in coders}


if __name__ == "__main__":
    sys.exit(main())
