"""The record of earlier overtures: what each promised, what followed, in counts, beside the dyad's other days."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from olivebranch.analysis.controls import control_rate
from olivebranch.analysis.likelihood import Rate
from olivebranch.analysis.naming import is_group
from olivebranch.analysis.outcomes import OutcomeJudge
from olivebranch.ledger.rows import Criterion, LedgerOverture, OutcomeName

RESOLVED: frozenset[str] = frozenset({"kept", "partly", "late", "reversed", "lapsed"})
"""Outcomes that a rate of keeping rests on; a meeting that took place is `met`, counted apart."""
KEPT_LENIENTLY: frozenset[str] = frozenset({"kept", "partly", "late"})
CHECKED: frozenset[str] = frozenset({"checked", "sourced", "cross-checked"})
"""Bases that let a row into a rate."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """An earlier overture with its outcome as of the day; `not_counted_why` is None where it may stand in a rate."""

    overture: LedgerOverture
    outcome: OutcomeName
    why: str
    days: int | None
    not_counted_why: str | None

    @property
    def is_counted(self) -> bool:
        """Whether the row may stand in a rate: its reference checked, its addressee a power and no mere group."""
        return self.not_counted_why is None


@dataclass(frozen=True, slots=True)
class Record:
    """A side's earlier overtures to the other: every row, counts by outcome, and the rates where cases allow.

    `in_full` and `leniently` rest on resolved, counted rows other than meetings; `met` is apart. `controls` are the
    same deeds on the dyad's other days, by family; None under ten such days, or without a complete stretch.
    """

    rows: tuple[RecordRow, ...]
    counts: dict[str, int]
    states: dict[str, int]
    in_full: Rate
    leniently: Rate
    met: Rate
    controls: dict[str, Rate | None]


def make_record(
    judge: OutcomeJudge, source: str, targets: set[str], said_before: date, story_ids: frozenset[str] = frozenset()
) -> Record:
    """The record of `source` towards `targets` before a day; the stories being read are left out."""
    rows = tuple(
        judge_row(judge, overture)
        for overture in judge.view.overtures(sources={source}, targets=targets)
        if overture.said_on is not None and overture.said_on < said_before and overture.story_id not in story_ids
    )
    promised = [row for row in rows if row.is_counted and row.overture.criterion.family != "meeting"]
    meetings = [row for row in rows if row.is_counted and row.overture.criterion.family == "meeting"]
    return Record(
        rows=rows,
        counts=dict(Counter[str](row.outcome for row in rows)),
        states=dict(Counter(row.overture.dyad_state or "unknown" for row in rows)),
        in_full=_rate(promised, frozenset({"kept"})),
        leniently=_rate(promised, KEPT_LENIENTLY),
        met=_rate(meetings, frozenset({"met"})),
        controls=_controls(judge, source, targets, rows),
    )


def judge_row(judge: OutcomeJudge, overture: LedgerOverture) -> RecordRow:
    """The row of one overture."""
    judged = judge.judge(overture)
    return RecordRow(overture, judged.outcome, judged.why, judged.days, _why_not_counted(overture))


def class_rate(judge: OutcomeJudge, criterion: Criterion, said_before: date) -> Rate:
    """How often overtures of the same class (deed family and window, any dyad) were kept, or met for a meeting."""
    rows = [
        judge_row(judge, overture)
        for overture in judge.view.overtures()
        if overture.criterion.family == criterion.family
        and overture.criterion.window_days == criterion.window_days
        and overture.said_on is not None
        and overture.said_on < said_before
    ]
    return _rate([row for row in rows if row.is_counted], frozenset({"kept", "met"}))


def _rate(rows: list[RecordRow], good: frozenset[str]) -> Rate:
    resolved = [row for row in rows if row.outcome in RESOLVED | {"met"}]
    return Rate(sum(row.outcome in good for row in resolved), len(resolved))


def _why_not_counted(overture: LedgerOverture) -> str | None:
    if overture.basis not in CHECKED:
        return "unchecked"
    if overture.targets and all(is_group(code) for code in overture.targets):
        return "to a group"
    return None


def _controls(
    judge: OutcomeJudge, source: str, targets: set[str], rows: tuple[RecordRow, ...]
) -> dict[str, Rate | None]:
    criteria = [row.overture.criterion for row in rows if row.overture.criterion.is_testable]
    families = {criterion.family or "": criterion for criterion in criteria}
    return {family: control_rate(judge, source, targets, criterion) for family, criterion in families.items()}
