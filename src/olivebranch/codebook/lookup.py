"""Who is who, and who held which office on which day: the look-ups over the code tables."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from olivebranch.codebook.cache import recall
from olivebranch.codebook.loader import load_table
from olivebranch.codebook.names import (
    Name,
    NameIndex,
    PackedNames,
    first_word,
    fold_name,
    iter_body_names,
    iter_country_names,
    iter_people_names,
    pack_names,
    plain_name,
    surname_of,
    without_middle,
)
from olivebranch.codebook.tables import (
    Basis,
    Country,
    DecisionRule,
    Holder,
    Membership,
    Metonym,
    Office,
    Organisation,
    Person,
    Sector,
    SomeDay,
    first_day,
    last_day,
)
from olivebranch.errors import CodebookError

OFFICE_RANK = (
    "head_of_state",
    "head_of_government",
    "body_head",
    "foreign_minister",
    "defence_minister",
    "envoy",
    "legislature",
    "spokesman",
    "other",
)
"""Kinds of office, those that news means first by a bare surname before the others."""

LEADING_KINDS = frozenset({"head_of_state", "head_of_government", "foreign_minister", "defence_minister"})
COLLECTIVE_KINDS = frozenset({"igo", "body", "group"})
MEMBER_STATUSES = frozenset({"member", "elected", "permanent"})

COMMON_TITLE_OFFICES = 5
"""A title that at least this many offices share names their kind in any country ("foreign minister")."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A person in an office; `begins` and `ends` are inclusive, date.min or date.max where open.

    `known_from` and `known_to` are the same days as exactly as they are known: to the day, month or year.
    """

    person: Person
    office: Office
    begins: date
    ends: date
    acting: bool
    basis: Basis
    reference: str | None = None
    known_from: SomeDay | None = None
    known_to: SomeDay | None = None

    @property
    def of(self) -> str:
        """The code of the state or body."""
        return self.office.of

    def is_on(self, on: date) -> bool:
        """Whether the office was held on that day."""
        return self.begins <= on <= self.ends


class Codebook:
    """The look-ups over one set of code tables; tables are read when first asked for.

    `Codebook()` reads the tables that come with the package; `Codebook({"countries": rows, …})` takes rows as
    given, every table left out being empty. Codes are ISO 3166 alpha-3 for states, our own for bodies and groups.
    """

    def __init__(self, rows: Mapping[str, Iterable[Any]] | None = None) -> None:
        self._rows = None if rows is None else {name: tuple(table) for name, table in rows.items()}

    def table(self, name: str) -> tuple[Any, ...]:
        """The rows of one code table.

        Raises:
            CodebookError: the table is damaged or unknown.
        """
        return load_table(name) if self._rows is None else self._rows.get(name, ())

    def _recall(self, name: str, make: Callable[[], Any]) -> Any:
        """What is made from the tables, kept in the cache; rows that were given are no business of the cache."""
        return recall(name, make) if self._rows is None else make()

    # People and offices

    def people_named(self, name: str) -> tuple[Person, ...]:
        """The people whom a full name, another spelling of it, or a bare surname may mean.

        Initials, middle names and "Jr." that the table leaves out do not matter: "Vladimir V. Putin" is Vladimir Putin.
        """
        key = fold_name(name)
        keys = (key, plain_name(key), without_middle(plain_name(key)))
        numbers = next((self._people_by_key[one] for one in keys if one in self._people_by_key), ())
        return tuple(self._people[number] for number in numbers)

    def holdings(self, name: str, on: date) -> tuple[Holding, ...]:
        """The offices that `name` (full, variant or bare surname) held on a day, the likeliest first.

        Example: holdings("Lavrov", date(2014, 9, 28))[0].office.kind is "foreign_minister".
        """
        rows = (row for row in self._rows_of(name) if first_day(row.begins) <= on <= last_day(row.ends))
        return tuple(sorted(map(self._make_holding, rows), key=_rank))

    def past_holdings(self, name: str, on: date) -> tuple[Holding, ...]:
        """The offices that `name` had left before a day, the latest first."""
        left = [self._make_holding(row) for row in self._rows_of(name) if last_day(row.ends) < on]
        return tuple(sorted(left, key=lambda holding: (-holding.ends.toordinal(), _rank(holding))))

    def holder_of(self, of: str, office_or_kind: str, on: date) -> Holding | None:
        """Who held an office, named by its key or its kind, of a state or body on a day."""
        offices = {o.office for o in self._offices_of.get(of, ()) if office_or_kind in (o.office, o.kind)}
        rows = [row for row in self._holders_of.get(of, ()) if row.office in offices]
        held = [holding for row in rows if (holding := self._make_holding(row)).is_on(on)]
        # Where terms overlap by a day the newcomer is meant.
        return max(held, key=lambda holding: (not holding.acting, holding.begins), default=None)

    def holders_of(self, of: str, words: str, on: date) -> tuple[Holding, ...]:
        """Everybody who held an office on a day, the office named by its key, its kind or what news calls it."""
        office = self.office_by_title(words, of)
        names = {words.strip().lower().replace(" ", "_"), office.office if office else ""}
        offices = {o.office for o in self._offices_of.get(of, ()) if {o.office, o.kind} & names}
        held = [self._make_holding(row) for row in self._holders_of.get(of, ()) if row.office in offices]
        return tuple(sorted((holding for holding in held if holding.is_on(on)), key=_rank))

    def terms_of(self, of: str, kind: str) -> tuple[tuple[date, date], ...]:
        """The first and last days of everybody in a state's offices of one kind, in order; both inclusive."""
        offices = {o.office for o in self._offices_of.get(of, ()) if o.kind == kind}
        rows = (row for row in self._holders_of.get(of, ()) if row.office in offices)
        return tuple(sorted((first_day(row.begins), last_day(row.ends)) for row in rows))

    def office_by_title(self, words: str, of: str) -> Office | None:
        """The office of a state or body that news calls by these words.

        A title that most states share stands for the office of that kind: "foreign minister" of the USA
        is the Secretary of State. None where several offices of one kind share the words ("spokesman").
        """
        title = fold_name(words)
        offices = self._offices_of.get(of, ())
        named = [office for office in offices if title in _titles_of(office)]
        formal = [office for office in named if fold_name(office.title) == title]
        if formal or named:
            best = formal or [office for office in named if office.kind == named[0].kind]
            return best[0] if len(best) == 1 or best[0].kind == "head_of_state" else None
        kind = self._kind_by_title.get(title)
        alike = [office for office in offices if office.kind == kind]
        return alike[0] if len(alike) == 1 or (alike and kind in LEADING_KINDS) else None

    def printed_title(self, of: str, office: str) -> str:
        """The formal title of an office, as a brief prints it: "Minister of Foreign Affairs".

        Raises:
            CodebookError: the state or body has no such office.
        """
        row = self._office_by_key.get((of, office))
        if row is None:
            raise CodebookError(f"no office '{office}' of '{of}': see offices.csv")
        return row.title

    # States, bodies, groups

    def members(self, body: str, on: date) -> tuple[str, ...]:
        """The codes of a body's members on a day, sorted; observers and suspended members left out."""
        return tuple(sorted({m.member for m in self.memberships(body, on)}))

    def memberships(self, body: str, on: date) -> tuple[Membership, ...]:
        """The rows of a body's members on a day, by code."""
        rows = self._memberships_of.get(body, ())
        held = [m for m in rows if first_day(m.begins) <= on <= last_day(m.ends)]
        return tuple(sorted(held, key=lambda m: m.member))

    def decision_rules(self, body: str, on: date | None) -> tuple[DecisionRule, ...]:
        """The rules by which a body decides on a day, in table order; without a day all that it ever had."""
        rows: tuple[DecisionRule, ...] = self.table("decision_rules")
        own = (row for row in rows if row.body == body)
        return tuple(row for row in own if on is None or first_day(row.begins) <= on <= last_day(row.ends))

    def is_member(self, code: str, body: str, on: date) -> bool:
        """Whether a state belonged to a body on a day."""
        rows = self._memberships_of.get(body, ())
        return any(m.member == code and first_day(m.begins) <= on <= last_day(m.ends) for m in rows)

    @cached_property
    def bodies_with_members(self) -> tuple[str, ...]:
        """The codes of the bodies and groups whose members the codebook lists, sorted."""
        return tuple(sorted(self._memberships_of))

    def country(self, code: str) -> Country:
        """The row of a state.

        Raises:
            CodebookError: no state has this code.
        """
        if code not in self._countries:
            raise CodebookError(f"no country has the code '{code}': codes are ISO 3166 alpha-3")
        return self._countries[code]

    def organisation(self, code: str) -> Organisation:
        """The row of a body or group.

        Raises:
            CodebookError: no body or group has this code.
        """
        if code not in self._organisations:
            raise CodebookError(f"no organisation has the code '{code}': see organisations.csv")
        return self._organisations[code]

    def resolve(self, words: str) -> str | None:
        """The code that a code, name, demonym or metonym means; None where it means nothing we know.

        Example: resolve("Russian"), resolve("Moscow") and resolve("rus") are all "RUS".
        """
        upper = words.strip().upper()
        if self.is_state(upper) or upper in self._organisations:
            return upper
        return self._code_by_key.get(fold_name(words))

    def is_state(self, code: str) -> bool:
        """Whether the code is that of a state."""
        return code in self._countries

    def is_group(self, code: str) -> bool:
        """Whether the code stands for several states together: WEST, EU, NATO, the Security Council."""
        return code in self._organisations and self._organisations[code].kind in COLLECTIVE_KINDS

    def name_of(self, code: str) -> str:
        """The name that we print for a state, body or group.

        Raises:
            CodebookError: nobody has this code.
        """
        return self._countries[code].name if self.is_state(code) else self.organisation(code).name

    def sector(self, code: str) -> Sector | None:
        """The row of a sector, None where there is none."""
        return self._sectors.get(code)

    # What the look-ups stand on

    @cached_property
    def names(self) -> NameIndex:
        """Every name of states, bodies, metonyms and people, to search a text for."""
        metonyms: tuple[Metonym, ...] = self.table("metonyms")
        packed: PackedNames = self._recall("names", lambda: pack_names(self._all_names(), metonyms))
        return NameIndex(packed, metonyms)

    @cached_property
    def sector_words(self) -> dict[str, str]:
        """The sector that a noun or phrase tells, by its folded words."""
        return {fold_name(word): row.code for row in self._sectors.values() for word in row.words}

    @cached_property
    def office_titles(self) -> frozenset[str]:
        """Every title, folded, that some office goes by."""
        return frozenset(title for offices in self._offices_of.values() for o in offices for title in _titles_of(o))

    @cached_property
    def common_titles(self) -> frozenset[str]:
        """Titles, folded, of the leading offices that states share: president, foreign minister."""
        return frozenset(title for title, kind in self._kind_by_title.items() if kind in LEADING_KINDS)

    @cached_property
    def places(self) -> dict[str, str]:
        """The state that an act done in a city, province or contested land touches, by the place's name."""
        return {row.name: row.code for row in self.table("places")}

    @cached_property
    def places_by_word(self) -> dict[str, tuple[str, ...]]:
        """The names of places by their first word."""
        names: dict[str, list[str]] = defaultdict(list)
        for name in self.places:
            names[first_word(name)].append(name)
        return {word: tuple(known) for word, known in names.items()}

    @cached_property
    def actor_words(self) -> dict[str, frozenset[str]]:
        """The words by which actors are told, by their use (rows of actor_words.csv)."""
        return {row.use: frozenset(row.words) for row in self.table("actor_words")}

    @cached_property
    def _people(self) -> tuple[Person, ...]:
        return self.table("people")

    @cached_property
    def _countries(self) -> dict[str, Country]:
        return {row.iso3: row for row in self.table("countries")}

    @cached_property
    def _organisations(self) -> dict[str, Organisation]:
        return {row.code: row for row in self.table("organisations")}

    @cached_property
    def _sectors(self) -> dict[str, Sector]:
        return {row.code: row for row in self.table("sectors")}

    @cached_property
    def _memberships_of(self) -> dict[str, list[Membership]]:
        rows: dict[str, list[Membership]] = defaultdict(list)
        for row in self.table("memberships"):
            if row.status in MEMBER_STATUSES:
                rows[row.body].append(row)
        return rows

    @cached_property
    def _office_by_key(self) -> dict[tuple[str, str], Office]:
        return {(row.of, row.office): row for row in self.table("offices")}

    @cached_property
    def _offices_of(self) -> dict[str, list[Office]]:
        offices: dict[str, list[Office]] = defaultdict(list)
        for office in sorted(self._office_by_key.values(), key=lambda office: OFFICE_RANK.index(office.kind)):
            offices[office.of].append(office)
        return offices

    @cached_property
    def _kind_by_title(self) -> dict[str, str]:
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        for office in self._office_by_key.values():
            for title in _titles_of(office):
                kinds[title][office.kind] += 1
        common = {title: count.most_common(1)[0] for title, count in kinds.items()}
        return {title: kind for title, (kind, n) in common.items() if n >= COMMON_TITLE_OFFICES and kind != "other"}

    @cached_property
    def _people_by_key(self) -> dict[str, tuple[int, ...]]:
        """The rows of people.csv, by number, that a folded name may mean."""
        found: dict[str, tuple[int, ...]] = self._recall("people", self._fold_people)
        return found

    def _fold_people(self) -> dict[str, tuple[int, ...]]:
        keys: dict[str, list[int]] = defaultdict(list)
        for number, person in enumerate(self._people):
            names = (person.name, *person.variants, surname_of(person.name, person.country))
            for key in {fold_name(name) for name in names}:
                keys[key].append(number)
        return {key: tuple(numbers) for key, numbers in keys.items()}

    @cached_property
    def _person_by_name(self) -> dict[str, Person]:
        return {person.name: person for person in self._people}

    @cached_property
    def _holders_by_person(self) -> dict[str, list[Holder]]:
        rows: dict[str, list[Holder]] = defaultdict(list)
        for row in self.table("holders"):
            rows[row.person].append(row)
        return rows

    @cached_property
    def _holders_of(self) -> dict[str, list[Holder]]:
        rows: dict[str, list[Holder]] = defaultdict(list)
        for row in self.table("holders"):
            rows[row.of].append(row)
        return rows

    @cached_property
    def _place_names(self) -> tuple[Name, ...]:
        countries = sorted(self._countries.values(), key=lambda country: (country.ends is not None, country.iso3))
        metonyms: tuple[Metonym, ...] = self.table("metonyms")
        return (*iter_country_names(countries), *iter_body_names(self._organisations.values(), metonyms))

    def _all_names(self) -> tuple[Name, ...]:
        return (*self._place_names, *iter_people_names(self._people))

    @cached_property
    def _code_by_key(self) -> dict[str, str]:
        found: dict[str, str] = self._recall("codes", self._fold_codes)
        return found

    def _fold_codes(self) -> dict[str, str]:
        rank = {"country": 0, "organisation": 1, "demonym": 2, "capital": 3, "metonym": 4}
        codes: dict[str, str] = {}
        for name in sorted(self._place_names, key=lambda name: rank[name.kind]):
            codes.setdefault(fold_name(name.words), name.code)
        return codes

    def _make_holding(self, row: Holder) -> Holding:
        office, person = self._office_by_key.get((row.of, row.office)), self._person_by_name.get(row.person)
        if office is None or person is None:
            raise CodebookError(f"holders.csv: {row.of} {row.office} {row.person}: no such office or person")
        begins, ends = first_day(row.begins), last_day(row.ends)
        return Holding(person, office, begins, ends, row.acting, row.basis, row.reference, row.begins, row.ends)

    def _rows_of(self, name: str) -> Iterator[Holder]:
        for person in self.people_named(name):
            yield from self._holders_by_person.get(person.name, ())


@cache
def load_codebook() -> Codebook:
    """The codebook that comes with the package, made once."""
    return Codebook()


@cache
def _titles_of(office: Office) -> frozenset[str]:
    return frozenset(fold_name(words) for words in (office.title, *office.titles))


def _rank(holding: Holding) -> tuple[int, bool, int]:
    return (OFFICE_RANK.index(holding.office.kind), holding.acting, -holding.begins.toordinal())
