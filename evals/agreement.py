"""When two annotations agree: spans, names, offices, roles and days, each as lenient as a fair reader would be."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from evals.gold import Mark, interval
from olivebranch.codebook.loader import load_table
from olivebranch.records import ActorMention, Attribution, Days, Event, EventActor, EventDate, Span

Found = TypeVar("Found")

ARMED = {"REB", "RAD", "UAF"}
"""Sectors that make an actor somebody else than the country it belongs to."""

_SMALL = {"of", "the", "for", "and", "affairs", "a", "to", "then", "deputy"}
_SAME_WORDS = {
    "press secretary": "spokesman",
    "spokesperson": "spokesman",
    "spokeswoman": "spokesman",
    "councillor": "councilor",
    "external": "foreign",
}
"""Words that offices are called by, one for another."""


def pair_best(
    golds: Sequence[Mark], found: Sequence[Found], weigh: Callable[[Mark, Found], float]
) -> list[tuple[int, int]]:
    """One-to-one pairs (index in `golds`, index in `found`), the heaviest first; weight 0 never pairs.

    Doubtful marks take only what is left, so that leaving one out costs nothing.
    """
    weights = [
        (not gold.is_doubtful, weight, -i, -j)
        for i, gold in enumerate(golds)
        for j, one in enumerate(found)
        if (weight := weigh(gold, one)) > 0
    ]
    pairs: dict[int, int] = {}
    for _, _, minus_i, minus_j in sorted(weights, reverse=True):
        if -minus_i not in pairs and -minus_j not in pairs.values():
            pairs[-minus_i] = -minus_j
    return sorted(pairs.items())


def letters(text: str, spans: Iterable[Span]) -> frozenset[int]:
    """The offsets of the letters and digits in `spans`: marks and white space at the edges do not count."""
    return frozenset(k for start, end in spans for k in range(start, end) if text[k].isalnum())


def overlap(text: str, left: Iterable[Span], right: Iterable[Span]) -> float:
    """Intersection over union of the letters of two sets of spans, 0 to 1."""
    a, b = letters(text, left), letters(text, right)
    return len(a & b) / len(a | b) if a & b else 0.0


def same_name(left: str | None, right: str | None) -> bool:
    """Whether two names are one: the last words agree, or one is the other's initials.

    Example: "Vladimir Putin" and "Putin"; "European Union" and "EU"; "China and Japan" and "Japan".
    """
    if not left or not right:
        return False
    lasts = [{_last(part) for part in name.split(" and ")} for name in (left, right)]
    return bool(lasts[0] & lasts[1]) or left == _initials(right) or right == _initials(left)


def _last(name: str) -> str:
    words = re.findall(r"[\w'-]+", name.lower().replace("’", "'").removesuffix("'s"))
    return words[-1] if words else ""


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper())


def same_office(left: str | None, right: str | None) -> bool:
    """Whether one office's words hold the other's: "foreign minister" and "Minister of Foreign Affairs"."""
    a, b = _office_words(left), _office_words(right)
    return bool(a and b) and (a <= b or b <= a)


def _office_words(office: str | None) -> set[str]:
    words = (office or "").lower()
    for word, same in _SAME_WORDS.items():
        words = words.replace(word, same)
    return set(re.findall(r"\w+", words)) - _SMALL


def same_speaker(text: str, mark: Mark, found: Attribution) -> bool:
    """Whether the speaker is the gold's: by name, by country and office, or by words and country where unnamed."""
    gold, source = mark.values, found.source
    if not gold["is_named"]:
        spoken = bool(mark.source and source.span and overlap(text, [mark.source], [source.span]))
        alike = spoken or same_name(gold["speaker"], source.name)
        fits = source.country is None or same_country(gold["country"], source.country)
        return not source.is_named and fits and alike
    if same_name(gold["speaker"], source.name):
        return True
    if gold["country"] is None or gold["country"] != source.country:
        return False
    if gold["office"] or source.office:
        return same_office(gold["office"], source.office)
    return gold["affiliation"] is None  # a state or its ministry: the country is the speaker


def same_country(gold: str | None, found: str | None) -> bool:
    """Whether the country is the gold's; who belongs to no country may carry the code of a body instead."""
    return gold == found or (gold is None and found in {row.code for row in load_table("organisations")})


def same_actor(gold: dict[str, Any], found: ActorMention) -> bool:
    """Whether the mention is resolved to the gold's actor; a state may go by its capital or its government."""
    if same_name(gold["name"], found.name) or gold["name"] == found.entity:
        return True
    is_state = "office" not in gold and found.kind != "person"
    return is_state and gold["country"] is not None and gold["country"] == found.country


def same_roles(gold: dict[str, Any], found: Event) -> bool:
    """Whether actors and recipients agree; who comes first does not matter where both sides act together."""
    actors, recipients = _powers(gold["actors"]), _powers(gold["recipients"])
    given = [_found_powers(side) for side in (found.actors, found.recipients)]
    if actors == recipients:
        return given[0] | given[1] == actors and bool(given[0])
    return given == [actors, recipients]


def shared_roles(gold: dict[str, Any], found: Event) -> int:
    """How many of the gold's powers stand on the same side in the event."""
    sides = ((gold["actors"], found.actors), (gold["recipients"], found.recipients))
    return sum(len(_powers(codes) & _found_powers(actors)) for codes, actors in sides)


def _powers(codes: Iterable[str]) -> set[str]:
    return {name_power(*(code.split("/") if "/" in code else (code, None))) for code in codes}


def _found_powers(actors: Iterable[EventActor]) -> set[str]:
    return {name_power(actor.code, actor.sector) for actor in actors}


def name_power(code: str, sector: str | None) -> str:
    """The power that a code stands for: a country for its organs, a country and REB for its rebels, EU for its organs.

    Example: `FSB` is RUS; `UKR_SEPARATISTS` and UKR with sector REB are both UKR/REB; `COUNCIL_EU` is EU.
    """
    row = {row.code: row for row in load_table("organisations")}.get(code)
    if row and row.country:
        code, sector = row.country, row.sector or sector
    elif row and row.parent == "EU":
        code = "EU"
    return f"{code}/REB" if sector in ARMED else code


def within_days(gold: dict[str, Any] | None, found: Days | EventDate | None) -> bool:
    """Whether the days found lie within the gold's: a day must be that day, an interval is a bound."""
    days = interval(gold)
    return days is not None and found is not None and days[0] <= found.from_ and found.to <= days[1]
