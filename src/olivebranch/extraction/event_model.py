"""The trained event coder's networks: which PLOVER root a marked pair has, how real a marked act is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from olivebranch.extraction.attribution_model import pad_rows, softmax
from olivebranch.extraction.marked import Marked
from olivebranch.extraction.pieces import load_pieces
from olivebranch.extraction.weights import Network, load_manifest, weights_folder

AT_ONCE = 32
NONE = "NONE"
PLV_SPLIT = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
"""Roots that the PLV set calls by one older name."""


@dataclass(frozen=True)
class Verdict:
    """What the model says of one question: every answer's calibrated chance."""

    chances: dict[str, float]

    @property
    def best(self) -> str:
        """The likeliest answer."""
        return max(self.chances, key=lambda name: self.chances[name])

    @property
    def runner_up(self) -> str:
        """The second likeliest."""
        return sorted(self.chances, key=lambda name: -self.chances[name])[1]

    def without_none(self) -> "Verdict":
        """The same where it is known that there is an event."""
        rest = {name: chance for name, chance in self.chances.items() if name != NONE}
        total = sum(rest.values()) or 1.0
        return Verdict({name: chance / total for name, chance in rest.items()})


class EventModel:
    """The network with its calibration (a temperature for each head, from rows that training did not see)."""

    def __init__(self) -> None:
        manifest = load_manifest(weights_folder())
        self.maker = load_pieces()
        self.roots: list[str] = manifest["roots"]
        self.kinds: list[str] = manifest["kinds"]
        self.grades: list[str] = manifest["grades"]
        self.settings: dict[str, float] = manifest["events"]
        self.network = Network("events.onnx")

    def judge_pairs(self, pairs: Sequence[Marked]) -> list[Verdict]:
        """Of each marked pair: the chances of the 16 roots and of NONE."""
        return self._judge(pairs, 0, self.roots, self.settings["root_temperature"])

    def judge_acts(self, acts: Sequence[Marked]) -> list[Verdict]:
        """Of each marked act: the chances of the seven kinds of factuality."""
        return self._judge(acts, 1, self.kinds, self.settings["kind_temperature"])

    def judge_offers(self, sentences: Sequence[Marked]) -> list[Verdict]:
        """Of each sentence: the chances that it is no overture, or one of each grade."""
        return self._judge(sentences, 2, self.grades, self.settings["grade_temperature"])

    def _judge(self, items: Sequence[Marked], head: int, names: list[str], temperature: float) -> list[Verdict]:
        verdicts: dict[int, Verdict] = {}
        order = sorted(range(len(items)), key=lambda n: len(items[n].ids))
        for at in range(0, len(order), AT_ONCE):
            numbers = order[at : at + AT_ONCE]
            logits = self.network(**_inputs([items[n] for n in numbers]))[head]
            for number, row in zip(numbers, softmax(logits / temperature), strict=True):
                verdicts[number] = Verdict(dict(zip(names, (float(c) for c in row), strict=True)))
        return [verdicts[n] for n in range(len(items))]


@cache
def load_event_model() -> EventModel:
    """The model, opened once.

    Raises:
        WeightsError: its files are missing or damaged.
    """
    return EventModel()


def _inputs(items: Sequence[Marked]) -> "dict[str, np.ndarray[Any, Any]]":
    return {
        "ids": pad_rows([item.ids for item in items]),
        "first": np.array([item.first_mark for item in items], dtype=np.int64),
        "second": np.array([item.second_mark for item in items], dtype=np.int64),
    }
