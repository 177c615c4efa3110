"""Scores the reader on loose sentences: events, factuality, overtures; run as `python -m evals.sentences`.

The held-back sets in `evals/data/` show their totals only. `--split train` scores the sets that may be learnt from, and
there alone `--errors` shows what went wrong.
"""

import argparse
import json
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from evals.score import Score
from evals.sentence_scores import (
    FoundEvent,
    FoundOffer,
    Item,
    Tally,
    add_tallies,
    score_events,
    score_factuality,
    score_overtures,
)
from olivebranch.records import Article, Document, Reading, Span

ROOT = Path(__file__).parent.parent
HOMES = {"held_back": ROOT / "evals" / "data", "train": ROOT / "training" / "data"}
LAYERS = ("events", "factuality", "overtures")
CODERS = ("rules", "trained")
SEED = 5

Judge = Callable[[Document, Span], str]
"""From a document and the span of a trigger to its kind of factuality."""


def load_items(layer: str, split: str) -> list[Item]:
    """The lines of a set; none where the split has no such set."""
    path = HOMES[split] / f"{layer}.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


# --- reading


def judge_by_rules(document: Document, trigger: Span) -> str:
    """What the words around the trigger's head say."""
    from olivebranch.extraction.factuality import judge_factuality

    tokens = document.parse.char_span(*trigger, alignment_mode="expand")
    return judge_factuality(tokens.root).factuality if tokens is not None else "asserted"


def judge_by_model(document: Document, trigger: Span) -> str:
    """What the trained head says."""
    from olivebranch.extraction.event_model import load_event_model
    from olivebranch.extraction.kinds import judge_kinds

    return judge_kinds(document, [trigger], load_event_model())[0].best


JUDGES: dict[str, Judge] = {"rules": judge_by_rules, "trained": judge_by_model}


def find_in_item(task: tuple[str, Item, str]) -> Any:
    """What the reader finds in one item: of `layer`, the item, by this coder."""
    layer, item, coder = task
    if layer == "factuality":
        from olivebranch.text import make_document

        return JUDGES[coder](make_document(_article(item), is_story=False), tuple(item["trigger"]))
    reading = _read(item, coder)
    if layer == "overtures":
        return [FoundOffer(one.span, one.from_, one.grade) for one in reading.overtures]
    return [
        FoundEvent(tuple(a.code for a in event.actors), tuple(a.code for a in event.recipients), event.type)
        for event in reading.events
    ]


def _article(item: Item) -> Article:
    day = item.get("date") or item.get("published_on")
    how = "given" if day else "unknown"
    published_on = date.fromisoformat(day) if day else None
    return Article(id=item["id"], text=item["text"], sha256="", published_on=published_on, published_on_how=how)


def _read(item: Item, coder: str) -> Reading:
    from olivebranch.pipeline import read_article

    return read_article(_article(item), attributor="rules", coder=coder, is_story=False)


def find_all(layer: str, items: Sequence[Item], coder: str, jobs: int) -> list[Any]:
    """What the reader finds in each item, in order, by `jobs` processes."""
    tasks = [(layer, item, coder) for item in items]
    if jobs == 1:
        return [find_in_item(task) for task in tasks]
    with multiprocessing.get_context("spawn").Pool(jobs, _use_one_thread) as pool:
        return pool.map(find_in_item, tasks, chunksize=16)


def _use_one_thread() -> None:
    os.environ["OLIVEBRANCH_THREADS"] = "1"


# --- scoring

SCORERS: Mapping[str, Callable[[Sequence[Item], Sequence[Any]], Tally]] = {
    "events": score_events,
    "factuality": score_factuality,
    "overtures": score_overtures,
}


def score_sets(
    coder: str, split: str = "held_back", *, layers: Sequence[str] = LAYERS, jobs: int = 1, limit: int = 0
) -> Tally:
    """Every layer of a split read and scored; `limit` takes a seeded sample of each set."""
    tallies = []
    for layer in layers:
        items = load_items(layer, split)
        if limit and limit < len(items):
            items = random.Random(SEED).sample(items, limit)
        started = time.monotonic()
        found = find_all(layer, items, coder, jobs)
        print(f"{layer}: {len(items)} items, {time.monotonic() - started:.0f} s", file=sys.stderr)
        tallies.append(SCORERS[layer](items, found))
    return add_tallies(tallies)


def print_tally(tally: Tally) -> None:
    """Layers, roots, kinds, and the roots most often taken for others."""
    values = tally.values()
    print(f"{'layer':<22}{'value':>7}{'right':>8}{'missed':>8}{'spurious':>10}")
    for layer, one in tally.layers.items():
        spurious = one.spurious if one.kind == "f1" else ""
        print(f"{layer:<22}{values.get(layer, 0.0):>7.3f}{one.right:>8}{one.missed:>8}{spurious:>10}")
    for title, scores in (("root", tally.roots), ("factuality", tally.kinds)):
        if not scores:
            continue
        mean = f"   (mean F1 {values[title]:.3f})" if title in values else ""
        print(f"\n{title:<22}{'P':>7}{'R':>8}{'F1':>8}{'gold':>8}{mean}")
        for name in sorted(scores):
            print(f"{name:<22}" + _rates(scores[name]))
    if tally.confusions:
        print("\nright pair, other root (gold > given)")
        for (gold, given), count in tally.confusions.most_common(15):
            print(f"  {gold} > {given}: {count}")


def _rates(one: Score) -> str:
    precision = one.right / (one.right + one.spurious) if one.right + one.spurious else 0.0
    recall = one.right / (one.right + one.missed) if one.right + one.missed else 0.0
    return f"{precision:>7.3f}{recall:>8.3f}{one.value or 0.0:>8.3f}{one.right + one.missed:>8}"


def as_json(tally: Tally) -> str:
    """Values by layer, F1 by root and kind, confusions."""
    told = {
        "values": tally.values(),
        "roots": {name: round(one.value or 0.0, 4) for name, one in sorted(tally.roots.items())},
        "kinds": {name: round(one.value or 0.0, 4) for name, one in sorted(tally.kinds.items())},
        "confusions": [[*names, count] for names, count in tally.confusions.most_common()],
    }
    return json.dumps(told, indent=1)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: a table, or JSON, and on request the faults of the train split."""
    parser = argparse.ArgumentParser(prog="python -m evals.sentences", description=__doc__)
    parser.add_argument("--coder", choices=CODERS, default="rules")
    parser.add_argument("--split", choices=tuple(HOMES), default="held_back")
    parser.add_argument("--layer", choices=LAYERS, action="append", help="only this layer (may be given again)")
    parser.add_argument("--jobs", type=int, default=1, help="processes that share the reading")
    parser.add_argument("--limit", type=int, default=0, help="only a sample of so many items of each set")
    parser.add_argument("--json", action="store_true", help="values as JSON")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show N faults (train only)")
    options = parser.parse_args(arguments)
    if options.errors and options.split != "train":
        parser.error("the held-back sets show their totals only")
    layers = options.layer or LAYERS
    tally = score_sets(options.coder, options.split, layers=layers, jobs=options.jobs, limit=options.limit)
    if options.json:
        print(as_json(tally))
    else:
        print_tally(tally)
    for fault in tally.faults[: options.errors]:
        print(fault)
    return 0


if __name__ == "__main__":
    sys.exit(main())
