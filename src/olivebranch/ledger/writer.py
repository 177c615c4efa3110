"""Writes to the ledger: readings, chronologies, corrections; each call one transaction, adding twice changes nothing."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

from olivebranch.errors import LedgerError
from olivebranch.ledger.chronology import Chronology
from olivebranch.ledger.near_duplicates import SAME_STORY, sign_text, similarity
from olivebranch.ledger.rows import Criterion, Fact, LedgerOverture
from olivebranch.ledger.store import Ledger
from olivebranch.ledger.story_rows import facts_of, overtures_of
from olivebranch.records import Reading

CORRECTABLE = {
    "facts": ("type", "mode", "cameo", "factuality", "happened_from", "happened_to", "is_counted"),
    "overtures": ("grade", "said_on", "is_counted", "outcome"),
}
"""The fields that a correction may set; `is_counted` = no takes a record out of every count."""


class Writer:
    """The one way into a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def add_reading(self, reading: Reading, criteria: dict[str, Criterion]) -> bool:
        """Adds one story; `criteria` gives each overture's criterion by the overture's id. False where it was there.

        Re-reading a story that changed its reading replaces that story's rows; a criterion once written stays.
        """
        stored = self.ledger.connection.execute(
            "SELECT reading FROM articles WHERE article_id = ?", [reading.article.id]
        ).fetchall()
        document = reading.model_dump_json()
        if stored and json.loads(stored[0][0]) == json.loads(document):
            return False
        with self.ledger.transaction():
            self._replace_story(reading, document, criteria)
        return True

    def add_chronology(self, chronology: Chronology) -> bool:
        """Adds a chronology, or its newer version; False where this very version was there."""
        known = self.ledger.connection.execute(
            "SELECT sha256 FROM chronologies WHERE name = ?", [chronology.name]
        ).fetchall()
        if known and known[0][0] == chronology.sha256:
            return False
        now = _now()
        with self.ledger.transaction() as connection:
            for table in ("criteria", "outcomes"):
                connection.execute(
                    f"DELETE FROM {table} WHERE overture_id IN (SELECT overture_id FROM overtures WHERE origin = ?)",
                    [chronology.name],
                )
            for table in ("facts", "overtures", "coverage"):
                connection.execute(f"DELETE FROM {table} WHERE origin = ?", [chronology.name])
            self._insert("facts", [_fact_values(fact, now) for fact in chronology.facts])
            self._insert("overtures", [_overture_values(overture, now) for overture in chronology.overtures])
            self._insert("criteria", [_criterion_values(o.overture_id, o.criterion, now) for o in chronology.overtures])
            self._insert("outcomes", [
                [overture_id, o.known_on, o.stage, o.outcome, o.happened_on, list(o.facts), o.note, now]
                for overture_id, o in chronology.outcomes
            ])  # fmt: skip
            self._insert("coverage", [
                [c.origin, c.source, c.target, c.begins, c.ends, list(c.types), c.how] for c in chronology.coverage
            ])  # fmt: skip
            connection.execute("DELETE FROM chronologies WHERE name = ?", [chronology.name])
            connection.execute("INSERT INTO chronologies VALUES (?, ?, ?)", [chronology.name, chronology.sha256, now])
        return True

    def correct(self, record_id: str, field: str, value: str | None, *, who: str, why: str) -> int:
        """Records that a field of a record should read otherwise; gives the correction's number.

        Raises:
            LedgerError: no such record, a field that may not be corrected, or `who` or `why` left empty.
        """
        if not who.strip() or not why.strip():
            raise LedgerError("a correction needs who makes it and why; give both --who and --why")
        table = self._table_of(record_id)
        if field not in CORRECTABLE[table]:
            raise LedgerError(f"'{field}' cannot be corrected; of {table} these can: {', '.join(CORRECTABLE[table])}")
        return self._insert_correction(record_id, field, value, who, why, None)

    def undo(self, correction_id: int, *, who: str, why: str) -> int:
        """Takes a correction back by a new row; gives that row's number.

        Raises:
            LedgerError: no such correction, or it was taken back already.
        """
        row = self.ledger.connection.execute(
            "SELECT record_id, field FROM corrections WHERE correction_id = ? AND undoes IS NULL", [correction_id]
        ).fetchone()
        if row is None:
            raise LedgerError(
                f"there is no correction {correction_id}; `olivebranch ledger show --corrections` lists them"
            )
        if self.ledger.connection.execute("SELECT 1 FROM corrections WHERE undoes = ?", [correction_id]).fetchone():
            raise LedgerError(f"correction {correction_id} was taken back already")
        return self._insert_correction(row[0], row[1], None, who, why, correction_id)

    def _insert_correction(
        self, record_id: str, field: str, value: str | None, who: str, why: str, undoes: int | None
    ) -> int:
        with self.ledger.transaction() as connection:
            row = connection.execute("SELECT nextval('correction_numbers')").fetchone()
            number = int(row[0]) if row else 0
            connection.execute(
                "INSERT INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [number, record_id, field, value, who.strip(), why.strip(), _now(), undoes],
            )
        return number

    def _table_of(self, record_id: str) -> str:
        for table, key in (("facts", "fact_id"), ("overtures", "overture_id")):
            if self.ledger.connection.execute(f"SELECT 1 FROM {table} WHERE {key} = ?", [record_id]).fetchone():
                return table
        raise LedgerError(f"there is no record '{record_id}'; `olivebranch ledger show` lists them")

    def _replace_story(self, reading: Reading, document: str, criteria: dict[str, Criterion]) -> None:
        article, now = reading.article, _now()
        connection = self.ledger.connection
        signature = sign_text(article.text)
        story_id = self._story_of(article.id, signature, article.published_on) or article.id
        for table in ("articles", "facts", "overtures"):
            connection.execute(f"DELETE FROM {table} WHERE article_id = ?", [article.id])
        self._insert("articles", [[
            article.id, story_id, article.title, article.outlet, article.url, article.sha256, article.text,
            article.published_on, article.published_on_how, article.published_on, signature, document, now,
        ]])  # fmt: skip
        self._insert("facts", [_fact_values(fact, now) for fact in facts_of(reading, story_id)])
        overtures = overtures_of(reading, story_id, criteria)
        self._insert("overtures", [_overture_values(overture, now) for overture in overtures])
        for overture in overtures:
            connection.execute(
                "INSERT OR IGNORE INTO criteria VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                _criterion_values(overture.overture_id, overture.criterion, now),
            )

    def _story_of(self, article_id: str, signature: bytes, published_on: date | None) -> str | None:
        """The story that this text tells too: an earlier article of about the same day with near the same words."""
        rows = self.ledger.connection.execute(
            """SELECT story_id, signature FROM articles
               WHERE article_id <> ? AND (published_on IS NULL OR ? IS NULL OR abs(published_on - CAST(? AS DATE)) <= 7)
               ORDER BY recorded_at""",
            [article_id, published_on, published_on],
        ).fetchall()
        return next((story for story, other in rows if similarity(signature, other) >= SAME_STORY), None)

    def _insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self.ledger.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _fact_values(fact: Fact, now: datetime) -> list[object]:
    start, end = fact.span or (None, None)
    return [
        fact.fact_id, fact.origin, fact.article_id, fact.story_id, start, end, list(fact.actors),
        list(fact.actor_sectors), list(fact.recipients), list(fact.recipient_sectors), fact.type, fact.mode, fact.cameo,
        fact.is_deed, fact.factuality, fact.score, fact.summary, fact.regime, fact.happened_from, fact.happened_to,
        fact.known_on, fact.basis, fact.reference, now,
    ]  # fmt: skip


def _overture_values(overture: LedgerOverture, now: datetime) -> list[object]:
    start, end = overture.span or (None, None)
    return [
        overture.overture_id, overture.origin, overture.article_id, overture.story_id, start, end, overture.source,
        list(overture.targets), overture.who, overture.office, overture.grade, overture.is_restraint, overture.words,
        list(overture.cost_flags), overture.said_on, overture.known_on, overture.dyad_state, overture.basis,
        overture.reference, now,
    ]  # fmt: skip


def _criterion_values(overture_id: str, criterion: Criterion, now: datetime) -> list[object]:
    return [
        overture_id, criterion.family, list(criterion.cameo), criterion.window_days, criterion.opens_on,
        criterion.closes_on, criterion.wording, now,
    ]  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
