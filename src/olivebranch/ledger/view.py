"""Reads the ledger as of a day: what was known then, corrections applied, each story's facts once."""

import json
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from olivebranch.codebook import load_codebook
from olivebranch.ledger.corrections import correct_fact, correct_overture, correct_reading, standing_corrections
from olivebranch.ledger.rows import Correction, Coverage, Criterion, Fact, LedgerOverture, Outcome
from olivebranch.ledger.store import Ledger
from olivebranch.records import Reading

FACT_COLUMNS = """fact_id, origin, article_id, span_start, span_end, actors, actor_sectors, recipients,
    recipient_sectors, type, mode, cameo, is_deed, factuality, score, summary, regime, happened_from, happened_to,
    known_on, basis, reference, story_id"""
OVERTURE_COLUMNS = """o.overture_id, o.origin, o.article_id, o.span_start, o.span_end, o.source, o.targets, o.who,
    o.office, o.grade, o.is_restraint, o.words, o.cost_flags, o.said_on, o.known_on, o.dyad_state, o.basis,
    o.reference, o.story_id, c.family, c.cameo, c.window_days, c.opens_on, c.closes_on, c.wording"""


_Told = TypeVar("_Told", Fact, LedgerOverture)

WAS_KNOWN = "coalesce(known_on, CAST(recorded_at AS DATE)) <= ?"
"""What was public by a day; what tells no such day was public when it was recorded, at the latest."""


class View:
    """What the ledger knew on a day (`as_of`, inclusive; None: everything), corrections applied. Reads only."""

    def __init__(self, ledger: Ledger, as_of: date | None = None) -> None:
        self.ledger = ledger
        self.as_of = as_of or date.max

    def facts(
        self, *, sources: set[str] | None = None, targets: set[str] | None = None,
        begins: date | None = None, ends: date | None = None,
    ) -> list[Fact]:  # fmt: skip
        """The facts by `sources` to `targets` that happened in the days given (both inclusive), oldest first.

        A state stands here for its organs only: its rebels or companies are not it. A fact without a day counts by the
        day that it was known. What several articles tell counts once.
        """
        rows = self.ledger.rows(
            f"""SELECT {FACT_COLUMNS} FROM facts
                WHERE {WAS_KNOWN}
                  AND (? IS NULL OR list_has_any(actors, ?)) AND (? IS NULL OR list_has_any(recipients, ?))
                ORDER BY coalesce(happened_from, known_on), origin = 'story', known_on, fact_id""",
            [self.as_of, *_twice(sources), *_twice(targets)],
        )
        standing = self._standing()
        corrected = (correct_fact(fact, standing.get(fact.fact_id, {})) for fact in map(_fact, rows))
        found = [fact for fact in corrected if fact is not None and _is_between(fact, sources, targets)]
        return _count_once([fact for fact in found if _happened_in(fact, begins, ends)], _fact_keys)

    def overtures(self, *, sources: set[str] | None = None, targets: set[str] | None = None) -> list[LedgerOverture]:
        """The overtures from `sources` to any of `targets`, oldest first, each with the outcome known by the day.

        What several articles tell counts once.
        """
        rows = self.ledger.rows(
            f"""SELECT {OVERTURE_COLUMNS} FROM overtures o JOIN criteria c USING (overture_id, origin)
                WHERE coalesce(o.known_on, CAST(o.recorded_at AS DATE)) <= ?
                  AND (? IS NULL OR list_contains(?, o.source)) AND (? IS NULL OR list_has_any(o.targets, ?))
                ORDER BY o.said_on, o.origin = 'story', o.known_on, o.overture_id""",
            [self.as_of, *_twice(sources), *_twice(targets)],
        )
        outcomes, standing = self._outcomes(), self._standing()
        found = (_overture(row, outcomes.get(row[:2])) for row in rows)
        corrected = (correct_overture(o, standing.get(o.overture_id, {}), self.as_of) for o in found)
        return _count_once([o for o in corrected if o is not None], _overture_keys)

    def criteria(self) -> dict[str, Criterion]:
        """Every criterion of a story's overture, by the overture's id, as it was fixed."""
        rows = self.ledger.rows(
            "SELECT overture_id, family, cameo, window_days, opens_on, closes_on, wording FROM criteria "
            "WHERE origin = 'story'"
        )
        return {key: Criterion(family, tuple(cameo), *rest) for key, family, cameo, *rest in rows}

    def corrected(self, reading: Reading) -> Reading:
        """A reading with the ledger's corrections of its events and overtures applied."""
        return correct_reading(reading, self._standing())

    def coverage(self) -> list[Coverage]:
        """The stretches in which the ledger is complete, for a directed dyad and some kinds of deeds."""
        rows = self.ledger.rows(
            "SELECT origin, source, target, begins, ends, types, how FROM coverage ORDER BY source, target, begins"
        )
        return [Coverage(o, s, t, b, e, tuple(types), how) for o, s, t, b, e, types, how in rows]

    def reading(self, article_id: str) -> Reading | None:
        """The whole reading of one article."""
        rows = self.ledger.rows("SELECT reading FROM articles WHERE article_id = ?", [article_id])
        return Reading.model_validate(json.loads(rows[0][0])) if rows else None

    def articles(self) -> list[dict[str, Any]]:
        """Every article by day: id, story, title, outlet, day and how it was found."""
        rows = self.ledger.rows(
            f"""SELECT article_id, story_id, title, outlet, url, published_on, published_on_how FROM articles
               WHERE {WAS_KNOWN} ORDER BY published_on, article_id""",
            [self.as_of],
        )
        names = ("article_id", "story_id", "title", "outlet", "url", "published_on", "published_on_how")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        tables = ("articles", "facts", "overtures", "outcomes", "coverage", "corrections", "chronologies")
        return {table: int(self.ledger.rows(f"SELECT count(*) FROM {table}")[0][0]) for table in tables}

    def chronologies(self) -> list[tuple[str, int, date, date]]:
        """Name, number of facts, first and last day of every chronology."""
        return [
            (name, count, first, last)
            for name, count, first, last in self.ledger.rows(
                f"""SELECT origin, count(*), min(happened_from), max(happened_from) FROM facts
                    WHERE origin <> 'story' AND {WAS_KNOWN} GROUP BY origin ORDER BY origin""",
                [self.as_of],
            )
        ]

    def corrections(self) -> list[Correction]:
        """Every correction, taken back ones too, oldest first."""
        rows = self.ledger.rows(
            "SELECT correction_id, record_id, field, value, who, why, recorded_at, undoes FROM corrections ORDER BY 1"
        )
        return [Correction(*row) for row in rows]

    def _outcomes(self) -> dict[tuple[str, str], Outcome]:
        """The latest outcome of each overture that was known by the day."""
        rows = self.ledger.rows(
            """SELECT overture_id, origin, outcome, stage, known_on, happened_on, facts, note FROM outcomes
               WHERE known_on <= ? ORDER BY known_on, recorded_at""",
            [self.as_of],
        )
        return {
            (overture_id, origin): Outcome(outcome, stage, known_on, happened_on, tuple(facts), note)
            for overture_id, origin, outcome, stage, known_on, happened_on, facts, note in rows
        }

    def _standing(self) -> dict[str, dict[str, Correction]]:
        return standing_corrections(self.corrections())


def _is_between(fact: Fact, sources: set[str] | None, targets: set[str] | None) -> bool:
    return _stands_for(fact.actors, fact.actor_sectors, sources) and _stands_for(
        fact.recipients, fact.recipient_sectors, targets
    )


def _stands_for(codes: tuple[str, ...], sectors: tuple[str, ...], wanted: set[str] | None) -> bool:
    """Whether one of the wanted is among the actors itself: rebels and companies of a state are not the state."""
    if wanted is None:
        return True
    codebook = load_codebook()
    for code, name in zip(codes, sectors, strict=True):
        if code in wanted:
            sector = codebook.sector(name) if name and codebook.is_state(code) else None
            if sector is None or sector.is_state:
                return True
    return False


def _happened_in(fact: Fact, begins: date | None, ends: date | None) -> bool:
    """Whether a fact touches the days; where days are asked for, one that has none at all is out."""
    first, last = fact.happened_from or fact.known_on, fact.happened_to or fact.known_on
    if begins is None and ends is None:
        return True
    if first is None or last is None:
        return False
    return (begins is None or last >= begins) and (ends is None or first <= ends)


def _count_once(rows: list[_Told], keys_of: Callable[[_Told], list[Hashable]]) -> list[_Told]:
    """What several articles tell is one: the first stays. What one article tells apart stays apart."""
    if len({row.article_id or row.origin for row in rows}) < 2:
        return rows
    claimed: dict[Hashable, str] = {}
    kept = []
    for row in rows:
        teller, keys = row.article_id or row.origin, keys_of(row)
        if all(claimed.get(key, teller) == teller for key in keys):
            claimed.update(dict.fromkeys(keys, teller))
            kept.append(row)
    return kept


def _fact_keys(fact: Fact) -> list[Hashable]:
    """Same kind, sides and day, in whatever story; within one story also the same words or the same stretch of days."""
    what = (fact.type, fact.factuality, fact.is_deed or fact.cameo, frozenset(fact.actors), frozenset(fact.recipients))
    keys: list[Hashable] = [fact.fact_id]
    if fact.happened_from is not None and fact.happened_from == fact.happened_to:
        keys.append((what, fact.happened_from))
    if fact.story_id is not None:
        keys += [(what, fact.story_id, fact.summary), (what, fact.story_id, fact.happened_from, fact.happened_to)]
    return keys


def _overture_keys(overture: LedgerOverture) -> list[Hashable]:
    """Same side, addressees, day and measure, in whatever story; within one story also the same words."""
    what = (overture.source, frozenset(overture.targets), overture.criterion.family)
    keys: list[Hashable] = [overture.overture_id]
    if overture.said_on is not None:
        keys.append((what, overture.said_on))
    if overture.story_id is not None:
        keys.append((overture.source, overture.story_id, overture.words))
    return keys


def _twice(codes: set[str] | None) -> list[Any]:
    listed = sorted(codes) if codes is not None else None
    return [listed, listed]


def _span(start: int | None, end: int | None) -> tuple[int, int] | None:
    return None if start is None or end is None else (start, end)


def _fact(row: tuple[Any, ...]) -> Fact:
    fact_id, origin, article_id, start, end, actors, actor_sectors, recipients, recipient_sectors, *rest = row
    return Fact(
        fact_id, origin, article_id, _span(start, end), tuple(actors), tuple(actor_sectors), tuple(recipients),
        tuple(recipient_sectors), *rest,
    )  # fmt: skip


def _overture(row: tuple[Any, ...], outcome: Outcome | None) -> LedgerOverture:
    (overture_id, origin, article_id, start, end, source, targets, who, office, grade, is_restraint, words, flags,
     said_on, known_on, dyad_state, basis, reference, story_id, *rest) = row  # fmt: skip
    family, cameo, days, opens, closes, wording = rest
    return LedgerOverture(
        overture_id, origin, article_id, _span(start, end), source, tuple(targets), who, office, grade, is_restraint,
        words, tuple(flags), said_on, known_on, dyad_state, basis, reference,
        Criterion(family, tuple(cameo), days, opens, closes, wording), outcome, story_id,
    )  # fmt: skip
