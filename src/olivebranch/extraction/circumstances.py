"""What surrounds a statement: to whom, where and when the words were said, and what weakens them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Token

from olivebranch.codebook import load_table
from olivebranch.extraction.cues import CueMatch
from olivebranch.extraction.scene import Scene
from olivebranch.extraction.source_words import has_use
from olivebranch.records import ActorMention, Days, Hedge, Span

REACH = 16
"""Words on either side of a cue that may tell its circumstances."""

FINITE = frozenset({"VBD", "VBZ", "VBP"})
STOPPERS = frozenset({";", ":"})
NOMINAL = frozenset({"PROPN", "NOUN", "NUM", "ADJ"})
VENUE_PREPOSITIONS = frozenset({"in", "at", "on", "during", "to", "with", "by", "for", "via", "from", "before"})


def cue_window(scene: Scene, cue: CueMatch, contents: tuple[Span, ...], source: Span | None) -> list[Token]:
    """The words about a cue that are neither content nor source: up to the next verb, quotation or stop."""
    begin, end = scene.sentence_bounds[cue.token.i]
    shut = [*contents, *([source] if source else [])]
    after = list(_walk(scene, range(cue.last, min(end, cue.last + REACH)), shut))
    before = list(_walk(scene, range(cue.first - 1, max(begin, cue.first - REACH) - 1, -1), shut))
    return [*before[::-1], *after]


def _walk(scene: Scene, indices: range, shut: list[Span]) -> Iterator[Token]:
    for index in indices:
        token = scene.parse[index]
        if any(start <= token.idx < end for start, end in shut):
            if len(shut) > 1 and shut[-1][0] <= token.idx < shut[-1][1]:
                continue
            return
        if scene.is_quoted(token) or token.text in STOPPERS or (token.tag_ in FINITE and token.pos_ == "VERB"):
            return
        yield token


def find_venue(scene: Scene, window: list[Token]) -> str | None:
    """The outlet or occasion that the words were said to or at, as named.

    Example: of `he told Russia's Channel 5 on Sunday` the venue is "Channel 5".
    """
    occasion = None
    for token in window:
        if has_use(token, "outlet") and (
            token.ent_type_ in {"ORG", "PRODUCT", "WORK_OF_ART"}
            or token.text[:1].isupper()
            or token.dep_ in {"pobj", "dobj"}
        ):
            return _phrase(scene, token, window)
        if occasion is None and has_use(token, "occasion") and _is_placed(token):
            occasion = _phrase(scene, token, window)
    return occasion


def _is_placed(token: Token) -> bool:
    """Whether the word stands after "in", "at" and the like ("at a news conference")."""
    return token.dep_ == "pobj" and token.head.lower_ in VENUE_PREPOSITIONS


def _phrase(scene: Scene, token: Token, window: list[Token]) -> str:
    """The name that a word stands in, without article and owner."""
    allowed = {other.i for other in window}
    first = last = token.i
    while (
        first - 1 in allowed
        and scene.parse[first - 1].pos_ in NOMINAL
        and scene.parse[first - 1].ent_type_ not in {"DATE", "TIME"}
    ):
        first -= 1
    while (
        last + 1 in allowed
        and scene.parse[last + 1].pos_ in NOMINAL
        and scene.parse[last + 1].ent_type_ not in {"DATE", "TIME"}
    ):
        last += 1
    start, end = scene.span_of(first, last + 1)
    return " ".join(scene.text[start:end].split())


def find_addressee(scene: Scene, cue: CueMatch, window: list[Token]) -> str | None:
    """The code of the state, body or group to whom the words are addressed ("told X", "a message to the West")."""
    heads = [child for child in cue.token.children if child.dep_ in {"dobj", "dative"} and cue.row.is_addressed]
    for child in cue.token.children:
        if child.dep_ in {"prep", "dative"} and child.lower_ in {"to", "on", "upon"}:
            heads += [
                obj for obj in child.children if obj.dep_ == "pobj" and (child.lower_ == "to" or child.i < cue.last)
            ]
    inside = {token.i for token in window}
    for head in heads:
        is_free = head.i in inside or cue.row.is_addressed
        actor = _actor_at(scene, head)
        if is_free and actor is not None:
            return code_of(actor)
    return None


def _actor_at(scene: Scene, head: Token) -> ActorMention | None:
    """The actor that a noun names, or is qualified by ("Russian lawmakers"); the owner of a channel is not meant."""
    whole = next((a for a in scene.last_actors_before(head.idx + 1, 3) if a.span[0] <= head.idx < a.span[1]), None)
    if whole is not None or has_use(head, "outlet") or has_use(head, "occasion"):
        return whole
    sides = [child for child in head.lefts if child.dep_ in {"amod", "compound", "nmod"}]
    found = [actor for side in sides for actor in scene.actors_in((side.idx, side.idx + len(side)))]
    return found[-1] if found else None


def code_of(actor: ActorMention) -> str | None:
    """The code that an actor counts under: its state, or the body or group itself."""
    return actor.country if actor.kind in {"person", "state"} else actor.entity or actor.country


def find_said_on(scene: Scene, window: list[Token]) -> Days | None:
    """The day that the cue's own words give ("said Sunday"), as resolved; None where they give none."""
    inside = {token.idx for token in window}
    for mention in scene.dates[bisect_left(scene.dates, window[0].idx, key=lambda d: d.span[0]) :] if window else ():
        if mention.span[0] > window[-1].idx:
            return None
        if mention.span[0] in inside and mention.granularity in {"day", "week", "range", "month"}:
            published = scene.document.article.published_on
            if published is not None and mention.from_ > published:
                return None  # Nobody has spoken after the day of publication.
            return Days(from_=mention.from_, to=mention.to)
    return None


@cache
def _hedge_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {row.words: row.kind for row in load_table("hedges") if row.kind != "cue"}
    words = "|".join(re.escape(word) for word in sorted(kinds, key=len, reverse=True))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE), kinds


@cache
def _cue_hedges() -> frozenset[str]:
    return frozenset(row.words for row in load_table("hedges") if row.kind == "cue")


def find_hedges(
    scene: Scene, contents: tuple[Span, ...], cue: CueMatch | None, window: list[Token]
) -> tuple[Hedge, ...]:
    """The words that weaken a statement, in its content, in its cue and beside it.

    Example: `suggested that Russia might not strike back` has two: "suggested" (cue) and "might" (modal).
    """
    pattern, kinds = _hedge_pattern()
    found = {}
    beside = [token for token in window if cue is not None and token.head == cue.token]
    for start, end in (*contents, *((token.idx, token.idx + len(token)) for token in beside)):
        for match in pattern.finditer(scene.text, start, end):
            if match.group() != "May":
                found[match.span()] = kinds[match.group().lower()]
    if cue is not None and cue.row.cue in _cue_hedges():
        found[scene.span_of(cue.token.i, cue.token.i + 1)] = "cue"
    return tuple(Hedge(span=span, kind=found[span]) for span in sorted(found))
