"""The shape of every code table: one frozen row class a table, in the order of the file's columns.

Tables are CSV under `data/`, sorted by their key. A tuple is written `a|b|c`; an empty cell is None (or an empty
tuple). A day may be written to the year or month; `first_day` and `last_day` say which day that means at either end.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

Basis = Literal["sourced", "cross-checked", "stated"]
SomeDay = str
"""YYYY, YYYY-MM or YYYY-MM-DD."""


def first_day(day: SomeDay | None) -> date:
    """The earliest day that `day` can mean; date.min where nothing is known."""
    if not day:
        return date.min
    year, month, rest = [*(int(part) for part in day.split("-")), 1, 1][:3]
    return date(year, month, rest)


def last_day(day: SomeDay | None) -> date:
    """The latest day that `day` can mean; date.max where the state of things still holds."""
    if not day:
        return date.max
    parts = [int(part) for part in day.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class PloverType:
    """One of PLOVER's 16 event types. `is_deed` is material; `score` is the type's own conflict-cooperation score."""

    type: str
    is_deed: bool
    is_cooperative: bool
    score: float
    definition: str
    example: str
    note: str | None


@dataclass(frozen=True, slots=True)
class PloverMode:
    """A mode of a PLOVER type; modes keep their published spelling."""

    type: str
    mode: str
    score: float | None
    definition: str
    example: str


@dataclass(frozen=True, slots=True)
class PloverContext:
    """What an event is about, told apart from what it is; `words` are lemmas or phrases that tell it."""

    context: str
    definition: str
    words: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class CameoCode:
    """A CAMEO code as text, its Goldstein score and the PLOVER type and mode it stands for."""

    code: str
    name: str
    type: str | None
    mode: str | None
    goldstein: float | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Sector:
    """The part of a society an actor belongs to (CAMEO's role codes); `words` are nouns that tell it."""

    code: str
    name: str
    is_state: bool
    words: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Country:
    """A state, past or present, with its codes in other tables and what news calls it."""

    iso3: str
    iso2: str | None
    cameo: str | None
    cow: str | None
    cow_number: int | None
    name: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    capital: str | None
    begins: SomeDay | None
    ends: SomeDay | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body, alliance, armed group, ministry or court that acts under its own code.

    `kind`: igo, body (an organ of an igo), group (a collective without organs, such as WEST), armed, company, court.
    `country` is where a non-state actor belongs; `sector` is None for bodies of states.
    """

    code: str
    name: str
    names: tuple[str, ...]
    kind: str
    parent: str | None
    country: str | None
    sector: str | None
    seat: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Metonym:
    """A place or word that stands for a power.

    `when`: words of which the sentence must hold one; `unless`: words of which it must hold none.
    """

    phrase: str
    code: str
    sector: str | None
    kind: str
    when: tuple[str, ...]
    unless: tuple[str, ...]
    example: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A member of a body from one day to another; status: member, observer, suspended, elected, permanent."""

    body: str
    member: str
    begins: SomeDay | None
    ends: SomeDay | None
    status: str
    basis: Basis
    reference: str | None


@dataclass(frozen=True, slots=True)
class Office:
    """An office of a state or body. `titles` are what news calls it, lower case, without the country.

    `kind`: head_of_state, head_of_government, foreign_minister, defence_minister, body_head, envoy, spokesman,
    legislature, other. `title` is the formal one ("Minister of Foreign Affairs", "Secretary of State").
    """

    of: str
    office: str
    kind: str
    title: str
    titles: tuple[str, ...]
    sector: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who held an office: the name that we print, other spellings, country."""

    name: str
    variants: tuple[str, ...]
    country: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held an office from one day to another; (`of`, `office`) is a row of `offices`, `person` one of `people`."""

    of: str
    office: str
    begins: SomeDay | None
    ends: SomeDay | None
    person: str
    acting: bool
    basis: Basis
    reference: str | None


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """How a body decides a matter: the rule, how many members, and what holds if nobody acts (the reversion)."""

    body: str
    matter: str
    begins: SomeDay | None
    ends: SomeDay | None
    rule: str
    members: int | None
    threshold: str
    reversion: str
    reference: str


TABLES: dict[str, type] = {
    "cameo": CameoCode,
    "countries": Country,
    "decision_rules": DecisionRule,
    "holders": Holder,
    "memberships": Membership,
    "metonyms": Metonym,
    "offices": Office,
    "organisations": Organisation,
    "people": Person,
    "plover_contexts": PloverContext,
    "plover_modes": PloverMode,
    "plover_types": PloverType,
    "sectors": Sector,
}
"""Every table by the name of its file."""
