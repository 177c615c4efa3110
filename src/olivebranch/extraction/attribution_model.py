"""The trained finder of attributions: cues first, then each cue's own source and content, word by word.

One pass of the encoder over windows of whole paragraphs tags the words that may be cues; a second head says of each
(cue, word): none, source, cue or content of this cue, and how likely the cue is one at all. Independently tagged spans
are never linked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from olivebranch.extraction.pieces import load_pieces
from olivebranch.extraction.weights import Network, load_manifest, weights_folder
from olivebranch.extraction.windows import FIRST, INSIDE, LAST, QUOTE, Window, Word, make_windows
from olivebranch.records import Span

Array = np.ndarray[Any, Any]
NONE, SOURCE, CUE, CONTENT = range(4)
DISTANCES = 32
WINDOWS_AT_ONCE = 8
CUES_AT_ONCE = 64
MOSTLY = 0.5
"""A quotation is part of a content from this share of its words."""


@dataclass(frozen=True)
class Decoder:
    """How chances become spans; tuned on articles that training did not see."""

    spot: float = 0.12
    valid: float = 0.5
    content: float = 0.5
    source: float = 0.5
    gap: int = 3
    slope: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class Proposal:
    """One attribution that the model proposes; spans are code points of the text, `probability` calibrated."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    probability: float


class AttributionModel:
    """The networks with the decoder."""

    def __init__(self) -> None:
        self.maker = load_pieces()
        self.encoder, self.roles = Network("attribution.onnx"), Network("roles.onnx")
        self.decoder = Decoder(**load_manifest(weights_folder())["attribution"])

    def propose(self, text: str, paragraphs: Sequence[tuple[int, int]]) -> list[Proposal]:
        """The attributions of a text in order of their cues.

        Args:
            paragraphs: (start, end) of each paragraph, in order; what lies outside is not read.
        """
        windows = make_windows(text, paragraphs, self.maker)
        found: list[Proposal] = []
        for at in range(0, len(windows), WINDOWS_AT_ONCE):
            found += self._read(windows[at : at + WINDOWS_AT_ONCE])
        return sorted(found, key=lambda p: (p.cue, p.content))

    def _read(self, windows: list[Window]) -> Iterator[Proposal]:
        states, cue_logits = self.encoder(**window_inputs(windows))
        chance = softmax(cue_logits)
        for row, window in enumerate(windows):
            cues = list(spot_cues(chance[row], len(window.words), self.decoder.spot))
            if cues:
                roles, valid = self.assign(states[row : row + 1], chance[row], window.words, cues)
                yield from decode(window.words, cues, roles, valid, self.decoder)

    def assign(
        self, states: Array, chance: Array, words: Sequence[Word], cues: list[tuple[int, ...]]
    ) -> tuple[Array, Array]:
        """Of each cue of a window: chances of roles (cues, words, 4), logits of its being one (cues)."""
        parts = []
        for at in range(0, len(cues), CUES_AT_ONCE):
            inputs = cue_inputs(words, cues[at : at + CUES_AT_ONCE], 1 - chance[:, 0], states.shape[1])
            parts.append(self.roles(words=states, **inputs))
        return softmax(np.concatenate([p[0] for p in parts])), np.concatenate([p[1] for p in parts])


@cache
def load_attribution_model() -> AttributionModel:
    """The model, opened once.

    Raises:
        WeightsError: its files are missing or damaged.
    """
    return AttributionModel()


def window_inputs(windows: Sequence[Window]) -> dict[str, Array]:
    """Ids, case and quotation state of pieces (windows, pieces), and each word's first piece (windows, words)."""
    rows = [window_pieces(window) for window in windows]
    names = ("ids", "case", "quote", "first")
    return {name: pad_rows([row[n] for row in rows]) for n, name in enumerate(names)}


def window_pieces(window: Window) -> tuple[list[int], list[int], list[int], list[int]]:
    """Ids, case and quotation of each piece, and the first piece of each word."""
    ids, case, quote, first = [FIRST], [0], [0], []
    for word in window.words:
        first.append(len(ids))
        ids += word.pieces
        case += [word.case] * len(word.pieces)
        quote += [word.quote] * len(word.pieces)
    return [*ids, LAST], [*case, 0], [*quote, 0], first


def pad_rows(rows: Sequence[Sequence[int]]) -> Array:
    """Rows of ids as one array, the shorter filled up with 0."""
    width = max(len(row) for row in rows)
    return np.array([[*row, *[0] * (width - len(row))] for row in rows], dtype=np.int64)


def softmax(logits: Array) -> Array:
    """Chances over the last axis."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    chances: Array = powers / powers.sum(-1, keepdims=True)
    return chances


def spot_cues(chance: Array, length: int, threshold: float) -> Iterator[tuple[int, ...]]:
    """Every run of words that may be a cue: begins where that is likely enough, goes on while it is likely.

    `chance` is (words, 3): outside, begins a cue, goes on with it.
    """
    at = 0
    while at < length:
        begins, goes_on = chance[at, 1], chance[at, 2]
        if not (begins > threshold or begins + goes_on > max(0.5, threshold)):
            at += 1
            continue
        end = at + 1
        while end < length and chance[end, 2] > max(chance[end, 1], 0.35):
            end += 1
        yield tuple(range(at, end))
        at = end


def cue_inputs(
    words: Sequence[Word], cues: Sequence[tuple[int, ...]], cue_chance: Array, width: int
) -> dict[str, Array]:
    """What the second head takes of the cues of one window.

    Returns:
        `cue` (cues, words) marks each cue's words; `offset` words to the cue, negative before it; `apart` 0 to 4 by
        sentences between within its paragraph, 5 before and 6 after it; `marks` (cues, words, 8) quotation state,
        case, chance of being a cue.
    """
    at = np.arange(width)
    low, high = np.array([c[0] for c in cues])[:, None], np.array([c[-1] for c in cues])[:, None]
    offset = np.where(at < low, at - low, np.where(at > high, at - high, 0))
    cue = ((at >= low) & (at <= high)).astype(np.float32)
    apart = np.zeros((len(cues), width), dtype=np.int64)
    sentence, paragraph = (np.array([getattr(w, name) for w in words]) for name in ("sentence", "paragraph"))
    first = low[:, 0]
    gap = np.clip(sentence - sentence[first][:, None], -2, 2) + 2
    inside = paragraph == paragraph[first][:, None]
    apart[:, : len(words)] = np.where(inside, gap, 5 + (at[: len(words)] > low))
    marks = np.zeros((len(cues), width, 8), dtype=np.float32)
    marks[:, : len(words)] = _word_marks(words, cue_chance)
    return {"cue": cue, "offset": offset.astype(np.int64), "apart": apart, "marks": marks}


def _word_marks(words: Sequence[Word], cue_chance: Array) -> Array:
    quote, case = np.array([w.quote for w in words]), np.array([w.case for w in words])
    columns = [quote == k for k in range(3)] + [case == k for k in (1, 2, 4)]
    columns += [cue_chance[: len(words)], np.zeros(len(words))]
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=-1)


def decode(
    words: Sequence[Word], cues: Sequence[tuple[int, ...]], roles: Array, valid: Array, decoder: Decoder
) -> Iterator[Proposal]:
    """Chances of roles (cues, words, 4) and of cues (logits) to attributions; each word in one content at most."""
    chance = 1 / (1 + np.exp(-(decoder.slope * valid + decoder.offset)))
    kept = [n for n in np.argsort(-chance) if chance[n] >= decoder.valid]
    taken: set[int] = set()
    chosen: list[tuple[int, tuple[int, ...]]] = []
    for n in kept:
        cue = _cue_words(cues[n], roles[n], len(words))
        if not taken & set(cue):
            taken |= set(cue)
            chosen.append((int(n), cue))
    if not chosen:
        return
    owner = np.argmax(np.stack([roles[n, : len(words), CONTENT] for n, _ in chosen]), axis=0)
    likely: dict[int, set[int]] = {}
    for place, (n, cue) in enumerate(chosen):
        own = np.flatnonzero((owner == place) & (roles[n, : len(words), CONTENT] > decoder.content))
        likely[n] = set(own.tolist()) - set(cue)
    for n, cue in chosen:
        source = [w for w in range(len(words)) if roles[n, w, SOURCE] > decoder.source and w not in cue]
        content = _filled(sorted(likely[n]), {*source, *cue}, decoder.gap)
        others = taken.union(source, *(found for other, found in likely.items() if other != n))
        content = _whole_quotations(words, content, others)
        if content:
            yield Proposal(
                source=_spans(words, _best_run(source, roles[n, :, SOURCE])),
                cue=_spans(words, list(cue)),
                content=_spans(words, content),
                probability=float(chance[n]),
            )


def _cue_words(cue: tuple[int, ...], roles: Array, length: int) -> tuple[int, ...]:
    """The cue with the words at its edges that the second head counts to it, without those it does not."""
    likely = [w for w in cue if roles[w, CUE] >= 0.5] or list(cue)
    low, high = likely[0], likely[-1]
    while low > 0 and roles[low - 1, CUE] > 0.5:
        low -= 1
    while high + 1 < length and roles[high + 1, CUE] > 0.5:
        high += 1
    return tuple(range(low, high + 1))


def _filled(content: list[int], others: set[int], gap: int) -> list[int]:
    """The words with small holes closed that hold nothing else of this attribution."""
    filled: list[int] = []
    for word in content:
        if filled and 1 < word - filled[-1] <= gap + 1 and not others & set(range(filled[-1] + 1, word)):
            filled += range(filled[-1] + 1, word)
        filled.append(word)
    return filled


def _whole_quotations(words: Sequence[Word], content: list[int], others: set[int]) -> list[int]:
    """The content with each quotation that it mostly covers made whole, where nothing of another stands in it."""
    covered = set(content)
    for quotation in _quotations(words):
        share = sum(w in covered for w in quotation) / len(quotation)
        if share >= MOSTLY and not others & set(quotation):
            covered |= set(quotation)
    return sorted(covered)


def _quotations(words: Sequence[Word]) -> Iterator[range]:
    """The runs of words from an opening mark to its closing one, marks included."""
    opened: int | None = None
    for n, word in enumerate(words):
        if opened is not None and word.paragraph != words[opened].paragraph:
            opened = None
        if word.quote != QUOTE:
            continue
        if opened is None:
            opened = n if n + 1 < len(words) and words[n + 1].quote == INSIDE else None
        else:
            yield range(opened, n + 1)
            opened = None


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _best_run(numbers: list[int], chance: Array) -> list[int]:
    """The run that is the likeliest source: a source is one stretch of words."""
    return max(_runs(_filled(numbers, set(), 2)), key=lambda run: float(chance[run].sum()), default=[])


def _spans(words: Sequence[Word], numbers: Sequence[int]) -> tuple[Span, ...]:
    return tuple((words[run[0]].start, words[run[-1]].end) for run in _runs(numbers))
