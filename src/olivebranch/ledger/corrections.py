"""Corrections: which fields may be set and to what, and how a record reads once those that stand are applied.

A correction mends how the words were coded, so it holds on whatever day the ledger is asked about. Only an outcome is
news: where none was known on that day, a corrected one counts from the day it was recorded.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, get_args

from olivebranch.codebook import load_table
from olivebranch.errors import UsageError
from olivebranch.ledger.rows import Correction, Fact, LedgerOverture, Outcome, OutcomeName
from olivebranch.ledger.story_rows import event_ids, overture_ids
from olivebranch.records import Days, Event, EventDate, Factuality, Grade, Overture, PloverType, Reading

Changes = Mapping[str, Correction]
"""The corrections of one record that stand, by field."""


def _one_of(names: Iterable[str]) -> Callable[[str], bool]:
    return frozenset(names).__contains__


def _is_day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


CORRECTABLE: dict[str, dict[str, tuple[Callable[[str], bool], str]]] = {
    "facts": {
        "type": (_one_of(get_args(PloverType)), "a PLOVER type, as in SANCTION"),
        "mode": (lambda value: value in {row.mode for row in load_table("plover_modes")}, "a PLOVER mode, or empty"),
        "cameo": (lambda value: value in {row.code for row in load_table("cameo")}, "a CAMEO code, or empty"),
        "factuality": (_one_of(get_args(Factuality)), f"one of {', '.join(get_args(Factuality))}"),
        "happened_from": (_is_day, "a day as in 2014-09-28, or empty"),
        "happened_to": (_is_day, "a day as in 2014-09-28, or empty"),
        "is_counted": (_one_of(("yes", "no")), "yes or no"),
    },
    "overtures": {
        "grade": (_one_of(get_args(Grade)), f"one of {', '.join(get_args(Grade))}"),
        "said_on": (_is_day, "a day as in 2014-09-28, or empty"),
        "is_counted": (_one_of(("yes", "no")), "yes or no"),
        "outcome": (_one_of(get_args(OutcomeName)), f"one of {', '.join(get_args(OutcomeName))}"),
    },
}
"""What may be corrected: field, its test, and what it takes; `is_counted` = no takes a record out of every count."""

NULLABLE = frozenset({"mode", "cameo", "happened_from", "happened_to", "said_on"})


def check_correction(table: str, field: str, value: str | None) -> None:
    """Sees that a field of a table may be corrected to this value.

    Raises:
        UsageError: it may not; the message says what may.
    """
    if field not in CORRECTABLE[table]:
        raise UsageError(f"'{field}' cannot be corrected; of {table} these can: {', '.join(CORRECTABLE[table])}")
    is_good, wanted = CORRECTABLE[table][field]
    if not (is_good(value) if value else field in NULLABLE):
        raise UsageError(f"'{value or ''}' is no value for {field}; give {wanted}")


def standing_corrections(corrections: Iterable[Correction]) -> dict[str, dict[str, Correction]]:
    """For each record and field the latest correction that was not taken back; `corrections` come oldest first."""
    every = list(corrections)
    undone = {correction.undoes for correction in every}
    standing: dict[str, dict[str, Correction]] = defaultdict(dict)
    for correction in every:
        if correction.undoes is None and correction.correction_id not in undone:
            standing[correction.record_id][correction.field] = correction
    return dict(standing)


def correct_fact(fact: Fact, changes: Changes) -> Fact | None:
    """The fact as corrected; None where it is no longer counted. A type brings its own score with it."""
    if not changes:
        return fact
    if _is_dropped(changes):
        return None
    values = _values(changes, days=("happened_from", "happened_to"))
    if "type" in values:
        kind = next(row for row in load_table("plover_types") if row.type == values["type"])
        values |= {"is_deed": kind.is_deed, "score": kind.score}
    return replace(fact, **values)


def correct_overture(overture: LedgerOverture, changes: Changes, as_of: date) -> LedgerOverture | None:
    """The overture as corrected and known on a day; None where it is no longer counted."""
    if not changes:
        return overture
    if _is_dropped(changes):
        return None
    values = _values(changes, days=("said_on",))
    named = values.pop("outcome", None)
    if named is not None:
        values["outcome"] = _correct_outcome(overture.outcome, named, changes["outcome"], as_of)
    return replace(overture, **values)


def _correct_outcome(known: Outcome | None, named: OutcomeName, correction: Correction, as_of: date) -> Outcome | None:
    note = f"corrected by {correction.who}: {correction.why}"
    if known is not None:
        return replace(known, outcome=named, note=note)
    day = correction.recorded_at.date()
    return Outcome(named, None, day, None, (), note) if day <= as_of else None


def correct_reading(reading: Reading, standing: Mapping[str, Changes]) -> Reading:
    """A reading with the corrections of its events and overtures applied, those no longer counted left out."""
    events = [
        _correct_event(e, standing.get(key, {})) for e, key in zip(reading.events, event_ids(reading), strict=True)
    ]
    overtures = [
        _correct_spoken(o, standing.get(key, {}))
        for o, key in zip(reading.overtures, overture_ids(reading), strict=True)
    ]
    return reading.model_copy(
        update={"events": tuple(e for e in events if e), "overtures": tuple(o for o in overtures if o)}
    )


def _correct_event(event: Event, changes: Changes) -> Event | None:
    if not changes:
        return event
    if _is_dropped(changes):
        return None
    values = _values(changes, days=("happened_from", "happened_to"))
    begins = values.pop("happened_from", event.date.from_ if event.date else None)
    ends = values.pop("happened_to", event.date.to if event.date else None)
    if {"happened_from", "happened_to"} & set(changes):
        values["date"] = _corrected_date(begins or ends, ends or begins)
    if "type" in values:
        values["is_deed"] = next(row.is_deed for row in load_table("plover_types") if row.type == values["type"])
    return event.model_copy(update={**values, "why": f"{event.why}; {_said_why(changes)}"})


def _corrected_date(begins: date | None, ends: date | None) -> EventDate | None:
    if begins is None or ends is None:
        return None
    return EventDate(from_=begins, to=ends, granularity="day" if begins == ends else "range", how="corrected")


def _correct_spoken(overture: Overture, changes: Changes) -> Overture | None:
    if not changes:
        return overture
    if _is_dropped(changes):
        return None
    values = _values(changes, days=("said_on",))
    values.pop("outcome", None)
    if "said_on" in values:
        day = values["said_on"]
        values["said_on"] = Days(from_=day, to=day) if day else None
    return overture.model_copy(update={**values, "why": f"{overture.why}; {_said_why(changes)}"})


def _is_dropped(changes: Changes) -> bool:
    return "is_counted" in changes and changes["is_counted"].value == "no"


def _values(changes: Changes, days: tuple[str, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {field: c.value for field, c in changes.items() if field != "is_counted"}
    return values | {day: date.fromisoformat(values[day]) for day in days if values.get(day)}


def _said_why(changes: Changes) -> str:
    return "; ".join(f"{field} corrected by {c.who}: {c.why}" for field, c in sorted(changes.items()))
