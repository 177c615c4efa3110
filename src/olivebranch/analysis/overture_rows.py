"""One row for each overture of the ledger or a coded archive: words, criterion, what followed, the evidence."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from olivebranch.analysis.deeds import deed_classes
from olivebranch.analysis.evidence import best_rung
from olivebranch.analysis.outcomes import OutcomeJudge
from olivebranch.analysis.record import RESOLVED, RecordRow, judge_row
from olivebranch.codebook import load_codebook, load_table
from olivebranch.ledger.rows import LedgerOverture

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READING_DAYS = (30, 90, 180, 365)
"""Days after the words at which an interim reading is taken."""


@dataclass(frozen=True, slots=True)
class OvertureRow:
    """An overture and what became of it. `origin` is a chronology, `story`, or the archive that it was coded in.

    `words` are the words, or in an archive the name of the code; `grade` is None there. `readings` say at 30, 90, 180
    and 365 days whether the deed had been done; None where that day is not over or nobody looked. `evidence` are
    facts of the ledger, or the day and code of the archive's row; `rung` how good they are. `not_counted_why` is None
    where the row may stand in a rate. `watched_days` is how long one could see what followed.
    """

    origin: str
    id: str
    said_on: date | None
    actor: str
    recipients: tuple[str, ...]
    who: str | None
    office: str | None
    words: str
    family: str | None
    grade: str | None
    flags: tuple[str, ...]
    is_mutual: bool
    dyad_state: str
    criterion: str
    cameo: tuple[str, ...]
    window_days: int | None
    closes_on: date | None
    stage: str | None
    outcome: str
    why: str
    days: int | None
    evidence: tuple[str, ...]
    rung: str | None
    reference: str | None
    not_counted_why: str | None
    watched_days: int | None
    readings: dict[int, bool | None] = field(default_factory=dict)

    @property
    def is_counted(self) -> bool:
        """Whether it may stand in a rate."""
        return self.not_counted_why is None and self.outcome != "untestable"

    @property
    def is_restraint(self) -> bool:
        """Whether it promises that something will *not* be done: then no deed can follow soon or late."""
        return (self.family or "").startswith("restraint")

    @property
    def is_meeting(self) -> bool:
        """Whether it offers a meeting: talk about talk, counted apart."""
        return self.family in {"meeting", "meet"}


def ledger_rows(judge: OutcomeJudge, source: str, target: str, *, expand_groups: bool = False) -> list[OvertureRow]:
    """The ledger's own overtures of one side to the other, those to a group that the other belongs to among them.

    What was offered to a group is listed and stands in no rate, unless `expand_groups`.
    """
    found = []
    for overture in judge.view.overtures(sources={source}):
        groups = () if target in overture.targets else _groups_with(target, overture)
        if target in overture.targets or groups:
            row = judge_row(judge, overture)
            found.append(_ledger_row(judge, row, _not_counted(row, groups, expand_groups)))
    return found


def archive_rows(con: "DuckDBPyConnection", source: str, target: str, origin: str) -> list[OvertureRow]:
    """The archive's overtures of one side to the other, mutual ones among them, from `overtures` and `outcomes`."""
    cursor = con.execute(
        """SELECT o.*, f.deed, f.window_days, f.outcome, f.days_to_deed, f.deed_code, f.next_deed_days,
                  f.watched_days, f.is_same_story, h.as_of
           FROM overtures AS o LEFT JOIN outcomes AS f USING (id) CROSS JOIN horizon AS h
           WHERE (o.actor = ? AND o.recipient = ?) OR (o.is_mutual AND o.actor = ? AND o.recipient = ?)
           ORDER BY o.said_on, o.family, o.id""",
        [source, target, target, source],
    )
    names = [column[0] for column in cursor.description]
    return [_archive_row(dict(zip(names, row, strict=True)), source, target, origin) for row in cursor.fetchall()]


def _groups_with(target: str, overture: LedgerOverture) -> tuple[str, ...]:
    """The groups and bodies addressed that the target belonged to on the day of the words."""
    codebook, said_on = load_codebook(), overture.said_on
    if said_on is None:
        return ()
    return tuple(
        code for code in overture.targets if codebook.is_group(code) and codebook.is_member(target, code, said_on)
    )


def _not_counted(row: RecordRow, groups: tuple[str, ...], expand_groups: bool) -> str | None:
    if groups and not expand_groups:
        return f"to {', '.join(groups)}"
    if groups and row.not_counted_why == "to a group":
        return None
    return row.not_counted_why


def _ledger_row(judge: OutcomeJudge, row: RecordRow, not_counted_why: str | None) -> OvertureRow:
    overture, criterion = row.overture, row.overture.criterion
    recorded = overture.outcome
    evidence = recorded.facts if recorded else _evidence_in(row.why)
    return OvertureRow(
        origin=overture.origin, id=overture.overture_id, said_on=overture.said_on, actor=overture.source,
        recipients=overture.targets, who=overture.who, office=overture.office, words=overture.words,
        family=criterion.family, grade=overture.grade, flags=overture.cost_flags, is_mutual=False,
        dyad_state=overture.dyad_state or "unknown", criterion=criterion.wording, cameo=criterion.cameo,
        window_days=criterion.window_days, closes_on=criterion.closes_on,
        stage=(recorded.stage if recorded else None) or "announced", outcome=row.outcome, why=row.why, days=row.days,
        evidence=evidence, rung=best_rung(judge.view, evidence) if evidence else None, reference=overture.reference,
        not_counted_why=not_counted_why, watched_days=_watched(row, judge.day),
        readings=_read(row.days if row.outcome != "lapsed" else None, overture.said_on, judge.day, _examined(row)),
    )  # fmt: skip


def _evidence_in(why: str) -> tuple[str, ...]:
    """The fact that a judgement names in brackets at its end."""
    return (why[why.rindex("(") + 1 : -1],) if why.endswith(")") and "(" in why else ()


def _examined(row: RecordRow) -> int | None:
    """For how many days somebody looked at what followed: the window where it was judged, else not known."""
    return None if row.outcome in {"untestable", "not_examined", "open"} else row.overture.criterion.window_days


def _watched(row: RecordRow, day: date) -> int | None:
    said_on = row.overture.said_on
    if said_on is None or row.outcome in {"untestable", "not_examined"}:
        return None
    window = row.overture.criterion.window_days or 0
    return max(min((day - said_on).days, window), 0) if row.outcome not in RESOLVED else window


def _read(days: int | None, said_on: date | None, day: date, examined: int | None) -> dict[int, bool | None]:
    """What could be said at each reading: done by then, not done by then (somebody looked so far), or not known."""
    readings: dict[int, bool | None] = {}
    for reading in READING_DAYS:
        if said_on is None or said_on + timedelta(days=reading) > day:
            readings[reading] = None
        elif days is not None and days <= reading:
            readings[reading] = True
        elif days is not None or (examined is not None and examined >= reading):
            readings[reading] = False
        else:
            readings[reading] = None
    return readings


def _archive_row(row: dict[str, Any], source: str, target: str, origin: str) -> OvertureRow:
    deed = deed_classes().get(row["deed"] or "")
    said_on, outcome, days = row["said_on"], row["outcome"] or "untestable", row["next_deed_days"]
    is_done = outcome in {"kept", "met", "late"} and days is not None
    evidence = (f"{said_on + timedelta(days=days)} {row['deed_code'] or row['deed']}",) if is_done else ()
    return OvertureRow(
        origin=origin, id=row["id"], said_on=said_on, actor=source, recipients=(target,), who=None, office=None,
        words=f"{_code_names().get(row['cameo'], 'CAMEO')} ({row['cameo']}, {_count_words(row['n_statements'])})",
        family=row["family"], grade=None, flags=tuple(row["flags"]), is_mutual=row["is_mutual"],
        dyad_state=row["dyad_state"], criterion=deed.notes if deed else "names no measure: untestable, listed",
        cameo=deed.prefixes if deed else (), window_days=deed.window_days if deed else None,
        closes_on=said_on + timedelta(days=deed.window_days) if deed else None, stage=None, outcome=outcome,
        why=_archive_why(row), days=days if is_done else None, evidence=evidence,
        rung="coded from the news" if evidence else None, reference=None, not_counted_why=None,
        watched_days=row["watched_days"] if deed else None,
        readings=_read(days, said_on, row["as_of"], row["watched_days"]) if deed else dict.fromkeys(READING_DAYS),
    )  # fmt: skip


def _archive_why(row: dict[str, Any]) -> str:
    if row["deed"] is None:
        return "names no measure"
    same = "; one on days 0 to 3, the same story" if row["is_same_story"] else ""
    if row["outcome"] in {"kept", "met", "late"}:
        return f"{row['deed']} after {row['next_deed_days']} days{same}"
    words = {
        "partly": "a lesser deed in the window",
        "lapsed": "nothing followed in a window that the archive covers",
        "open": "its window is not over",
    }
    return words.get(row["outcome"], "the archive does not cover its window") + same


def _code_names() -> dict[str, str]:
    return {row.code: row.name for row in load_table("cameo")}


def _count_words(number: int) -> str:
    return f"{number} statement{'s' if number != 1 else ''}"
