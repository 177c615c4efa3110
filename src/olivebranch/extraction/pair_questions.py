"""What one marked side of a sentence does to the other: the question that a row of PLV asks, by model or by rules."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from olivebranch.extraction.event_model import NONE, PLV_SPLIT, load_event_model
from olivebranch.extraction.marked import mark_pair
from olivebranch.extraction.predicates import match_phrases
from olivebranch.records import Article, Span
from olivebranch.text import make_document

PLV_ROOTS = (
    "AGREE CONSULT SUPPORT COOPERATE AID YIELD ACCUSE REQUEST REJECT THREATEN PROTEST MOBILIZE SANCTION COERCE ASSAULT"
).split()
GUESS = "YIELD"
"""The rules' answer where no phrase fits: the most frequent root of PLV's train rows (141 of 1,050)."""

_MARK = re.compile(r"<\s*(/?)\s*([st])\s*>", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence and the spans of the two sides, in code points of `text`."""

    text: str
    actor: Span
    recipient: Span


@dataclass(frozen=True, slots=True)
class Answer:
    """One of `PLV_ROOTS`, its calibrated chance where a model gave it, and the second likeliest."""

    root: str
    probability: float | None
    runner_up: str | None


Answerer = Callable[[Sequence[Question]], list[Answer]]


def read_question(row: Mapping[str, str | None]) -> Question:
    """The question of a row; only `sentence`, `marked_sentence`, `source` and `target` are looked at.

    A side whose marks are missing or broken is looked for by its words. One that stands nowhere is asked about all the
    same: an actor as the first word, a recipient as the last.

    Example: `<s>Oslo</s> thanked <t>Rome</t>` asks about (0, 4) and (13, 17) of `Oslo thanked Rome`.
    """
    text, marks = read_marks(row.get("marked_sentence") or "")
    text = text if text.strip() else row.get("sentence") or ""
    actor, recipient = marks["s"], marks["t"]
    actor = actor or _find(text, row.get("source") or "", recipient)
    recipient = recipient or _find(text, row.get("target") or "", actor)
    words = [match.span() for match in _WORD.finditer(text)] or [(0, len(text))]
    return Question(text, actor or words[0], recipient or words[-1])


def read_marks(marked: str) -> tuple[str, dict[str, Span | None]]:
    """The plain sentence, and by `s` and `t` the span between the two marks, None where one of them is not there."""
    opened: dict[str, int] = {}
    spans: dict[str, Span | None] = {"s": None, "t": None}
    plain, size, last = [], 0, 0
    for mark in _MARK.finditer(marked):
        plain.append(marked[last : mark.start()])
        size += mark.start() - last
        last = mark.end()
        side = mark[2].lower()
        if not mark[1]:
            opened.setdefault(side, size)
        elif spans[side] is None and opened.get(side, size) < size:
            spans[side] = (opened[side], size)
    plain.append(marked[last:])
    return "".join(plain), spans


def _find(text: str, words: str, taken: Span | None) -> Span | None:
    """The first place of the words outside the other side's, whatever their case and the spaces between."""
    phrase = r"\s+".join(re.escape(word) for word in words.split())
    if not phrase:
        return None
    for pattern in (rf"(?<!\w){phrase}(?!\w)", phrase):
        for match in re.finditer(pattern, text, re.IGNORECASE):
            if taken is None or match.end() <= taken[0] or taken[1] <= match.start():
                return match.span()
    return None


def answer_by_model(questions: Sequence[Question]) -> list[Answer]:
    """The trained coder's answers, in order; it is taken as known that something happens.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    model = load_event_model()
    marked = [mark_pair(q.text, q.actor, q.recipient, model.maker) for q in questions]
    return [weigh_roots(verdict.chances) for verdict in model.judge_pairs(marked)]


def weigh_roots(chances: Mapping[str, float]) -> Answer:
    """The likeliest of PLV's roots: the chances of CONCEDE and RETREAT add up to YIELD's, NONE is left out."""
    merged = dict.fromkeys(PLV_ROOTS, 0.0)
    for root, chance in chances.items():
        if root != NONE:
            merged[PLV_SPLIT.get(root, root)] += chance
    best, second = sorted(merged, key=lambda root: -merged[root])[:2]
    return Answer(best, merged[best] / (sum(merged.values()) or 1.0), second)


def answer_by_rules(questions: Sequence[Question]) -> list[Answer]:
    """The phrase table's answers, in order: of its matches the one nearest to the actor."""
    return [_answer_by_rules(question) for question in questions]


def _answer_by_rules(question: Question) -> Answer:
    article = Article(id="", text=question.text, sha256="")
    matches = match_phrases(make_document(article, is_story=False).parse[:])
    if not matches:
        return Answer(GUESS, None, None)
    best = min(matches, key=lambda match: abs(match.trigger.idx - question.actor[1]))
    runner_up = best.runner_up and PLV_SPLIT.get(best.runner_up, best.runner_up)
    return Answer(PLV_SPLIT.get(best.phrase.type, best.phrase.type), None, runner_up)


ANSWERERS: dict[str, Answerer] = {"trained": answer_by_model, "rules": answer_by_rules}
"""Every way to answer by name; the trained one needs weights."""
