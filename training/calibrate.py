"""Tunes the attribution decoder and calibrates its chances on the train articles that training left out.

python -m training.calibrate POLNEAR_DIR SETTINGS.json [--to FOLDER]
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from olivebranch.extraction.attribution_model import (
    AttributionModel,
    Decoder,
    decode,
    softmax,
    spot_cues,
    window_inputs,
)
from olivebranch.extraction.proposals import lines_of
from olivebranch.extraction.windows import Word, make_windows
from training.attribution import HELD_OUT, SEED, read_articles

Roles = dict[str, list[tuple[int, int]]]
Read = tuple[str, list[Roles], list[tuple[Sequence[Word], list[tuple[int, ...]], Any, Any]]]


def read_raw(model: AttributionModel, text: str) -> Iterator[tuple[Sequence[Word], list[tuple[int, ...]], Any, Any]]:
    """Of each window: its words, proposed cues, chances of roles and logits of validity."""
    for window in make_windows(text, lines_of(text), model.maker):
        states, logits = model.encoder(**window_inputs([window]))
        chance = softmax(logits)[0]
        cues = list(spot_cues(chance, len(window.words), model.decoder.spot))
        if cues:
            yield window.words, cues, *model.assign(states, chance, window.words, cues)


def letters(spans: Sequence[tuple[int, int]], text: str) -> frozenset[int]:
    """The places of the characters that are not space."""
    return frozenset(i for s, e in spans for i in range(s, min(e, len(text))) if not text[i].isspace())


def score(reads: Sequence[Read], decoder: Decoder) -> dict[str, float]:
    """F1 of whole attributions, overlapping and strict, and of contents, strict."""
    right = {"overlap": 0, "strict": 0, "content": 0}
    golds = found = 0
    for text, gold, windows in reads:
        proposals = [p for window in windows for p in decode(*window, decoder)]
        g = [tuple(letters(a[r], text) for r in ("source", "cue", "content")) for a in gold]
        p = [tuple(letters(getattr(x, r), text) for r in ("source", "cue", "content")) for x in proposals]
        golds, found = golds + len(g), found + len(p)
        for name, same in (("overlap", _overlaps), ("strict", _equal), ("content", lambda a, b: a[2] == b[2])):
            right[name] += _matched(g, p, same)
    return {name: 2 * n / (golds + found) if golds + found else 0.0 for name, n in right.items()}


def _overlaps(a: Sequence[frozenset[int]], b: Sequence[frozenset[int]]) -> bool:
    return all(bool(x & y) or (not x and not y) for x, y in zip(a, b, strict=True))


def _equal(a: Sequence[frozenset[int]], b: Sequence[frozenset[int]]) -> bool:
    return tuple(a) == tuple(b)


def _matched(golds: Sequence[Any], found: Sequence[Any], same: Any) -> int:
    used: set[int] = set()
    for one in golds:
        fits = [n for n, other in enumerate(found) if n not in used and same(one, other)]
        if fits:
            used.add(max(fits, key=lambda n: len(one[2] & found[n][2])))
    return len(used)


def tune(reads: Sequence[Read], decoder: Decoder) -> Decoder:
    """Coordinate descent over the decoder's few knobs, on overlap and strict F1 together."""
    grid = {
        "valid": (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6),
        "content": (0.3, 0.4, 0.5, 0.6),
        "source": (0.25, 0.35, 0.5),
        "gap": (0, 1, 3, 6),
    }
    value = lambda d: sum(score(reads, d)[k] for k in ("overlap", "strict"))  # noqa: E731
    for _ in range(2):
        for name, choices in grid.items():
            decoder = max((replace(decoder, **{name: c}) for c in choices), key=value)
    return decoder


def calibrate(reads: Sequence[Read], decoder: Decoder) -> Decoder:
    """Platt's slope and offset: how often the attribution of a proposed cue overlaps a true one."""
    logits, truths = [], []
    for text, gold, windows in reads:
        g = [tuple(letters(a[r], text) for r in ("source", "cue", "content")) for a in gold]
        for words, cues, roles, valid in windows:
            for n in range(len(cues)):
                loose = replace(decoder, valid=0.0, slope=1.0, offset=0.0)
                one = next(decode(words, cues[n : n + 1], roles[n : n + 1], valid[n : n + 1], loose), None)
                if one is not None:
                    spans = tuple(letters(getattr(one, r), text) for r in ("source", "cue", "content"))
                    logits.append([float(valid[n])])
                    truths.append(any(_overlaps(a, spans) for a in g))
    fitted = LogisticRegression(C=100.0).fit(np.array(logits), np.array(truths))
    return replace(decoder, slope=float(fitted.coef_[0, 0]), offset=float(fitted.intercept_[0]))


def main() -> None:
    """Reads the command line, tunes and writes the settings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    articles = list(read_articles(args.data, "train"))
    held = set(random.Random(SEED).sample(sorted({name for name, _, _ in articles}), HELD_OUT))
    model = AttributionModel()
    reads = [(text, gold, list(read_raw(model, text))) for name, text, gold in articles if name in held]
    decoder = calibrate(reads, Decoder())
    decoder = tune(reads, decoder)
    print(decoder, score(reads, decoder))
    args.out.write_text(json.dumps({"attribution": asdict(decoder)}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
