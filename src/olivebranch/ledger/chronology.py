"""Reads a chronology folder (facts, overtures, outcomes, coverage as CSV) into the ledger's rows."""

import csv
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar, get_args

from olivebranch.codebook import load_table
from olivebranch.errors import LedgerError
from olivebranch.ledger.rows import Coverage, Criterion, Fact, LedgerOverture, Outcome, OutcomeName
from olivebranch.records import Factuality, Grade

FILES = ("facts", "overtures", "outcomes", "coverage")

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Chronology:
    """One chronology, ready to be added; `outcomes` are (overture_id, outcome)."""

    name: str
    sha256: str
    facts: tuple[Fact, ...]
    overtures: tuple[LedgerOverture, ...]
    outcomes: tuple[tuple[str, Outcome], ...]
    coverage: tuple[Coverage, ...]


def read_chronology(folder: Path) -> Chronology:
    """The chronology in a folder; its name is the folder's.

    Raises:
        LedgerError: a file is missing or a row does not fit (the message names file and row).
    """
    rows = {name: _read_rows(folder / f"{name}.csv") for name in FILES}
    digest = hashlib.sha256(b"".join((folder / f"{name}.csv").read_bytes() for name in FILES)).hexdigest()
    name = folder.name
    return Chronology(
        name=name,
        sha256=digest,
        facts=_make(folder, "facts", rows, lambda row: _fact(name, row)),
        overtures=_make(folder, "overtures", rows, lambda row: _overture(name, row)),
        outcomes=_make(folder, "outcomes", rows, lambda row: (row["overture_id"], _outcome(row))),
        coverage=_make(folder, "coverage", rows, lambda row: _coverage(name, row)),
    )


def _read_rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    except OSError as error:
        raise LedgerError(
            f"{path}: cannot be read ({error.strerror}); a chronology has {', '.join(FILES)}.csv"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise LedgerError(f"{path}: is not CSV in UTF-8 ({error}); save it so") from error


def _make(
    folder: Path, file: str, rows: dict[str, list[dict[str, str]]], make: Callable[[dict[str, str]], _Made]
) -> tuple[_Made, ...]:
    made = []
    for number, row in enumerate(rows[file], 2):
        try:
            made.append(make(row))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            where = f"{folder / file}.csv, line {number}"
            raise LedgerError(f"{where}: does not fit the chronology's columns: {error}; mend the row") from error
    return tuple(made)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _sides(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes and sectors of "RUS|UKR:REB"."""
    parts = [part.partition(":") for part in _list(text)]
    return tuple(code for code, _, _ in parts), tuple(sector for _, _, sector in parts)


def _fact(name: str, row: dict[str, str]) -> Fact:
    kind = _types()[row["type"]]
    actors, actor_sectors = _sides(row["actors"])
    recipients, recipient_sectors = _sides(row["recipients"])
    return Fact(
        fact_id=row["fact_id"], origin=name, article_id=None, span=None,
        actors=actors, actor_sectors=actor_sectors, recipients=recipients, recipient_sectors=recipient_sectors,
        type=row["type"], mode=row["mode"] or None, cameo=row["cameo"] or None, is_deed=kind[0],
        factuality=_named(row["factuality"], Factuality), score=kind[1],
        summary=row["summary"], regime=row["regime"] or None,
        happened_from=_day(row["happened_on"]), happened_to=_day(row["happened_on"]), known_on=_day(row["known_on"]),
        basis=row["basis"], reference=row["reference"] or None,
    )  # fmt: skip


def _named(word: str, names: object) -> str:
    """The word, if it is one of the names of a Literal."""
    if word not in get_args(names):
        raise ValueError(f"'{word}' is none of {', '.join(get_args(names))}")
    return word


@cache
def _types() -> dict[str, tuple[bool, float]]:
    return {row.type: (row.is_deed, row.score) for row in load_table("plover_types")}


def _overture(name: str, row: dict[str, str]) -> LedgerOverture:
    said_on = _day(row["said_on"])
    return LedgerOverture(
        overture_id=row["overture_id"], origin=name, article_id=None, span=None,
        source=row["from"], targets=_list(row["to"]), who=row["who"] or None, office=row["office"] or None,
        grade=_named(row["grade"], Grade), is_restraint=row["is_restraint"] == "yes", words=row["words"],
        cost_flags=_list(row["cost_flags"]), said_on=said_on, known_on=_day(row["known_on"]),
        dyad_state=row["dyad_state_hint"] or None, basis=row["basis"], reference=row["reference"] or None,
        criterion=_criterion(row, said_on), outcome=None,
    )  # fmt: skip


def _criterion(row: dict[str, str], said_on: date | None) -> Criterion:
    days = int(row["window_days"]) if row["window_days"] else None
    closes = said_on + timedelta(days=days) if said_on and days else None
    return Criterion(row["deed_family"] or None, _list(row["criterion_cameo"]), days, said_on, closes, row["criterion"])


def _outcome(row: dict[str, str]) -> Outcome:
    return Outcome(
        outcome=_named(row["outcome"], OutcomeName), stage=row["stage"] or None,  # type: ignore[arg-type]
        known_on=date.fromisoformat(row["known_on"]), happened_on=_day(row["happened_on"]),
        facts=_list(row["facts"]), note=row["note"] or None,
    )  # fmt: skip


def _coverage(name: str, row: dict[str, str]) -> Coverage:
    return Coverage(
        origin=name, source=row["source"], target=row["target"],
        begins=date.fromisoformat(row["begins"]), ends=date.fromisoformat(row["ends"]),
        types=_list(row["types"]), how=row["how"],
    )  # fmt: skip
