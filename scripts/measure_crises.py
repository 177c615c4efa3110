"""Offers and promises in human-coded crisis narratives (ICBe), beside the same side's other words in the same crisis.

    python scripts/measure_crises.py TRAIN.jsonl [--draws 2000]

Prints figures only. "Followed" is a later sentence of the narrative in which the same actor does the same recipient a
cooperative (or hostile) act; "neither" means that the narrative tells none, not that none took place.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

OFFERS = {"sayintkind:offer", "sayintkind:offer - without conditions", "sayintkind:promise"}
ACCEPT, REJECT = "sayintkind:accept", "sayintkind:reject"
COOPERATIVE, HOSTILE = {"cooperative", "deescalatory"}, {"escalatory", "uncooperative"}
MATERIAL = {"COOPERATE", "AID", "RETREAT"}


@dataclass(frozen=True)
class Said:
    """Words of one side to another in a crisis, and whether the acts of each kind came later."""

    crisis: int
    dyad: tuple[str, str]
    is_offer: bool
    answer: str
    cooperative: bool
    material: bool
    hostile: bool


def read_words(path: Path) -> list[Said]:
    """Every say event with a speaker and an addressee, with what followed it."""
    crises: dict[int, list[dict[str, Any]]] = defaultdict(list)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            sentence = json.loads(line)
            crises[sentence["crisis_no"]].append(sentence)
    return [said for number, sentences in crises.items() for said in _read_crisis(number, sentences)]


def _read_crisis(number: int, sentences: list[dict[str, Any]]) -> Iterable[Said]:
    last: dict[tuple[tuple[str, str], str], int] = {}
    for sentence in sentences:
        for event in sentence["events"]:
            for dyad in _dyads(event):
                for kind in _kinds(event):
                    last[dyad, kind] = sentence["sentence_no"]
    answers = _find_answers(sentences)
    for sentence in sentences:
        place = sentence["sentence_no"]
        for event in sentence["events"]:
            if event["kind"] == "say":
                for dyad in _dyads(event):
                    after = {kind: last.get((dyad, kind), 0) > place for kind in ("cooperative", "material", "hostile")}
                    is_offer = bool(OFFERS & set(event["icbe_codes"]))
                    yield Said(number, dyad, is_offer, answers.get((place, dyad), "unanswered"), **after)


def _dyads(event: dict[str, Any]) -> list[tuple[str, str]]:
    return [(actor, other) for actor in event["actors"] for other in event["recipients"] if actor != other]


def _kinds(event: dict[str, Any]) -> set[str]:
    if event["kind"] != "do":
        return set()
    kinds, roots = set(event.get("kinds", ())), set(event["plover_all"])
    found = {"cooperative"} if kinds & COOPERATIVE and not kinds & HOSTILE else set()
    found |= {"hostile"} if kinds & HOSTILE else set()
    return found | ({"material"} if roots & MATERIAL else set())


def _find_answers(sentences: list[dict[str, Any]]) -> dict[tuple[int, tuple[str, str]], str]:
    """Which words were accepted or rejected by their addressee, by the sentence that they stand in."""
    found: dict[tuple[int, tuple[str, str]], str] = {}
    for sentence in sentences:
        for event in sentence["events"]:
            codes = set(event["icbe_codes"])
            answer = "accepted" if ACCEPT in codes else "rejected" if REJECT in codes else None
            for place in event.get("reacts_to", ()) if answer else ():
                found.update({(int(place), (other, actor)): str(answer) for actor, other in _dyads(event)})
    return found


def compare(words: list[Said], kind: str, draws: int) -> str:
    """Offers against the other words of the same dyad in the same crisis; interval by drawing crises again."""
    groups: dict[tuple[int, tuple[str, str]], tuple[list[bool], list[bool]]] = defaultdict(lambda: ([], []))
    for said in words:
        groups[said.crisis, said.dyad][0 if said.is_offer else 1].append(getattr(said, kind))
    offers = [hit for mine, _ in groups.values() for hit in mine]
    by_crisis: dict[int, np.ndarray] = defaultdict(lambda: np.zeros(3))
    for (crisis, _), (mine, others) in groups.items():
        if mine and others:
            by_crisis[crisis] += [len(mine), sum(mine), len(mine) * sum(others) / len(others)]
    sums = np.array(list(by_crisis.values()))
    n, hits, expected = sums.sum(axis=0)
    chooser = np.random.default_rng(1)
    drawn = np.array([sums[chooser.integers(0, len(sums), len(sums))].sum(axis=0) for _ in range(draws)])
    low, high = np.quantile((drawn[:, 1] - drawn[:, 2]) / drawn[:, 0], [0.025, 0.975]) * 100
    return (
        f"{kind}: {np.mean(offers) * 100:.1f} % of {len(offers)} offers and promises; matched {hits / n * 100:.1f} % "
        f"against {expected / n * 100:.1f} % of other words (n {n:.0f}): {(hits - expected) / n * 100:+.1f} points "
        f"[{low:+.1f}, {high:+.1f}]"
    )


def main() -> None:
    """Prints the comparison and the answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("--draws", type=int, default=2000)
    asked = parser.parse_args()
    words = read_words(asked.train)
    print(f"{len(words)} words of one side to another in {len({said.crisis for said in words})} crises")
    for kind in ("cooperative", "material", "hostile"):
        print(compare(words, kind, asked.draws))
    for answer in ("accepted", "rejected", "unanswered"):
        offers = [said for said in words if said.is_offer and said.answer == answer]
        print(f"{answer}: followed by a cooperative act {sum(s.cooperative for s in offers)} of {len(offers)}")


if __name__ == "__main__":
    main()
