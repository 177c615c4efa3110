"""What would count and how often it did: the criteria of the stories' overtures, the record, what to watch."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from olivebranch import settings
from olivebranch.analysis.brief import CriterionRow, DecisionRow, RecordLine, RecordPart, WatchRow, WordRow
from olivebranch.analysis.controls import control_rate
from olivebranch.analysis.criteria import day_words, fix_criteria
from olivebranch.analysis.dyads import DyadState
from olivebranch.analysis.likelihood import Rate, likelihood_words
from olivebranch.analysis.naming import name_code
from olivebranch.analysis.outcomes import Judged, OutcomeJudge
from olivebranch.analysis.question import Spoken
from olivebranch.analysis.record import Record, RecordRow, class_rate
from olivebranch.ledger.rows import Criterion, LedgerOverture
from olivebranch.ledger.story_rows import overtures_of

NO_CONTROL = f"no control (under {settings.MIN_CONTROL_DAYS} comparable days)"
RECORD_LINES = 5
LINE_ORDER = ("kept", "partly", "late", "reversed", "met", "lapsed", "open", "not_examined", "untestable")
"""What a reader wants to see of a record first."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the ledger gives a brief to stand on: its judge of outcomes, the record, the dyad's state before the day."""

    judge: OutcomeJudge
    source: str
    targets: set[str]
    said_before: date
    record: Record
    state: DyadState


def criterion_rows(
    grounds: Grounds | None, spoken: list[Spoken], words: tuple[WordRow, ...]
) -> tuple[CriterionRow, ...]:
    """One row for each criterion, the untestable ones joined in a last row."""
    rows: dict[tuple[str | None, str], CriterionRow] = {}
    for overture, row in zip(_as_fixed(grounds, spoken), words, strict=True):
        key = (overture.criterion.family, overture.criterion.wording)
        if key in rows:
            known = rows[key]
            rows[key] = known.model_copy(
                update={"labels": (*known.labels, row.label), "cites": tuple(sorted({*known.cites, *row.cites}))}
            )
        else:
            rows[key] = _criterion_row(grounds, overture, row)
    return tuple(sorted(rows.values(), key=lambda row: row.family is None))


def _as_fixed(grounds: Grounds | None, spoken: list[Spoken]) -> list[LedgerOverture]:
    """The overtures as the ledger keeps them, each with the criterion that was written when it was first read."""
    view = grounds.judge.view if grounds else None
    kept = {o.overture_id: o for o in view.overtures(sources={grounds.source})} if view and grounds else {}
    fixed = view.criteria() if view else {}
    found = []
    for item in spoken:
        made = {o.overture_id: o for o in overtures_of(item.reading, "", fix_criteria(item.reading), {})}[item.key]
        overture = kept.get(item.key, made)
        found.append(replace(overture, criterion=fixed.get(item.key, overture.criterion)))
    return found


def _criterion_row(grounds: Grounds | None, overture: LedgerOverture, row: WordRow) -> CriterionRow:
    criterion = overture.criterion
    judged = grounds.judge.judge(overture) if grounds else Judged("open", "the story gives no day to count from")
    cells = _ledger_cells(grounds, criterion) if grounds and criterion.is_testable else dict.fromkeys(CELLS, "–")
    return CriterionRow(
        labels=(row.label,), family=criterion.family, criterion=criterion.wording, opens_on=criterion.opens_on,
        closes_on=criterion.closes_on, outcome=judged.outcome if criterion.is_testable else "untestable",
        outcome_why=judged.why, cites=row.cites, **cells,
    )  # fmt: skip


CELLS = ("forecast", "control", "class_rate", "own_record")


def _ledger_cells(grounds: Grounds, criterion: Criterion) -> dict[str, str]:
    rate = class_rate(grounds.judge, criterion, grounds.said_before)
    control = control_rate(grounds.judge, grounds.source, grounds.targets, criterion)
    return {
        "forecast": forecast_words(rate, grounds.state.reports),
        "control": control.words() if control else NO_CONTROL,
        "class_rate": _rate_words(rate),
        "own_record": _own_record(grounds.record, criterion),
    }


def forecast_words(rate: Rate, reports: int) -> str:
    """A percentage only with cases enough: from 100 and 5 reports a forecast, from 20 the class rate, marked so."""
    if rate.cases < settings.MIN_CASES_CLASS_RATE:
        return f"no percentage: {rate.cases} resolved cases of this class, {settings.MIN_CASES_CLASS_RATE} are needed"
    low, high = rate.interval
    share = rate.share or 0.0
    words = f"{likelihood_words(share)}, {share * 100:.0f} % ({low * 100:.0f}–{high * 100:.0f} %), n {rate.cases}"
    enough = rate.cases >= settings.MIN_CASES_FORECAST and reports >= settings.MIN_REPORTS_FORECAST
    return words if enough else f"class rate only: {words}"


def _own_record(record: Record, criterion: Criterion) -> str:
    rows = [row for row in record.rows if row.overture.criterion.family == criterion.family]
    good = [row for row in rows if row.outcome in {"kept", "met"}]
    examined = [row for row in rows if row.outcome in {"kept", "met", "partly", "late", "reversed", "lapsed"}]
    did = "took place" if criterion.family == "meeting" else "kept in full"
    return f"{len(good)} {did} of {len(examined)} examined" if rows else "none of this kind"


def record_part(grounds: Grounds, source: str, targets: str) -> RecordPart:
    """The record as a brief prints it: at most five rows, the resolved ones first, newest first."""
    record = grounds.record
    rows = sorted(record.rows, key=lambda row: -(row.overture.said_on or date.min).toordinal())
    rows.sort(key=lambda row: max(LINE_ORDER.index(row.outcome), 3))
    return RecordPart(
        summary=_summary(record, source, targets),
        dyad_state=grounds.state.state,
        state_why=grounds.state.why,
        counts=record.counts,
        states=record.states,
        in_full=_rate_words(record.in_full),
        leniently=_rate_words(record.leniently),
        met=_rate_words(record.met),
        control=_control_words(record),
        lines=tuple(_record_line(row) for row in rows[:RECORD_LINES]),
    )


def _record_line(row: RecordRow) -> RecordLine:
    overture = row.overture
    return RecordLine(
        overture_id=overture.overture_id, said_on=overture.said_on, who=overture.who, to=overture.targets,
        words=overture.words, criterion=overture.criterion.wording,
        stage=overture.outcome.stage if overture.outcome else None, outcome=row.outcome, days=row.days,
        is_counted=row.is_counted, not_counted_why=row.not_counted_why, reference=overture.reference,
    )  # fmt: skip


def _control_words(record: Record) -> str:
    """The control of each family, those that have none told together."""
    said = [f"{family} {rate.words()}" for family, rate in sorted(record.controls.items()) if rate]
    without = [family for family, rate in sorted(record.controls.items()) if rate is None]
    if without:
        said.append(f"{NO_CONTROL} for {', '.join(without)}")
    return "; ".join(said).replace("_", " ") or "no testable overture to hold against them"


def _rate_words(rate: Rate) -> str:
    """An interval only where the cases carry one."""
    if not rate.cases:
        return rate.words()
    return rate.words() if rate.cases >= settings.MIN_CASES_CLASS_RATE else f"{rate.hits} of {rate.cases}"


def _summary(record: Record, source: str, targets: str) -> str:
    if not record.rows:
        return f"No earlier overture of {source} to {targets} in the ledger."
    testable = len(record.rows) - record.counts.get("untestable", 0)
    outcomes = _counted(record.counts, LINE_ORDER[:-1])
    states = _counted(record.states, ("cold", "warm", "unknown"))
    apart = _counted(dict(Counter(row.not_counted_why for row in record.rows if row.not_counted_why)))
    return (
        f"{_number(len(record.rows), 'earlier overture')} of {source} to {targets} in the ledger "
        f"(relations then: {states}): {testable} testable{f' ({outcomes})' if outcomes else ''}, "
        f"{record.counts.get('untestable', 0)} untestable." + (f" Outside every rate: {apart}." if apart else "")
    )


def _counted(counts: dict[str, int], names: Iterable[str] | None = None) -> str:
    return ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in names or sorted(counts) if counts.get(name))


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def watch_rows(
    decisions: tuple[DecisionRow, ...],
    criteria: tuple[CriterionRow, ...],
    accords: list[tuple[str, str, tuple[int, ...]]],
) -> tuple[WatchRow, ...]:
    """Days and acts to watch, dated ones first."""
    rows = [
        WatchRow(
            on=row.on.from_,
            what=f"{name_code(row.body)} decides: {row.what}. Easing or renewal would each be a deed.",
            cites=row.cites,
        )
        for row in decisions
        if row.on
    ]
    rows += [
        WatchRow(on=row.closes_on, what=_what_counts(row), cites=row.cites)
        for row in criteria
        if row.family is not None and row.outcome == "open"
    ]
    rows += [WatchRow(on=None, what=f"{label} broken by: {breach}", cites=cites) for label, breach, cites in accords]
    return tuple(sorted(rows, key=lambda row: (row.on is None, row.on or date.max)))


def _what_counts(row: CriterionRow) -> str:
    kept = "count as met by" if row.family == "meeting" else "count as kept by"
    undone = " Any such act would reverse it." if (row.family or "").startswith("restraint") else ""
    return f"{', '.join(row.labels)} would {kept}: {row.criterion}.{undone}"


def breach_words(subject: str) -> str:
    """What would break an accord, by what it is about."""
    lower = subject.lower()
    if any(word in lower for word in ("ceasefire", "cease-fire", "truce", "armistice", "peace")):
        return "fighting resumed"
    if any(word in lower for word in ("gas", "oil", "energy", "supply", "grain")):
        return "supplies cut, or the price or debt disputed again"
    if any(word in lower for word in ("nuclear", "enrichment", "missile", "arms")):
        return "activity resumed, or inspectors shut out"
    if any(word in lower for word in ("prisoner", "hostage", "exchange", "swap")):
        return "those named not released"
    return "a party withdrawing from it or acting against it"


CHANGES = {
    "restraint": "the act itself, or an order for it",
    "meeting": "a date fixed for the talks",
}
"""What, short of the deed, would move the view of an open overture; by family, else an order or legal act."""


def what_would_change(criteria: tuple[CriterionRow, ...], decisions: tuple[DecisionRow, ...]) -> tuple[str, ...]:
    """What would change the view, a line each: a step towards the deed of each open criterion, a decision due."""
    lines = []
    for row in criteria:
        if row.family is not None:
            kind = "restraint" if row.family.startswith("restraint") else row.family
            lines.append(f"{CHANGES.get(kind, 'an order, a mandate or a legal act for it')} ({', '.join(row.labels)})")
    lines += [f"what {name_code(row.body)} decides on {day_words(row.on.from_)}" for row in decisions if row.on]
    return tuple(lines)
