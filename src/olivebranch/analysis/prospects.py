"""What would count and how often it did: the criteria of the stories' overtures, the record, what to watch."""

from datetime import date

from olivebranch import settings
from olivebranch.analysis.brief import CriterionRow, DecisionRow, RecordLine, RecordPart, WatchRow, WordRow
from olivebranch.analysis.criteria import fix_criterion
from olivebranch.analysis.dyads import DyadState
from olivebranch.analysis.likelihood import Rate, likelihood_words
from olivebranch.analysis.question import Spoken
from olivebranch.analysis.record import Record, class_rate, control_rate
from olivebranch.ledger.rows import Criterion
from olivebranch.ledger.view import View

NO_CONTROL = f"no control (under {settings.MIN_CONTROL_DAYS} comparable days)"
RECORD_LINES = 5


def criterion_rows(
    view: View,
    spoken: list[Spoken],
    words: tuple[WordRow, ...],
    targets: set[str],
    record: Record | None,
    before: date | None,
) -> tuple[CriterionRow, ...]:
    """One row for each criterion, the untestable ones joined in a last row."""
    rows: dict[tuple[str | None, str], CriterionRow] = {}
    for item, row in zip(spoken, words, strict=True):
        criterion = fix_criterion(item.overture, item.reading)
        key = (criterion.family, criterion.wording)
        if key in rows:
            known = rows[key]
            rows[key] = known.model_copy(
                update={"labels": (*known.labels, row.label), "cites": tuple(sorted({*known.cites, *row.cites}))}
            )
        else:
            rows[key] = _criterion_row(view, criterion, row, targets, record, before)
    return tuple(sorted(rows.values(), key=lambda row: row.family is None))


def _criterion_row(
    view: View, criterion: Criterion, row: WordRow, targets: set[str], record: Record | None, before: date | None
) -> CriterionRow:
    blank = "not counted"
    if not criterion.is_testable or before is None:
        return CriterionRow(
            labels=(row.label,), family=criterion.family, criterion=criterion.wording, opens_on=criterion.opens_on,
            closes_on=criterion.closes_on, forecast=blank, control=blank, class_rate=blank, own_record=blank, cites=row.cites,
        )  # fmt: skip
    rate = class_rate(view, criterion, before)
    control = control_rate(view, row.from_code, targets, criterion, before)
    return CriterionRow(
        labels=(row.label,),
        family=criterion.family,
        criterion=criterion.wording,
        opens_on=criterion.opens_on,
        closes_on=criterion.closes_on,
        forecast=_forecast(rate),
        control=control.words() if control else NO_CONTROL,
        class_rate=_class_words(rate),
        own_record=_own_record(record, criterion),
        cites=row.cites,
    )


def _forecast(rate: Rate) -> str:
    """A percentage only with cases enough; else what is missing."""
    if rate.cases < settings.MIN_CASES_CLASS_RATE:
        return f"no percentage: {rate.cases} resolved cases of this class, {settings.MIN_CASES_CLASS_RATE} are needed"
    low, high = rate.interval
    share = rate.share or 0.0
    return f"class rate only: {likelihood_words(share)}, {share:.0%} ({low:.0%}–{high:.0%}), n {rate.cases}"


def _class_words(rate: Rate) -> str:
    if rate.cases < settings.MIN_CASES_CLASS_RATE:
        return f"{rate.hits} of {rate.cases}"
    return rate.words()


def _own_record(record: Record | None, criterion: Criterion) -> str:
    if record is None:
        return "none in the ledger"
    rows = [row for row in record.rows if row.overture.criterion.family == criterion.family]
    done = [row for row in rows if row.outcome in {"kept", "met"}]
    examined = [row for row in rows if row.outcome in {"kept", "met", "partly", "late", "reversed", "lapsed"}]
    return f"{len(done)} of {len(examined)} examined" if rows else "none of this kind"


def record_part(record: Record, state: DyadState, source: str, targets: str) -> RecordPart:
    """The record as a brief prints it: at most five rows, the resolved ones first, newest first."""
    order = {
        "kept": 0,
        "partly": 0,
        "late": 0,
        "reversed": 0,
        "met": 1,
        "lapsed": 1,
        "open": 2,
        "not_examined": 3,
        "untestable": 4,
    }
    rows = sorted(record.rows, key=lambda row: (order[row.outcome], -(row.overture.said_on or date.min).toordinal()))
    lines = [
        RecordLine(
            overture_id=row.overture.overture_id, said_on=row.overture.said_on, who=row.overture.who,
            to=row.overture.targets, words=row.overture.words, criterion=row.overture.criterion.wording,
            stage=row.overture.outcome.stage if row.overture.outcome else None, outcome=row.outcome, days=row.days,
            is_counted=row.is_counted, reference=row.overture.reference,
        )
        for row in rows[:RECORD_LINES]
    ]  # fmt: skip
    controls = [f"{family}: {rate.words() if rate else NO_CONTROL}" for family, rate in sorted(record.controls.items())]
    return RecordPart(
        summary=_summary(record, source, targets),
        dyad_state=state.state,
        state_why=state.why,
        counts=record.counts,
        in_full=_rate_words(record.in_full),
        leniently=_rate_words(record.leniently),
        met=_rate_words(record.met),
        control="; ".join(controls) or "no testable overture to hold against other days",
        lines=tuple(lines),
    )


def _rate_words(rate: Rate) -> str:
    """An interval only where the cases carry one."""
    return rate.words() if rate.cases >= settings.MIN_CASES_CLASS_RATE else f"{rate.hits} of {rate.cases}"


def _summary(record: Record, source: str, targets: str) -> str:
    if not record.rows:
        return f"No earlier overture of {source} to {targets} in the ledger."
    testable = len(record.rows) - record.counts.get("untestable", 0)
    named = ("kept", "partly", "late", "met", "reversed", "lapsed", "open", "not_examined")
    parts = [f"{record.counts[name]} {name.replace('_', ' ')}" for name in named if record.counts.get(name)]
    return (
        f"{len(record.rows)} earlier overtures of {source} to {targets} in the ledger: {testable} testable"
        f"{' (' + ', '.join(parts) + ')' if parts else ''}, {record.counts.get('untestable', 0)} untestable. "
        f"{record.unchecked} of them have no checked reference and stand outside every rate."
    )


def watch_rows(
    decisions: tuple[DecisionRow, ...],
    criteria: tuple[CriterionRow, ...],
    accords: list[tuple[str, str, tuple[int, ...]]],
) -> tuple[WatchRow, ...]:
    """Days and acts to watch, dated ones first."""
    rows = [
        WatchRow(
            on=row.on.from_,
            what=f"{row.body} decides: {row.what}. Easing or renewal would each be a deed.",
            cites=row.cites,
        )
        for row in decisions
        if row.on
    ]
    rows += [
        WatchRow(
            on=row.closes_on, what=f"{', '.join(row.labels)} would count as kept by: {row.criterion}", cites=row.cites
        )
        for row in criteria
        if row.family is not None
    ]
    rows += [WatchRow(on=None, what=f"{label} broken by: {breach}", cites=cites) for label, breach, cites in accords]
    return tuple(sorted(rows, key=lambda row: (row.on is None, row.on or date.max)))


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
