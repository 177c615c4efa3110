"""Answers what a user asks by hand: whom "Foreign Minister Lavrov" means, and when nobody is known in an office."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from olivebranch.codebook.lookup import Codebook, Holding
from olivebranch.codebook.names import fold_name
from olivebranch.codebook.tables import Office, first_day, last_day

GAP_KINDS = ("head_of_state", "head_of_government", "foreign_minister", "defence_minister")
"""The offices whose gaps are listed."""

FIRST_DAY = date(1990, 1, 1)
"""Before this day the tables promise nothing."""

PAST_MARK = re.compile(r"^(?:the\s+)?(then|former|ex|late|one-?time|erstwhile)\b[\s-]*", re.IGNORECASE)
LEADING_MARK = re.compile(r"^(?:the|acting|interim|caretaker|incoming|outgoing)\s+", re.IGNORECASE)
NOT_YET = re.compile(r"[\s-]+(?:elect|designate)\b", re.IGNORECASE)
HONORIFIC_USES = ("honorific", "honorific_female", "honorific_male")


@dataclass(frozen=True, slots=True)
class Asked:
    """A person asked for in words: the name, the title said before it, its state, and whether that title is past."""

    name: str
    title: str | None = None
    of: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Days, both inclusive, on which no holder of an office is known; `ends` is None where it lasts to this day."""

    of: str
    kind: str
    begins: date
    ends: date | None


def find_holdings(codebook: Codebook, words: str, on: date) -> list[Holding]:
    """The offices held on a day by whoever the words mean, best match first; [] if nobody held anything.

    The words may hold titles, honorifics and marks of the past. After "former" the offices left before the day are
    meant; after "then-" those of the day, or else those left. A state that is named must be the holder's; a title puts
    first him who bears it, and where nobody does it says nothing.

    Example: find_holdings(book, "then-Secretary of State Clinton", date(2009, 3, 6)) begins with Hillary Clinton.
    """
    asked = read_asked(codebook, words)
    held = [] if asked.mark not in {None, "then"} else list(codebook.holdings(asked.name, on))
    if asked.mark and not any(_bears(codebook, holding, asked) for holding in held):
        held = list(codebook.past_holdings(asked.name, on))
    held = [holding for holding in held if asked.of in {None, holding.of}]
    if asked.title:
        fitting = [holding for holding in held if _bears(codebook, holding, asked)]
        held = fitting + [holding for holding in held if holding not in fitting and not asked.mark]
    return held


def read_asked(codebook: Codebook, words: str) -> Asked:
    """The name, title, state and mark in words such as "then-Russian Foreign Minister Sergei Lavrov"."""
    mark = PAST_MARK.match(words.strip())
    rest = NOT_YET.sub(" ", PAST_MARK.sub("", words.strip()))
    while (shorter := LEADING_MARK.sub("", rest)) != rest:
        rest = shorter
    parts = [part for part in rest.split() if not _is_honorific(codebook, part)]
    for start in range(len(parts)):
        name = " ".join(parts[start:])
        if codebook.people_named(name):
            of, title = _split_title(codebook, parts[:start])
            return Asked(name, title, of, mark[1].lower() if mark else None)
    return Asked(" ".join(parts) or words, mark=mark[1].lower() if mark else None)


def _is_honorific(codebook: Codebook, word: str) -> bool:
    return any(word.lower() in codebook.actor_words.get(use, ()) for use in HONORIFIC_USES)


def _split_title(codebook: Codebook, parts: list[str]) -> tuple[str | None, str | None]:
    """The state and the title in the words before a name: "US Secretary of State" gives USA and that title."""
    for end in range(len(parts), 0, -1):
        code = codebook.resolve(" ".join(parts[:end]).removesuffix("'s").removesuffix("’s"))
        if code:
            return code, " ".join(parts[end:]) or None
    return None, " ".join(parts) or None


def _bears(codebook: Codebook, holding: Holding, asked: Asked) -> bool:
    """Whether a holding is of the state and title asked for."""
    if asked.of and asked.of != holding.of:
        return False
    if asked.title is None:
        return True
    office: Office | None = codebook.office_by_title(asked.title, holding.of)
    titles = {fold_name(title) for title in (holding.office.title, *holding.office.titles)}
    return fold_name(asked.title) in titles or (office is not None and office.kind == holding.office.kind)


def find_gaps(codebook: Codebook, of: str | None = None, until: date | None = None) -> list[Gap]:
    """The stretches since 1990, or since a state began, with no known holder of a leading office.

    A state that has no such office in the table gets one gap for the whole time; one head of state and government
    fills both where the state has but the one office. A stretch of a week or less between two holders is a handover.

    Raises:
        CodebookError: no state has the code `of`.
    """
    states = [codebook.country(of)] if of else codebook.table("countries")
    last = until or date.today()
    return [
        gap
        for state in states
        for kind in GAP_KINDS
        for gap in _iter_gaps(
            codebook, state.iso3, kind, max(FIRST_DAY, first_day(state.begins)), min(last, last_day(state.ends))
        )
    ]


def _iter_gaps(codebook: Codebook, of: str, kind: str, first: date, last: date) -> Iterator[Gap]:
    terms = codebook.terms_of(of, kind)
    if kind == "head_of_government" and not terms:
        terms = codebook.terms_of(of, "head_of_state")
    day = first
    for begins, ends in terms:
        if begins > last:
            break
        if (begins - day).days > 7:
            yield Gap(of, kind, day, begins - timedelta(days=1))
        day = max(day, ends if ends == date.max else ends + timedelta(days=1))
    if day < last:
        yield Gap(of, kind, day, None if last >= date.today() else last)
