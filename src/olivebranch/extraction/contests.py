"""Finds deeds that only their doer tells of and another side disputes: such a deed is alleged, not done."""

import re

from olivebranch.extraction.participants import Participants, is_power, same_side
from olivebranch.records import Attribution, Event

DISPUTES = re.compile(
    r"\b(?:no (?:sign|evidence|indication|proof|change|trace)|not (?:seen|happened|true|moved|withdrawn|stopped|left)"
    r"|(?:yet|have|has) to see|remain(?:s|ed)? in place|still (?:there|in place)|untrue|never happened"
    r"|(?:could|can) not (?:confirm|verify)|nothing (?:has )?(?:changed|moved))\b",
    re.I,
)
"""What somebody says who disputes that a thing was done ("we have seen no sign of any withdrawal")."""
COOPERATIVE = frozenset({"RETREAT", "AID", "COOPERATE", "CONCEDE"})
COMMON = frozenset({"be", "do", "have", "say", "see", "make", "take", "get", "go", "come", "now", "other", "any"})


def mark_contested(events: tuple[Event, ...], participants: Participants) -> tuple[Event, ...]:
    """The events, those alleged that a side claims of itself and another side of the story disputes.

    Example: "We have pulled them back," said Putin; NATO had "seen no sign" that troops had pulled back: alleged.
    """
    disputes = [a for a in participants.attributions if any(map(DISPUTES.search, _parts(a, participants)))]
    return tuple(_weigh(event, disputes, participants) for event in events)


def _weigh(event: Event, disputes: list[Attribution], participants: Participants) -> Event:
    if event.type not in COOPERATIVE or event.factuality != "asserted" or event.according_to is None:
        return event
    claimed = _lemmas(event.trigger[0], event.trigger[1], participants)
    for dispute in disputes:
        speaker = participants.of_source(dispute)
        is_other = speaker is not None and is_power(speaker) and not any(same_side(speaker, a) for a in event.actors)
        said = {lemma for start, end in dispute.content.spans for lemma in _lemmas(start, end, participants)}
        if is_other and claimed & said:
            why = f"{event.why}; {speaker.name if speaker else 'another side'} disputes it: alleged"
            return event.model_copy(update={"factuality": "alleged", "why": why})
    return event


def _parts(attribution: Attribution, participants: Participants) -> list[str]:
    return [participants.document.words(span) for span in attribution.content.spans]


def _lemmas(start: int, end: int, participants: Participants) -> set[str]:
    """The lemmas of nouns and verbs at a place, with the whole sentence where the place is a trigger alone."""
    tokens = participants.document.parse.char_span(start, end, alignment_mode="expand")
    if tokens is None or not len(tokens):
        return set()
    if len(tokens) <= 3:
        first = max(0, tokens[0].sent.start - 30)
        tokens = tokens.doc[first : tokens[0].sent.end]
    return {t.lemma_.lower() for t in tokens if t.pos_ in {"VERB", "NOUN"}} - COMMON
