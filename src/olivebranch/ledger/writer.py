"""Writes readings, chronologies and corrections; each call is one transaction, and adding twice changes nothing."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain

from olivebranch.errors import LedgerError, UsageError
from olivebranch.ledger.chronology import Chronology
from olivebranch.ledger.corrections import check_correction
from olivebranch.ledger.near_duplicates import find_same_story, sign_text
from olivebranch.ledger.rows import Criterion, Fact, LedgerOverture
from olivebranch.ledger.store import Ledger
from olivebranch.ledger.story_rows import facts_of, overtures_of
from olivebranch.records import Reading

ROWS_AT_ONCE = 250
"""Rows that one INSERT carries: one statement for each row is ten times slower."""
SAME_STORY_DAYS = 7
"""Articles further apart than this many days tell two stories, however alike."""


class Writer:
    """The one way into a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def add_reading(
        self,
        reading: Reading,
        criteria: Mapping[str, Criterion],
        states: Mapping[str, str] | None = None,
        *,
        fingerprint: str | None = None,
    ) -> bool:
        """Adds one story; False where this very reading was there.

        Re-reading a story that changed its reading replaces that story's rows; a criterion once written stays.

        Args:
            criteria: each overture's criterion, by the overture's id in the reading.
            states: each overture's dyad state when it was made (cold, warm, unknown), by the same id.
            fingerprint: names the article as given and its reader; `holds` knows the story by it.
        """
        article_id, document = reading.article.id, reading.model_dump_json()
        stored = self.ledger.rows("SELECT reading, fingerprint FROM articles WHERE article_id = ?", [article_id])
        is_known = bool(stored) and json.loads(stored[0][0]) == json.loads(document)
        if is_known and fingerprint in (None, stored[0][1]):
            return False
        with self.ledger.transaction() as connection:
            if not is_known:
                self._replace_story(reading, document, criteria, states or {}, fingerprint)
            else:
                fixed = [fingerprint, article_id]
                connection.execute("UPDATE articles SET fingerprint = ? WHERE article_id = ?", fixed)
        return not is_known

    def holds(self, article_id: str, fingerprint: str) -> bool:
        """Whether the story was added with this fingerprint."""
        known = [article_id, fingerprint]
        return bool(self.ledger.rows("SELECT 1 FROM articles WHERE article_id = ? AND fingerprint = ?", known))

    def add_chronology(self, chronology: Chronology) -> bool:
        """Adds a chronology, or its newer version; False where this very version was there."""
        known = self.ledger.rows("SELECT sha256 FROM chronologies WHERE name = ?", [chronology.name])
        if known and known[0][0] == chronology.sha256:
            return False
        with self.ledger.transaction():
            self._remove_chronology(chronology.name)
            self._insert_chronology(chronology, _now())
        return True

    def correct(self, record_id: str, field: str, value: str | None, *, who: str, why: str) -> int:
        """Records that a field of a record should read otherwise; gives the correction's number.

        Raises:
            LedgerError: no such record.
            UsageError: a field that may not be corrected, a value that it cannot take, or `who` or `why` left empty.
        """
        value = value or None
        check_correction(self._table_of(record_id), field, value)
        return self._insert_correction(record_id, field, value, who, why, None)

    def undo(self, correction_id: int, *, who: str, why: str) -> int:
        """Takes a correction back by a new row; gives that row's number.

        Raises:
            LedgerError: no such correction, or it was taken back already.
        """
        rows = self.ledger.rows(
            "SELECT record_id, field FROM corrections WHERE correction_id = ? AND undoes IS NULL", [correction_id]
        )
        if not rows:
            raise LedgerError(
                f"there is no correction {correction_id}; `olivebranch ledger show --corrections` lists them"
            )
        if self.ledger.rows("SELECT 1 FROM corrections WHERE undoes = ?", [correction_id]):
            raise LedgerError(f"correction {correction_id} was taken back already")
        record_id, field = rows[0]
        return self._insert_correction(record_id, field, None, who, why, correction_id)

    def _insert_correction(
        self, record_id: str, field: str, value: str | None, who: str, why: str, undoes: int | None
    ) -> int:
        if not who.strip() or not why.strip():
            raise UsageError("a correction needs who makes it and why; give both --who and --why")
        with self.ledger.transaction():
            number = int(self.ledger.rows("SELECT nextval('correction_numbers')")[0][0])
            self._insert("corrections", [[number, record_id, field, value, who.strip(), why.strip(), _now(), undoes]])
        return number

    def _table_of(self, record_id: str) -> str:
        for table, key in (("facts", "fact_id"), ("overtures", "overture_id")):
            if self.ledger.rows(f"SELECT 1 FROM {table} WHERE {key} = ?", [record_id]):
                return table
        raise LedgerError(f"there is no record '{record_id}'; `olivebranch ledger show` lists them")

    def _replace_story(
        self,
        reading: Reading,
        document: str,
        criteria: Mapping[str, Criterion],
        states: Mapping[str, str],
        fingerprint: str | None,
    ) -> None:
        article, now = reading.article, _now()
        signature = sign_text(_own_text(reading))
        story_id = self._story_of(article.id, signature, article.published_on) or article.id
        for table in ("articles", "facts", "overtures"):
            self.ledger.connection.execute(f"DELETE FROM {table} WHERE article_id = ?", [article.id])
        self._insert("articles", [[
            article.id, story_id, article.title, article.outlet, article.url, article.sha256, article.text,
            article.published_on, article.published_on_how, article.published_on, signature, document, now, fingerprint,
        ]])  # fmt: skip
        self._insert("facts", [_fact_values(fact, now) for fact in facts_of(reading, story_id)])
        overtures = overtures_of(reading, story_id, criteria, states)
        self._insert("overtures", [_overture_values(overture, now) for overture in overtures])
        fixed = [_criterion_values(overture, now) for overture in overtures]
        self._insert("criteria", fixed, keep_known=True)

    def _remove_chronology(self, name: str) -> None:
        for table in ("facts", "overtures", "criteria", "outcomes", "coverage"):
            self.ledger.connection.execute(f"DELETE FROM {table} WHERE origin = ?", [name])
        self.ledger.connection.execute("DELETE FROM chronologies WHERE name = ?", [name])

    def _insert_chronology(self, chronology: Chronology, now: datetime) -> None:
        self._insert("facts", [_fact_values(fact, now) for fact in chronology.facts])
        self._insert("overtures", [_overture_values(overture, now) for overture in chronology.overtures])
        self._insert("criteria", [_criterion_values(overture, now) for overture in chronology.overtures])
        self._insert("outcomes", [
            [overture_id, chronology.name, o.known_on, o.stage, o.outcome, o.happened_on, list(o.facts), o.note, now]
            for overture_id, o in chronology.outcomes
        ])  # fmt: skip
        self._insert("coverage", [
            [c.origin, c.source, c.target, c.begins, c.ends, list(c.types), c.how] for c in chronology.coverage
        ])  # fmt: skip
        self._insert("chronologies", [[chronology.name, chronology.sha256, now]])

    def _story_of(self, article_id: str, signature: bytes, published_on: date | None) -> str | None:
        """The story that this text tells too: that of an earlier article of about the same day, near the same words."""
        rows = self.ledger.rows(
            """SELECT story_id, signature FROM articles
               WHERE article_id <> ? AND (published_on IS NULL OR ? IS NULL OR abs(published_on - CAST(? AS DATE)) <= ?)
               ORDER BY recorded_at, article_id""",
            [article_id, published_on, published_on, SAME_STORY_DAYS],
        )
        place = find_same_story(signature, [other for _, other in rows])
        return None if place is None else rows[place][0]

    def _insert(self, table: str, rows: Sequence[Sequence[object]], *, keep_known: bool = False) -> None:
        verb = "INSERT OR IGNORE" if keep_known else "INSERT"
        for begin in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[begin : begin + ROWS_AT_ONCE]
            row_marks = "(" + ", ".join("?" * len(part[0])) + ")"
            marks = ", ".join([row_marks] * len(part))
            self.ledger.connection.execute(f"{verb} INTO {table} VALUES {marks}", list(chain.from_iterable(part)))


def _own_text(reading: Reading) -> str:
    """The story without its page's furniture, which differs from outlet to outlet."""
    own = [reading.words(sentence.span) for sentence in reading.sentences if sentence.furniture is None]
    return "\n".join(own) if own else reading.article.text


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


def _criterion_values(overture: LedgerOverture, now: datetime) -> list[object]:
    criterion = overture.criterion
    return [
        overture.overture_id, overture.origin, criterion.family, list(criterion.cameo), criterion.window_days,
        criterion.opens_on, criterion.closes_on, criterion.wording, now,
    ]  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
