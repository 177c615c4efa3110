"""The shape of every code table: one frozen row class a table, in the order of the file's columns.

Tables are CSV under `data/`, sorted by their key. A tuple is written `a|b|c`; an empty cell is None (or an empty
tuple). A day may be written to the year or month; `first_day` and `last_day` say which day that means at either end.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

Basis = Literal["sourced", "cross-checked", "stated"]
SomeDay = str
"""YYYY, YYYY-MM or YYYY-MM-DD."""


@cache
def first_day(day: SomeDay | None) -> date:
    """The earliest day that `day` can mean; date.min where nothing is known."""
    if not day:
        return date.min
    year, month, rest = [*(int(part) for part in day.split("-")), 1, 1][:3]
    return date(year, month, rest)


@cache
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

    `kind`: igo, body (an organ of an igo), group (a collective without organs, such as WEST), armed, authority (rules
    a territory without being its recognised state), party, agency (an organ of a state), company, court, ngo.
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


@dataclass(frozen=True, slots=True)
class EventPhrase:
    """Words that code an event: heads (lemmas) with a particle, an object, and where its recipient stands.

    `objects` are lemmas, or names of `event_objects`; the head must govern one of them, where any is given.
    `recipient_roles` in order of preference: dobj, dative, comp (within the complement), csubj (subject of the
    complement), poss (modifier of the object), subj, modal, or a preposition.
    """

    heads: tuple[str, ...]
    pos: Literal["verb", "noun", "adj"]
    particles: tuple[str, ...]
    particle_optional: bool
    objects: tuple[str, ...]
    recipient_roles: tuple[str, ...]
    symmetric: bool
    type: str
    mode: str | None
    cameo: str | None
    example: str


@dataclass(frozen=True, slots=True)
class EventObject:
    """A class of nouns that the objects of event phrases are drawn from, named with an @."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactualityOperator:
    """Words that take an act out of the world of the done.

    `kind`: adverb or modal on the act's verb, mark of its clause, modifier of its noun, governor verb or noun above it.
    """

    kind: Literal["adverb", "modal", "mark", "modifier", "governor", "noun"]
    factuality: str
    words: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class ActorWords:
    """A class of words by which actors are told from places, titles from names; `note` says what the class is for."""

    use: str
    words: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class CueWord:
    """Words that attribute: a lemma or a phrase of lemmas, and how its content follows.

    `frames`: quote (a quotation), clause (with or without "that"), that (only with it), wh (whether, why …),
    infinitive ("urged X to …"), object (its object, up to what `links` open: "accused X of …"), naming ("called X Y").
    `links` are prepositions that open the content. `scope`: speech (words were uttered), mind (thoughts and wishes),
    stance (an attitude told without its words), data (what things show); the reader takes speech alone.
    `is_addressed`: the object is whom the words are addressed to ("told X").
    """

    cue: str
    kind: Literal["verb", "noun", "preposition"]
    frames: tuple[str, ...]
    links: tuple[str, ...]
    scope: Literal["speech", "mind", "stance", "data"]
    is_addressed: bool
    example: str
    note: str | None


@dataclass(frozen=True, slots=True)
class HedgeWords:
    """Words that weaken a statement; `kind` cue is for lemmas of the cue itself."""

    words: str
    kind: str
    example: str


@dataclass(frozen=True, slots=True)
class SourceWords:
    """A class of words by which speakers, outlets and occasions are told apart."""

    use: str
    words: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class OverturePhrase:
    """Words of willingness.

    `kind`: willing (lemmas that govern an act), fixed (an expression), step (lemmas of own acts).
    """

    kind: Literal["willing", "fixed", "step"]
    words: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class OvertureAct:
    """A family of acts that overtures offer (or, hostile, forgo), and the criterion that goes with it.

    `cameo` are prefixes of the deed that would keep the offer (of the act forgone, for restraint); none where the
    family names no measure, so that such an overture stays untestable. `words` are lemmas.
    """

    family: str
    kind: Literal["cooperative", "hostile"]
    cameo: tuple[str, ...]
    window_days: int
    words: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A word written with a stop that may end no sentence; lower case, without its last stop.

    `kind`: title (never ends one), number (ends none before a number), month (none before a day), open (may end one).
    """

    abbreviation: str
    kind: Literal["title", "number", "month", "open"]
    example: str


@dataclass(frozen=True, slots=True)
class FurniturePiece:
    """A named piece of the furniture patterns; `pattern` may hold other pieces, and matches `example` whole."""

    piece: str
    pattern: str
    example: str
    note: str | None


@dataclass(frozen=True, slots=True)
class FurniturePattern:
    """A line of page furniture: `pattern` matches the whole line, upper or lower case.

    `<name>`, `<date>` and the like in a pattern are rows of `furniture_pieces`.
    """

    pattern: str
    kind: Literal["byline", "credit", "caption", "dateline", "paywall", "related", "navigation"]
    example: str
    note: str | None


@dataclass(frozen=True, slots=True)
class DateWord:
    """A word of a date form's slot and what it stands for ("Sept" is 9, "several" 6)."""

    slot: str
    word: str
    value: str


@dataclass(frozen=True, slots=True)
class DateForm:
    """An expression of time: a pattern whose `{slots}` are named in `date_words`, the rule that resolves it, its guard.

    `guard` names what must also hold of the words around (`extraction/date_guards.py`), None where the pattern is sure.
    """

    pattern: str
    rule: str
    guard: str | None
    example: str


@dataclass(frozen=True, slots=True)
class DateTrap:
    """Words that look like a date and are none: papers, prayers, flights, resolutions, streets."""

    pattern: str
    example: str


@dataclass(frozen=True, slots=True)
class UsedWords:
    """A class of words by the use that the reader makes of them: "due" tells what lies ahead, "ploy" a doubt."""

    use: str
    words: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class DatedOccasion:
    """A numbered or one-off occasion whose days are known; its name in a story with a weekday dates the story."""

    occasion: str
    begins: SomeDay
    ends: SomeDay
    phrases: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class KnownAccord:
    """A treaty or accord known by its own name: who is bound, and from when to when.

    `parties` is empty where they are many; `in_force` is empty where it never was; `ended_status` says how it ended.
    """

    name: str
    names: tuple[str, ...]
    parties: tuple[str, ...]
    mediator: str | None
    signed: SomeDay
    in_force: SomeDay | None
    ended: SomeDay | None
    ended_status: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A city, province or contested land, and the state that an act done there touches."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class ArchiveCode:
    """What a word or code of an event archive means with us; of several sectors the lowest `rank` holds.

    `kind`: actor (to a state or body; no code where it is neither), group (to the state that a party, force or region
    is of), role or sector (to a sector), place (to a state).
    """

    archive: Literal["gdelt", "icews", "polecat"]
    kind: Literal["actor", "group", "place", "role", "sector"]
    word: str
    code: str | None
    rank: int | None


TABLES: dict[str, type] = {
    "accord_words": UsedWords,
    "abbreviations": Abbreviation,
    "actor_words": ActorWords,
    "archive_codes": ArchiveCode,
    "assessment_words": UsedWords,
    "cameo": CameoCode,
    "countries": Country,
    "cues": CueWord,
    "date_forms": DateForm,
    "date_traps": DateTrap,
    "date_words": DateWord,
    "dated_occasions": DatedOccasion,
    "decision_rules": DecisionRule,
    "decision_words": UsedWords,
    "event_objects": EventObject,
    "event_phrases": EventPhrase,
    "event_words": UsedWords,
    "factuality_operators": FactualityOperator,
    "furniture": FurniturePattern,
    "furniture_pieces": FurniturePiece,
    "hedges": HedgeWords,
    "holders": Holder,
    "known_accords": KnownAccord,
    "memberships": Membership,
    "metonyms": Metonym,
    "offices": Office,
    "organisations": Organisation,
    "outlook_words": UsedWords,
    "overture_acts": OvertureAct,
    "overture_phrases": OverturePhrase,
    "people": Person,
    "places": Place,
    "plover_contexts": PloverContext,
    "plover_modes": PloverMode,
    "plover_types": PloverType,
    "sectors": Sector,
    "source_words": SourceWords,
}
"""Every table by the name of its file."""
