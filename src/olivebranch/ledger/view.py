"""Reads the ledger as of a day: what was known then, corrections applied, each story's facts once."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from olivebranch.ledger.rows import Correction, Coverage, Criterion, Fact, LedgerOverture, Outcome
from olivebranch.ledger.store import Ledger
from olivebranch.records import Reading

FACT_COLUMNS = """fact_id, origin, article_id, span_start, span_end, actors, actor_sectors, recipients,
    recipient_sectors, type, mode, cameo, is_deed, factuality, score, summary, regime, happened_from, happened_to,
    known_on, basis, reference, story_id"""
OVERTURE_COLUMNS = """o.overture_id, o.origin, o.article_id, o.span_start, o.span_end, o.source, o.targets, o.who,
    o.office, o.grade, o.is_restraint, o.words, o.cost_flags, o.said_on, o.known_on, o.dyad_state, o.basis,
    o.reference, o.story_id, c.family, c.cameo, c.window_days, c.opens_on, c.closes_on, c.wording"""


class View:
    """What the ledger knew on a day (`as_of`, inclusive; None: everything). Reads only."""

    def __init__(self, ledger: Ledger, as_of: date | None = None) -> None:
        self.ledger = ledger
        self.as_of = as_of or date.max

    def facts(
        self, *, sources: set[str] | None = None, targets: set[str] | None = None,
        begins: date | None = None, ends: date | None = None,
    ) -> list[Fact]:  # fmt: skip
        """The facts by `sources` to `targets` that happened in the days given, oldest first.

        A fact without a day counts by the day that it was known. One story told by several outlets counts once.
        """
        rows = self._all(
            f"""SELECT {FACT_COLUMNS} FROM facts
                WHERE (known_on IS NULL OR known_on <= ?)
                  AND (? IS NULL OR list_has_any(actors, ?)) AND (? IS NULL OR list_has_any(recipients, ?))
                  AND coalesce(happened_to, known_on, DATE '9999-01-01') >= ?
                  AND coalesce(happened_from, known_on, DATE '0001-01-01') <= ?
                ORDER BY coalesce(happened_from, known_on), fact_id""",
            [self.as_of, *_twice(sources), *_twice(targets), begins or date.min, ends or date.max],
        )
        return self._count_once([fact for row in rows if (fact := self._corrected_fact(_fact(row))) is not None])

    def overtures(self, *, sources: set[str] | None = None, targets: set[str] | None = None) -> list[LedgerOverture]:
        """The overtures from `sources` to any of `targets`, oldest first, each with the outcome known by the day."""
        rows = self._all(
            f"""SELECT {OVERTURE_COLUMNS} FROM overtures o JOIN criteria c USING (overture_id)
                WHERE (o.known_on IS NULL OR o.known_on <= ?)
                  AND (? IS NULL OR list_contains(?, o.source)) AND (? IS NULL OR list_has_any(o.targets, ?))
                ORDER BY o.said_on, o.overture_id""",
            [self.as_of, *_twice(sources), *_twice(targets)],
        )
        outcomes = self._outcomes()
        found = []
        for row in rows:
            overture = self._corrected_overture(_overture(row, outcomes.get(row[0])))
            if overture is not None:
                found.append(overture)
        return found

    def coverage(self, source: str, target: str) -> list[Coverage]:
        """The stretches in which the ledger is complete for this directed dyad."""
        rows = self._all(
            """SELECT origin, source, target, begins, ends, types, how FROM coverage
               WHERE source = ? AND target = ? ORDER BY begins""",
            [source, target],
        )
        return [Coverage(o, s, t, b, e, tuple(types), how) for o, s, t, b, e, types, how in rows]

    def reading(self, article_id: str) -> Reading | None:
        """The whole reading of one article."""
        rows = self._all("SELECT reading FROM articles WHERE article_id = ?", [article_id])
        return Reading.model_validate(json.loads(rows[0][0])) if rows else None

    def articles(self) -> list[dict[str, Any]]:
        """Every article by day: id, story, title, outlet, day and how it was found."""
        rows = self._all(
            """SELECT article_id, story_id, title, outlet, url, published_on, published_on_how FROM articles
               WHERE known_on IS NULL OR known_on <= ? ORDER BY published_on, article_id""",
            [self.as_of],
        )
        names = ("article_id", "story_id", "title", "outlet", "url", "published_on", "published_on_how")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        tables = ("articles", "facts", "overtures", "outcomes", "coverage", "corrections", "chronologies")
        return {table: int(self._all(f"SELECT count(*) FROM {table}", [])[0][0]) for table in tables}

    def chronologies(self) -> list[tuple[str, int, date, date]]:
        """Name, number of facts, first and last day of every chronology."""
        return [
            (name, count, first, last)
            for name, count, first, last in self._all(
                """SELECT origin, count(*), min(happened_from), max(happened_from) FROM facts
                   WHERE origin <> 'story' AND (known_on IS NULL OR known_on <= ?) GROUP BY origin ORDER BY origin""",
                [self.as_of],
            )
        ]

    def corrections(self) -> list[Correction]:
        """Every correction, taken back ones too, oldest first."""
        rows = self._all(
            "SELECT correction_id, record_id, field, value, who, why, recorded_at, undoes FROM corrections ORDER BY 1",
            [],
        )
        return [Correction(*row) for row in rows]

    def _all(self, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
        return self.ledger.connection.execute(sql, values).fetchall()

    def _outcomes(self) -> dict[str, Outcome]:
        """The latest outcome of each overture that was known by the day."""
        rows = self._all(
            """SELECT overture_id, outcome, stage, known_on, happened_on, facts, note FROM outcomes
               WHERE known_on <= ? ORDER BY known_on, recorded_at""",
            [self.as_of],
        )
        return {
            overture_id: Outcome(outcome, stage, known_on, happened_on, tuple(facts), note)
            for overture_id, outcome, stage, known_on, happened_on, facts, note in rows
        }

    def _standing_corrections(self, record_id: str) -> dict[str, str | None]:
        undone = {correction.undoes for correction in self.corrections()}
        return {
            c.field: c.value
            for c in self.corrections()
            if c.record_id == record_id and c.undoes is None and c.correction_id not in undone
        }

    def _corrected_fact(self, fact: Fact) -> Fact | None:
        changes = self._standing_corrections(fact.fact_id) if self._has_corrections(fact.fact_id) else {}
        if changes.pop("is_counted", "yes") == "no":
            return None
        values: dict[str, Any] = dict(changes)
        for day in ("happened_from", "happened_to"):
            if values.get(day):
                values[day] = date.fromisoformat(values[day])
        return replace(fact, **values) if values else fact

    def _corrected_overture(self, overture: LedgerOverture) -> LedgerOverture | None:
        changes = (
            self._standing_corrections(overture.overture_id) if self._has_corrections(overture.overture_id) else {}
        )
        if changes.pop("is_counted", "yes") == "no":
            return None
        values: dict[str, Any] = dict(changes)
        if values.get("said_on"):
            values["said_on"] = date.fromisoformat(values["said_on"])
        if values.get("outcome"):
            values["outcome"] = Outcome(values["outcome"], None, min(self.as_of, date.today()), None, (), "corrected")
        return replace(overture, **values) if values else overture

    def _has_corrections(self, record_id: str) -> bool:
        if not hasattr(self, "_corrected_ids"):
            self._corrected_ids = {row[0] for row in self._all("SELECT DISTINCT record_id FROM corrections", [])}
        return record_id in self._corrected_ids

    def _count_once(self, facts: list[Fact]) -> list[Fact]:
        """One event told by several articles of one story is one fact: the first by day stays."""
        seen: set[tuple[Any, ...]] = set()
        kept = []
        for fact in facts:
            key = (
                fact.story_id,
                fact.type,
                fact.cameo,
                fact.actors,
                fact.recipients,
                fact.factuality,
                fact.happened_from,
            )
            if fact.story_id is None or key not in seen:
                kept.append(fact)
                seen.add(key)
        return kept


def _twice(codes: set[str] | None) -> list[Any]:
    listed = sorted(codes) if codes is not None else None
    return [listed, listed]


def _span(start: int | None, end: int | None) -> tuple[int, int] | None:
    return None if start is None or end is None else (start, end)


def _fact(row: tuple[Any, ...]) -> Fact:
    fact_id, origin, article_id, start, end, actors, actor_sectors, recipients, recipient_sectors, *rest = row
    *middle, story_id = rest
    return Fact(
        fact_id, origin, article_id, _span(start, end), tuple(actors), tuple(actor_sectors), tuple(recipients),
        tuple(recipient_sectors), *middle, story_id=story_id,
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
