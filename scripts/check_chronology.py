"""Checks a chronology folder against its own rules, the codebook and, where given, a folder of outside data.

Usage: check_chronology.py FOLDER [--data DATA]. Prints one line a check (rows, agreed, differing), then what differs.
Exit code 0: no contradiction; 1: contradictions; 2: a file is missing.
"""

import argparse
import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

from olivebranch.analysis.contradictions import (
    EASED,
    Record,
    check_fact,
    check_outcome,
    check_overture,
    find_early_easings,
)
from olivebranch.codebook import load_codebook, load_table
from olivebranch.errors import LedgerError
from olivebranch.ledger.chronology import read_chronology as read_for_ledger
from olivebranch.ledger.rows import Outcome, Stage
from olivebranch.records import CostFlag, Factuality, Grade, PloverType

Row = dict[str, str]
Note = tuple[str, str]
"""The row's id, and what is wrong with it (empty: the row agrees)."""

COLUMNS = {
    "facts": "fact_id,happened_on,known_on,actors,recipients,type,mode,cameo,factuality,summary,regime,basis,reference",
    "overtures": "overture_id,said_on,known_on,who,office,from,to,grade,is_restraint,words,criterion,deed_family,"
    "criterion_cameo,window_days,cost_flags,dyad_state_hint,basis,reference",
    "outcomes": "overture_id,known_on,stage,outcome,happened_on,facts,note",
    "coverage": "source,target,begins,ends,types,how",
    "checks": "row_id,compared_with",
}
ORDER = {
    "facts": ("happened_on", "fact_id"),
    "overtures": ("said_on", "overture_id"),
    "outcomes": ("known_on", "overture_id"),
    "coverage": ("source", "target", "begins"),
    "checks": ("row_id",),
}
WINDOWS = {
    "meeting": {30},
    "aid": {90, 180},
    "trade": {90, 180},
    "release": {90},
    "ceasefire": {90},
    "easing": {180},
    "withdrawal": {180},
    "agreement": {180},
    "restraint": {180},
    "cooperation": {180},
}
"""Days that a deed family is given: a meeting 30, money, gas or prisoners 90, the rest 180."""
COVERED_TYPES = {*get_args(PloverType), *WINDOWS, "summit"}
BASES = {"checked", "stated"}
STATES = {"", "cold", "warm", "unknown"}


@dataclass(frozen=True, slots=True)
class Chronology:
    """The rows of a chronology's files, as text and as the ledger reads them."""

    facts: list[Row]
    overtures: list[Row]
    outcomes: list[Row]
    coverage: list[Row]
    checks: list[Row]
    record: Record
    outcome_rows: tuple[tuple[str, Outcome], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """One check's result: how many rows it looked at, and what differed."""

    name: str
    rows: int
    differing: tuple[Note, ...]


def read_chronology(folder: Path) -> Chronology:
    """The five files of a chronology folder.

    Raises:
        OSError: a file is missing.
        ValueError: a header is not the one expected.
        LedgerError: a row does not fit its columns.
    """
    tables = {name: _read_csv(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()}
    read = read_for_ledger(folder)
    return Chronology(
        **tables,
        record=Record(read.facts, read.overtures, read.coverage),
        outcome_rows=read.outcomes,
    )


def _read_csv(path: Path, columns: str) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if ",".join(reader.fieldnames or []) != columns:
            raise ValueError(f"{path.name}: columns are {reader.fieldnames}; expected {columns}")
        return list(reader)


def split_list(text: str) -> list[str]:
    """The parts of "a|b|c"; none of an empty cell."""
    return [part for part in text.split("|") if part]


def day_of(text: str) -> date:
    """An ISO day."""
    return date.fromisoformat(text)


def _wrong(*claims: tuple[bool, str]) -> str:
    return "; ".join(text for holds, text in claims if not holds)


# --- checks that need nothing but the folder and the codebook ---------------------------------------------------


def check_order(chronology: Chronology) -> Iterator[Note]:
    """Rows are sorted, and no id stands twice."""
    for name, keys in ORDER.items():
        rows = getattr(chronology, name)
        order = [tuple(row[key] for key in keys) for row in rows]
        for before, after in pairwise(order):
            yield name, _wrong((before <= after, f"{after} stands after {before}"))
        ids = [row[COLUMNS[name].split(",")[0]] for row in rows]
        if name in {"facts", "overtures", "checks"}:
            yield from ((i, "stands twice" if ids.count(i) > 1 else "") for i in ids)


def check_facts(chronology: Chronology) -> Iterator[Note]:
    """Codes, types and words of each fact are those of the codebook."""
    cameo = {row.code: row for row in load_table("cameo")}
    modes = {(row.type, row.mode) for row in load_table("plover_modes")}
    codes = known_codes()
    for row in chronology.facts:
        code = cameo.get(row["cameo"])
        sides = [*split_list(row["actors"]), *split_list(row["recipients"])]
        unknown = [side for side in sides if side.partition(":")[0] not in codes]
        regimes = [part.split(":") for part in split_list(row["regime"])]
        yield (
            row["fact_id"],
            _wrong(
                (row["type"] in get_args(PloverType), f"type {row['type']}"),
                (not row["cameo"] or code is not None, f"CAMEO {row['cameo']} is unknown"),
                (code is None or code.type == row["type"], f"CAMEO {row['cameo']} is not {row['type']}"),
                (not row["mode"] or (row["type"], row["mode"]) in modes, f"mode {row['mode']}"),
                (row["factuality"] in get_args(Factuality), f"factuality {row['factuality']}"),
                (bool(split_list(row["actors"])) and not unknown, f"unknown code {unknown}"),
                (all(len(part) == 2 and set(part) <= codes for part in regimes), f"regime {row['regime']}"),
                (
                    row["basis"] in BASES and bool(row["reference"]) and bool(row["summary"]),
                    "basis, reference or summary",
                ),
            ),
        )


def known_codes() -> set[str]:
    """Codes of countries and organisations."""
    return {row.iso3 for row in load_table("countries")} | {row.code for row in load_table("organisations")}


def check_days(chronology: Chronology) -> Iterator[Note]:
    """Nothing is known before it happened, nothing lies in the future, and ids begin with their day."""
    record, codebook, today = chronology.record, load_codebook(), date.today()
    for rows, day, key in (
        (chronology.facts, "happened_on", "fact_id"),
        (chronology.overtures, "said_on", "overture_id"),
    ):
        yield from ((row[key], _wrong((row[key].startswith(row[day]), "the id has another day"))) for row in rows)
    faults = [fault for fact in record.facts for fault in check_fact(fact, codebook, today)]
    faults += [fault for overture in record.overtures for fault in check_overture(overture, codebook, today)]
    yield from ((fault.record_id, fault.why) for fault in faults if fault.kind != "not_in_office")


def check_overtures(chronology: Chronology) -> Iterator[Note]:
    """Grades, families, windows and flags are those of the design; a criterion is whole or absent."""
    codes = known_codes()
    for row in chronology.overtures:
        measure = [bool(row[name]) for name in ("criterion", "deed_family", "criterion_cameo", "window_days")]
        family, days = row["deed_family"], row["window_days"]
        sides = [row["from"], *split_list(row["to"])]
        yield (
            row["overture_id"],
            _wrong(
                (row["grade"] in get_args(Grade), f"grade {row['grade']}"),
                (row["is_restraint"] in {"yes", "no"}, "is_restraint"),
                (all(measure) or not any(measure), "a criterion needs words, family, CAMEO and window, or none"),
                (
                    not family or (days.isdigit() and int(days) in WINDOWS.get(family, set())),
                    f"window {days} of {family}",
                ),
                (
                    (family == "restraint") == (row["is_restraint"] == "yes") or not family,
                    "restraint and family differ",
                ),
                (set(split_list(row["cost_flags"])) <= set(get_args(CostFlag)), "cost flags"),
                (row["dyad_state_hint"] in STATES, "dyad state"),
                (len(sides) > 1 and all(side.partition(":")[0] in codes for side in sides), f"unknown code in {sides}"),
                (row["basis"] in BASES and bool(row["reference"]) and bool(row["words"]), "basis, reference or words"),
            ),
        )


def check_outcomes(chronology: Chronology) -> Iterator[Note]:
    """Outcomes rest on facts that exist, were known, and lie where the outcome says: in the window or after it."""
    facts = {fact.fact_id: fact for fact in chronology.record.facts}
    overtures = {overture.overture_id: overture for overture in chronology.record.overtures}
    for overture_id, outcome in chronology.outcome_rows:
        overture = overtures.get(overture_id)
        if overture is None or not overture.criterion.is_testable:
            yield overture_id, "no such overture, or one that names no measure"
            continue
        faults = check_outcome(overture, outcome, facts, chronology.record.coverage)
        known_stage = outcome.stage in {None, *get_args(Stage)}
        yield overture_id, "; ".join([*(fault.why for fault in faults), *([] if known_stage else ["stage"])])


def window_end(overture: Row) -> date:
    """The last day of an overture's window."""
    return day_of(overture["said_on"]) + timedelta(days=int(overture["window_days"]))


def check_coverage(chronology: Chronology) -> Iterator[Note]:
    """Stretches run forwards, over known types, and say how they are complete."""
    for row in chronology.coverage:
        yield (
            f"{row['source']}>{row['target']}",
            _wrong(
                (day_of(row["begins"]) <= day_of(row["ends"]), "ends before it begins"),
                (set(split_list(row["types"])) <= COVERED_TYPES and bool(row["types"]), f"types {row['types']}"),
                (bool(row["how"]), "does not say how"),
            ),
        )


def check_basis(chronology: Chronology) -> Iterator[Note]:
    """A row is `checked` if, and only if, `checks.csv` names what it was compared with."""
    compared = {row["row_id"] for row in chronology.checks if row["compared_with"]}
    rows = [*chronology.facts, *chronology.overtures]
    bases = {row.get("fact_id") or row["overture_id"]: row["basis"] for row in rows}
    yield from ((i, _wrong((i in bases, "checks.csv names no row"))) for i in compared)
    yield from ((i, _wrong(((basis == "checked") == (i in compared), f"is {basis}"))) for i, basis in bases.items())


def check_regimes(chronology: Chronology) -> Iterator[Note]:
    """No measure is eased before it was imposed."""
    early = {fault.record_id: fault.why for fault in find_early_easings(chronology.record.facts)}
    eased = [row["fact_id"] for row in chronology.facts if row["cameo"].startswith(EASED)]
    yield from ((fact_id, early.get(fact_id, "")) for fact_id in eased)


def check_holders(chronology: Chronology) -> Iterator[Note]:
    """Each official who spoke held an office of that side on that day, so far as the codebook knows the person."""
    codebook = load_codebook()
    for overture in chronology.record.overtures:
        if overture.who and codebook.people_named(overture.who):
            faults = check_overture(overture, codebook, date.today())
            yield overture.overture_id, "; ".join(fault.why for fault in faults if fault.kind == "not_in_office")


# --- checks against outside data ---------------------------------------------------------------------------------


def is_scope(chronology: Chronology, source: str, target: str) -> bool:
    """Whether the chronology claims completeness on this dyad: only then can an outside row be missing from it."""
    return any((row["source"], row["target"]) == (source, target) for row in chronology.coverage)


def check_listing_days(chronology: Chronology, data: Path) -> Iterator[Note]:
    """EU listings became known on a day on which the Official Journal lists names that still stand."""
    path = data / "sanctions" / "eu_listing_rounds_derived.csv"
    days = {(row["framework"], row["date"]) for row in _outside(path)}
    ours = {row["known_on"] for row in chronology.facts if row["regime"] == "EU:RUS"}
    for row in chronology.facts:
        if row["regime"] == "EU:RUS" and row["fact_id"].endswith("-listings"):
            yield row["fact_id"], _wrong((("32014R0269", row["known_on"]) in days, "no listing on that day"))
    for framework, day in sorted(days):
        if framework == "32014R0269" and day <= "2014-12-31" and is_scope(chronology, "EU", "RUS"):
            yield f"{framework} {day}", _wrong((day in ours, "a listing day without a fact"))


def check_vetoes(chronology: Chronology, data: Path) -> Iterator[Note]:
    """Vetoes have the day, draft and voters of the table of vetoes; none of Russia's from 2008 to 2018 is missing."""
    path = data / "collective" / "unsc_vetoes_1946_2022.csv"
    vetoes = {row["draft"]: row for row in _outside(path, encoding="latin-1")}
    ours = [row for row in chronology.facts if row["cameo"] == "129" and "draft S/" in row["reference"]]
    for row in ours:
        draft = row["reference"].split("draft ")[1].split(",")[0]
        veto = vetoes.get(draft)
        day = datetime.strptime(veto["date"], "%m/%d/%Y").date().isoformat() if veto else "none"
        sides = {code for code, name in (("RUS", "Russia"), ("CHN", "China")) if veto and veto[name] == "1"}
        yield (
            row["fact_id"],
            _wrong(
                (day == row["happened_on"], f"{draft}: the table has {day}"),
                (sides == set(split_list(row["actors"])), f"{draft}: the table has {sides}"),
            ),
        )
    named = " ".join(row["reference"] for row in ours)
    for draft, veto in vetoes.items():
        if veto["Russia"] == "1" and "2008" <= veto["year"] <= "2018" and is_scope(chronology, "RUS", "USA"):
            yield draft, _wrong((f"{draft}," in named, "a Russian veto without a fact"))


def check_roll_calls(chronology: Chronology, data: Path) -> Iterator[Note]:
    """General Assembly resolutions stand on the day of their roll call."""
    rows = _outside(data / "collective" / "un_roll_calls.csv")
    days = {"/".join(row["unres"].split("/")[-2:]): row["date"] for row in rows}  # "R/70/5" and "A/RES/71/5" alike
    for row in chronology.facts:
        if row["actors"] == "UNGA" and "resolution " in row["reference"]:
            number = row["reference"].split("resolution ")[1].split()[0]
            day = days.get(number)
            yield row["fact_id"], _wrong((day == row["happened_on"], f"{number}: the table has {day}"))


def check_sanction_years(chronology: Chronology, data: Path) -> Iterator[Note]:
    """Sanctions between Russia, the USA and the EU since 2014 have a case of sender, target and year in GSDB."""
    names = {"RUS": "Russia", "USA": "United States", "EU": "EU"}
    cases = list(_outside(data / "sanctions" / "GSDB_V4.csv", encoding="latin-1"))
    for row in chronology.facts:
        for sender, target in (part.split(":") for part in split_list(row["regime"]) if row["cameo"] == "163"):
            if sender in names and target in names and row["happened_on"] >= "2014-03-06":
                year = int(row["happened_on"][:4])
                found = any(
                    names[sender] in case["sanctioning_state"]
                    and names[target] in case["sanctioned_state"]
                    and int(case["begin"]) <= year <= int(case["end"])
                    for case in cases
                )
                yield row["fact_id"], _wrong((found, f"GSDB has no case {sender}>{target} in {year}"))


def check_leaders(chronology: Chronology, data: Path) -> Iterator[Note]:
    """Presidents who spoke led their state in that month by the table of leaders (months only)."""
    leaders = list(_outside(data / "actors" / "reign_leaderlist_2021_03.csv", encoding="latin-1"))
    for row in chronology.overtures:
        if not row["office"].startswith("President of") or row["from"] not in {"RUS", "USA", "UKR"}:
            continue
        surname, month = row["who"].split()[-1], row["said_on"][:7]
        terms = [leader for leader in leaders if leader["stateabb"] == row["from"] and surname in leader["leader"]]
        led = any(_month(t["syear"], t["smonth"]) <= month <= _month(t["eyear"], t["emonth"]) for t in terms)
        # The table keeps Putin as Russia's leader from 2008 to 2012, when Medvedev was president.
        if surname != "Medvedev":
            yield row["overture_id"], _wrong((led, f"the table has no {surname} in {month}"))


def _month(year: str, month: str) -> str:
    return f"{int(year):04d}-{int(month):02d}" if year else "9999-12"


def _outside(path: Path, encoding: str = "utf-8-sig") -> Iterable[Row]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


INNER: tuple[Callable[[Chronology], Iterator[Note]], ...] = (
    check_order, check_facts, check_days, check_overtures, check_outcomes,
    check_coverage, check_basis, check_regimes, check_holders,
)  # fmt: skip
OUTER: tuple[Callable[[Chronology, Path], Iterator[Note]], ...] = (
    check_listing_days, check_vetoes, check_roll_calls, check_sanction_years, check_leaders,
)  # fmt: skip


def run_checks(chronology: Chronology, data: Path | None = None) -> list[Tally]:
    """Every check, in order; those against outside data only where a folder is given."""
    results = [(check.__name__, list(check(chronology))) for check in INNER]
    if data is not None:
        results += [(check.__name__, list(check(chronology, data))) for check in OUTER]
    return [
        Tally(name.removeprefix("check_"), len(notes), tuple(note for note in notes if note[1]))
        for name, notes in results
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, help="the chronology")
    parser.add_argument("--data", type=Path, help="folder with sanctions/, collective/ and actors/")
    options = parser.parse_args(arguments)
    try:
        tallies = run_checks(read_chronology(options.folder), options.data)
    except (OSError, ValueError, LedgerError) as error:
        print(f"check_chronology: {error}", file=sys.stderr)
        return 2
    print(f"{'check':<16}{'rows':>6}{'agreed':>8}{'differing':>11}")
    for tally in tallies:
        differing = len(tally.differing)
        print(f"{tally.name:<16}{tally.rows:>6}{tally.rows - differing:>8}{differing:>11}")
    faults = [(tally.name, *note) for tally in tallies for note in tally.differing]
    for name, row, text in faults:
        print(f"{name}: {row}: {text}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
