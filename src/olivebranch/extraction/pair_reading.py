"""What the trained coder says of every pair of powers that a sentence names; rules and model are joined in `events`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from olivebranch.extraction.event_model import NONE, EventModel, Verdict
from olivebranch.extraction.marked import mark_pair
from olivebranch.extraction.participants import Participants, is_power, same_side
from olivebranch.records import Document, EventActor, Sentence, Span

MOST_PAIRS = 20
"""Pairs of one sentence that are looked at, the nearest first: a list of forty members has 1,560."""
MOST_WORDS = 120


@dataclass(frozen=True)
class Named:
    """A power as a sentence names it: who, and the words."""

    actor: EventActor
    span: Span


@dataclass(frozen=True)
class Pair:
    """An ordered pair of powers in one sentence, with what the model says of it."""

    actor: Named
    recipient: Named
    verdict: Verdict

    @property
    def root(self) -> str:
        """The likeliest act, given that there is one."""
        return self.verdict.without_none().best

    @property
    def chance(self) -> float:
        """How likely there is any act of the one towards the other."""
        return 1 - self.verdict.chances[NONE]


def read_pairs(
    document: Document, participants: Participants, sentences: Sequence[Sentence], model: EventModel
) -> dict[str, list[Pair]]:
    """Sentence id to its pairs, the best naming of each ordered pair of sides; all sentences judged at once."""
    asked = [
        (sentence, actor, recipient)
        for sentence in sentences
        for actor, recipient in candidates(document, participants, sentence)
    ]
    marked = []
    for sentence, actor, recipient in asked:
        start, end = sentence.span
        text = document.article.text[start:end]
        spans = [(n.span[0] - start, n.span[1] - start) for n in (actor, recipient)]
        marked.append(mark_pair(text, spans[0], spans[1], model.maker))
    best: dict[tuple[str, str, str], Pair] = {}
    for (sentence, actor, recipient), verdict in zip(asked, model.judge_pairs(marked), strict=True):
        key = (sentence.id, _key(actor.actor), _key(recipient.actor))
        pair = Pair(actor, recipient, verdict)
        if key not in best or pair.chance > best[key].chance:
            best[key] = pair
    found: dict[str, list[Pair]] = {}
    for (sentence_id, _, _), pair in best.items():
        found.setdefault(sentence_id, []).append(pair)
    return found


def _key(actor: EventActor) -> str:
    return f"{actor.code}/{'power' if is_power(actor) else actor.sector}"


def candidates(document: Document, participants: Participants, sentence: Sentence) -> Iterator[tuple[Named, Named]]:
    """The ordered pairs of different sides that a sentence names, the nearest first, `MOST_PAIRS` at most."""
    named = list(name_powers(document, participants, sentence))
    pairs = [(a, b) for a, b in permutations(named, 2) if not same_side(a.actor, b.actor)]
    pairs.sort(key=lambda pair: (abs(pair[0].span[0] - pair[1].span[0]), pair[0].span, pair[1].span))
    yield from pairs[:MOST_PAIRS]


def name_powers(document: Document, participants: Participants, sentence: Sentence) -> Iterator[Named]:
    """The powers that a sentence names, pronouns and "the ministry" among them, each with the words that name it."""
    tokens = document.parse.char_span(*sentence.span, alignment_mode="expand")
    if tokens is None or len(tokens) > MOST_WORDS:
        return
    last: Named | None = None
    for token in tokens:
        actor = participants.at(token)
        if actor is None:
            continue
        start, end = actor.span or (token.idx, token.idx + len(token))
        span = (max(start, sentence.span[0]), min(end, sentence.span[1]))
        if span[0] >= span[1] or not span[0] <= token.idx < span[1]:  # a pronoun: its own words, not its antecedent's
            span = (token.idx, token.idx + len(token))
        if last is not None and last.span == span:
            continue
        last = Named(actor, span)
        yield last
