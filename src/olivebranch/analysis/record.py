"""The record of earlier overtures: what each promised, what followed, in counts, beside the dyad's other days."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from olivebranch import settings
from olivebranch.analysis.likelihood import Rate
from olivebranch.ledger.rows import Coverage, Criterion, LedgerOverture, OutcomeName
from olivebranch.ledger.view import View

RESOLVED: frozenset[str] = frozenset({"kept", "partly", "late", "reversed", "lapsed"})
"""Outcomes that a rate of keeping rests on; a meeting that took place is `met`, counted apart."""
KEPT_LENIENTLY: frozenset[str] = frozenset({"kept", "partly", "late"})


@dataclass(frozen=True, slots=True)
class RecordRow:
    """An earlier overture with its outcome as of the day; `is_counted` = its reference was checked."""

    overture: LedgerOverture
    outcome: OutcomeName
    why: str
    days: int | None
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A side's earlier overtures to the other: every row, counts by outcome, and the rates where cases allow.

    `in_full` and `leniently` rest on resolved, checked rows; `met` is apart. `controls` are the same deeds on the dyad's
    other days, by family; None where there are fewer than ten such days or no complete stretch.
    """

    rows: tuple[RecordRow, ...]
    counts: dict[str, int]
    in_full: Rate
    leniently: Rate
    met: Rate
    unchecked: int
    controls: dict[str, Rate | None]


def make_record(view: View, source: str, targets: set[str], before: date, story_ids: set[str]) -> Record:
    """The record of `source` towards `targets` before a day; the stories being read are left out."""
    earlier = [
        overture
        for overture in view.overtures(sources={source}, targets=targets)
        if overture.said_on is not None and overture.said_on < before and overture.story_id not in story_ids
    ]
    rows = tuple(_row(view, overture, before) for overture in earlier)
    counted = [row for row in rows if row.is_counted]
    counts = Counter(row.outcome for row in rows)
    resolved = [row for row in counted if row.outcome in RESOLVED]
    meetings = [
        row for row in counted if row.overture.criterion.family == "meeting" and row.outcome in RESOLVED | {"met"}
    ]
    families = {
        row.overture.criterion.family: row.overture.criterion for row in rows if row.overture.criterion.is_testable
    }
    return Record(
        rows=rows,
        counts=dict(counts),
        in_full=Rate(sum(row.outcome == "kept" for row in resolved), len(resolved)),
        leniently=Rate(sum(row.outcome in KEPT_LENIENTLY for row in resolved), len(resolved)),
        met=Rate(sum(row.outcome == "met" for row in meetings), len(meetings)),
        unchecked=sum(not row.is_counted for row in rows),
        controls={
            family or "": control_rate(view, source, targets, criterion, before)
            for family, criterion in families.items()
        },
    )


def class_rate(view: View, criterion: Criterion, before: date) -> Rate:
    """How often overtures of the same class (deed family and window, any dyad) were kept: resolved, checked rows only."""
    rows = [
        _row(view, overture, before)
        for overture in view.overtures()
        if overture.criterion.family == criterion.family
        and overture.criterion.window_days == criterion.window_days
        and overture.said_on is not None
        and overture.said_on < before
    ]
    good = {"kept", "met"}
    resolved = [row for row in rows if row.is_counted and row.outcome in RESOLVED | {"met"}]
    return Rate(sum(row.outcome in good for row in resolved), len(resolved))


def _row(view: View, overture: LedgerOverture, before: date) -> RecordRow:
    outcome, why = judge_outcome(view, overture, min(before, view.as_of))
    days = None
    if overture.outcome and overture.outcome.happened_on and overture.said_on:
        days = (overture.outcome.happened_on - overture.said_on).days
    is_counted = overture.basis in {"checked", "sourced", "cross-checked"}
    return RecordRow(overture, outcome, why, days, is_counted)


def judge_outcome(view: View, overture: LedgerOverture, day: date) -> tuple[OutcomeName, str]:
    """What is known on a day of an overture's outcome, and why: a recorded outcome, else what its window allows."""
    if not overture.criterion.is_testable:
        return "untestable", "names no measure"
    if overture.outcome is not None:
        return overture.outcome.outcome, overture.outcome.note or "recorded with its evidence"
    closes = overture.criterion.closes_on
    if closes is None or closes >= day:
        return "open", f"its window runs to {closes}" if closes else "its window has no end"
    if _is_covered(view, overture):
        return "lapsed", "nothing followed in a window that the ledger covers"
    return "not_examined", "nobody has looked at its whole window"


def _is_covered(view: View, overture: LedgerOverture) -> bool:
    return any(
        _covers(stretch, overture.criterion)
        for target in overture.targets
        for stretch in view.coverage(overture.source, target)
    )


def _covers(stretch: Coverage, criterion: Criterion) -> bool:
    if criterion.opens_on is None or criterion.closes_on is None:
        return False
    whole = stretch.begins <= criterion.opens_on and criterion.closes_on <= stretch.ends
    return whole and criterion.family in stretch.types


def control_rate(view: View, source: str, targets: set[str], criterion: Criterion, before: date) -> Rate | None:
    """How often the same deed followed within the same window on this dyad's other days.

    Control days lie inside complete stretches, over 14 days after any overture of the side, and their windows do not
    overlap. None under ten such days: then there is no control.
    """
    if not criterion.is_testable or criterion.window_days is None:
        return None
    overtures = [o.said_on for o in view.overtures(sources={source}, targets=targets) if o.said_on]
    days = [
        day
        for target in sorted(targets)
        for stretch in view.coverage(source, target)
        if criterion.family in stretch.types
        for day in _control_days(stretch, overtures, criterion.window_days, before)
    ]
    days = sorted(set(days))
    if len(days) < settings.MIN_CONTROL_DAYS:
        return None
    return Rate(sum(_deed_follows(view, source, targets, criterion, day) for day in days), len(days))


def _control_days(stretch: Coverage, overtures: list[date], window: int, before: date) -> list[date]:
    days, day = [], stretch.begins
    last = min(stretch.ends, before) - timedelta(days=window)
    gap = timedelta(days=settings.CONTROL_GAP_DAYS)
    while day <= last:
        if any(said <= day <= said + gap for said in overtures):
            day += timedelta(days=1)
        else:
            days.append(day)
            day += timedelta(days=window)
    return days


def _deed_follows(view: View, source: str, targets: set[str], criterion: Criterion, day: date) -> bool:
    window = (day + timedelta(days=settings.SAME_STORY_DAYS + 1), day + timedelta(days=criterion.window_days or 0))
    facts = view.facts(sources={source}, targets=targets, begins=window[0], ends=window[1])
    return any(
        fact.factuality == "asserted" and any((fact.cameo or "").startswith(code) for code in criterion.cameo)
        for fact in facts
    )
