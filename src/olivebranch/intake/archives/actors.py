"""Who an archive's actor is: state or body, sector, whether an organ of the state, on which days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from olivebranch.codebook import Codebook
from olivebranch.codebook.lookup import Holding
from olivebranch.codebook.names import fold_name
from olivebranch.codebook.tables import ArchiveCode, Organisation

SEPARATOR = "\x1f"
"""Stands between name, country and sectors in an actor's key."""
FORMER = ("former ", "ex-", "ex ")
STATE_KINDS = frozenset({"agency", "armed", "authority", "company", "court", "ngo", "party"})
"""Kinds of organisation that act for, in or against the country they are of."""


@dataclass(frozen=True, slots=True)
class ResolvedActor:
    """Who a key means from one day to another, both inclusive; `is_organ` is an organ of a state."""

    key: str
    begins: date
    ends: date
    code: str | None
    sector: str | None
    is_organ: bool
    is_former: bool


@dataclass(frozen=True, slots=True)
class _Seat:
    """What is known of an actor apart from days."""

    code: str | None = None
    sector: str | None = None


class ActorResolver:
    """Resolves the keys of one archive: a CAMEO actor code, or name, country and sectors as the archive has them.

    Example: resolve("Foreign Affairs (Bangladesh)\\x1f\\x1f") has the code BGD and the sector GOV.
    """

    def __init__(self, codebook: Codebook, archive: str) -> None:
        self.codebook = codebook
        self.archive = archive

    def resolve(self, key: str) -> Iterator[ResolvedActor]:
        """The key's meanings, one a stretch of days; stretches do not overlap and leave no day out."""
        if self.archive == "gdelt":
            yield self._make(key, self._read_code(key), is_former=self._sector_of(_pieces(key)) == "ELI")
            return
        name, country, sectors = [*key.split(SEPARATOR), "", ""][:3]
        seat = self._seat_of(name, country, sectors)
        spells = tuple(self._person_spells(name)) if seat.code is None or country else ()
        if spells:
            yield from self._dated(key, spells, _Seat(seat.code, self._sector_of(_listed(sectors))))
        else:
            yield self._make(key, seat, is_former=name.lower().startswith(FORMER))

    def place(self, word: str) -> str | None:
        """The state in which a place lies, by the archive's code or name of it."""
        return self._words("place").get(word) or self._country_of(word)

    # CAMEO actor codes

    def _read_code(self, code: str) -> _Seat:
        """A CAMEO actor code, read in its pieces of three letters: USAGOV, IGOEUREEC, MNCKOR."""
        pieces = _pieces(code)
        countries = [self._cameo_countries[piece] for piece in pieces if piece in self._cameo_countries]
        named = [seat for piece in pieces if (seat := self._listed_actor(piece))]
        sector = self._sector_of(pieces)
        if countries:
            return _Seat(countries[0], sector or "GOV")
        if named:
            return _Seat(named[0].code, sector if self.codebook.is_state(named[0].code or "") else named[0].sector)
        return _Seat(None, sector)

    @cached_property
    def _cameo_countries(self) -> dict[str, str]:
        return {row.cameo: row.iso3 for row in self.codebook.table("countries") if row.cameo}

    # Names

    def _seat_of(self, name: str, country: str, sectors: str) -> _Seat:
        role, _, within = name.removesuffix(")").rpartition(" (") if name.endswith(")") else ("", "", "")
        told = self._sector_of(_listed(sectors))
        if role:
            whole = self._seat_of(within, "", "")
            code = whole.code or self._country_of(country)
            is_plain = whole.sector in (None, "GOV", "IGO")
            return _Seat(code, told or (self._role_sector(role) if is_plain else whole.sector))
        named = self._listed_actor(name) or self._body_or_state(name)
        if named is not None:
            return _Seat(named.code or self._country_of(country), named.sector or told)
        return _Seat(self._country_of(country), told or (self._role_sector(name) if country else None))

    def _listed_actor(self, word: str) -> _Seat | None:
        """What the table of archive codes says of a word; None where it says nothing."""
        if word in self._words("group"):
            return _Seat(self._words("group")[word], self._words("role").get(word))
        if word not in self._words("actor"):
            return None
        code = self._words("actor")[word]
        seat = _Seat() if code is None else self._coded(code)
        return _Seat(seat.code, self._words("role").get(word, seat.sector))

    def _body_or_state(self, name: str) -> _Seat | None:
        code = self.codebook.resolve(name)
        return None if code is None else self._coded(code)

    def _coded(self, code: str) -> _Seat:
        """A code as archives count it: an organ of a body is its body, a party or armed group is of its country."""
        if self.codebook.is_state(code):
            return _Seat(code, "GOV")
        body: Organisation = self.codebook.organisation(code)
        if body.kind in STATE_KINDS and body.country:
            return _Seat(body.country, body.sector or ("PTY" if body.kind == "party" else None))
        while body.parent and body.kind != "group":
            body = self.codebook.organisation(body.parent)
        return _Seat(body.code, body.sector or "IGO")

    def _country_of(self, word: str) -> str | None:
        if not word:
            return None
        seat = self._listed_actor(word) or self._body_or_state(word)
        return seat.code if seat and seat.code and self.codebook.is_state(seat.code) else None

    def _role_sector(self, role: str) -> str | None:
        """The sector of a generic agent: by the table, else by the longest known words that it ends or begins with."""
        plain = role.strip()
        if plain.lower().startswith(FORMER):
            return "ELI"
        if plain in self._words("role"):
            return self._words("role")[plain]
        words = fold_name(plain).split()
        tails = [" ".join(words[n:]) for n in range(len(words))]
        heads = [" ".join(words[:n]) for n in range(len(words) - 1, 0, -1)]
        known = self.codebook.sector_words
        forms = (form for words in (*tails, *heads) for form in (words, words.removesuffix("s")))
        return next((known[form] for form in forms if form in known), None)

    def _sector_of(self, words: Iterable[str]) -> str | None:
        """Of the sectors that an archive lists for an actor, the one that says most of whom it acts for."""
        found = [row for word in words if (row := self._sector_rows.get(word)) and row.code]
        return min(found, key=lambda row: row.rank or 0).code if found else None

    # People in office

    def _person_spells(self, name: str) -> Iterator[tuple[date, date, Holding | None]]:
        """The offices of a named person, one a stretch of days, the likeliest first; None before and after them."""
        if len(name.split()) < 2 or len(self.codebook.people_named(name)) != 1:
            return
        held = (*self.codebook.past_holdings(name, date.max), *self.codebook.holdings(name, date.max))
        if not held:
            return
        after = {holding.ends + timedelta(days=1) for holding in held if holding.ends < date.max}
        starts = sorted({date.min, *(holding.begins for holding in held), *after})
        for start, end in zip(starts, [*(day - timedelta(days=1) for day in starts[1:]), date.max], strict=True):
            yield start, end, next(iter(self.codebook.holdings(name, start)), None)

    def _dated(
        self, key: str, spells: tuple[tuple[date, date, Holding | None], ...], listed: _Seat
    ) -> Iterator[ResolvedActor]:
        """The stretches of a person; between offices the archive's own sector holds, else they are out of office."""
        last: Holding | None = None
        home = next(holding.person.country for *_, holding in spells if holding)
        for begins, ends, holding in spells:
            if holding is not None:
                seat = self._coded(holding.of)
                is_state = self.codebook.is_state(seat.code or "")
                seat = _Seat(seat.code, holding.office.sector if is_state else seat.sector)
                last = holding
                yield self._make(key, seat, begins, ends)
            else:
                code = home or listed.code
                is_former = last is not None and not self._is_organ(_Seat(code, listed.sector))
                sector = listed.sector or ("ELI" if is_former else None)
                yield self._make(key, _Seat(code, sector), begins, ends, is_former=is_former)

    # Making rows

    def _make(
        self, key: str, seat: _Seat, begins: date = date.min, ends: date = date.max, *, is_former: bool = False
    ) -> ResolvedActor:
        return ResolvedActor(
            key, begins, ends, seat.code, seat.sector, self._is_organ(seat) and not is_former, is_former
        )

    def _is_organ(self, seat: _Seat) -> bool:
        sector = self.codebook.sector(seat.sector or "")
        return self.codebook.is_state(seat.code or "") and sector is not None and sector.is_state

    def _words(self, kind: str) -> dict[str, str | None]:
        return self._tables.get(kind, {})

    @cached_property
    def _tables(self) -> dict[str, dict[str, str | None]]:
        tables: dict[str, dict[str, str | None]] = {}
        for row in self._rows:
            tables.setdefault(row.kind, {})[row.word] = row.code
        return tables

    @cached_property
    def _sector_rows(self) -> dict[str, ArchiveCode]:
        own = {
            row.code: ArchiveCode("icews", "sector", row.code, row.code, 5) for row in self.codebook.table("sectors")
        }
        return {**own, **{row.word: row for row in self._rows if row.kind == "sector"}}

    @cached_property
    def _rows(self) -> tuple[ArchiveCode, ...]:
        """The table's rows for this archive; names are ICEWS's for all archives that print names."""
        rows: tuple[ArchiveCode, ...] = self.codebook.table("archive_codes")
        names = () if self.archive == "gdelt" else ("actor", "group", "role")
        return tuple(
            row for row in rows if row.archive == self.archive or (row.archive == "icews" and row.kind in names)
        )


def _pieces(code: str) -> tuple[str, ...]:
    return tuple(code[n : n + 3] for n in range(0, len(code), 3))


def _listed(words: str) -> list[str]:
    """The words of a list as ICEWS (commas) and POLECAT (semicolons) write it."""
    return [word.strip() for part in words.split(";") for word in part.split(",") if word.strip()]
