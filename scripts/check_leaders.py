"""Compares office holders with leader lists made elsewhere: REIGN, Archigos and the dated roles of Phoenix.

    python scripts/check_leaders.py REIGN.csv ARCHIGOS.csv --codes CODELIST.csv [--phoenix ACTORS.txt] [--write-basis]

A spell of a leader list is compared where its leader is a holder of a leading office of that state with us; it agrees
where a row of ours begins, and one ends, within a week of it (a month, where either side gives no day). Spells are
read from 1990 on. `--write-basis` marks the rows of holders.csv that lie within an agreed spell.
"""

import argparse
import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path

from olivebranch.codebook.loader import load_table
from olivebranch.codebook.tables import Holder, Person, first_day, last_day

DATA = Path(__file__).parents[1] / "src" / "olivebranch" / "codebook" / "data"
FIRST_DAY = date(1990, 1, 1)
LEADING_KINDS = frozenset({"head_of_state", "head_of_government"})
LEADING_OFFICES = frozenset({"general_secretary", "acting_president"})
ROTATING_OFFICES = frozenset({"presidency_member"})
"""The lists name who is in the chair for the months of his turn; our rows name the members."""
CLOSE = 0.8
"""How like two spellings of one name must be, as difflib counts it: Mahatir, Mahathir."""
WEEK = 7
"""Days of grace between two lists that mean the same day."""
CONTEXT = timedelta(days=31)
LAST_DAYS = {"Archigos 4.1": date(2015, 12, 31), "REIGN 2021-03": date(2021, 2, 28)}
"""How far each list speaks."""
SAME_STATE = {"345": "SRB", "347": "XKX", "679": "YEM", "255": "DEU", "260": "DEU", "340": "SRB"}
"""States whose number the code list lacks or gives to another."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A leader's time in power as a list gives it; a day that the list leaves open is None."""

    source: str
    of: str
    leader: str
    begins: tuple[date, date]
    ends: tuple[date, date] | None


def read_codes(path: Path) -> dict[str, str]:
    """ISO 3166 alpha-3 codes by COW number."""
    with path.open(encoding="utf-8", newline="") as file:
        codes = {row["cown"].split(".")[0]: row["iso3c"] for row in csv.DictReader(file) if row["cown"]}
    return codes | SAME_STATE


def read_archigos(path: Path, codes: dict[str, str]) -> Iterator[Spell]:
    """Spells of Archigos 4.1, to the day; its last day, at the end of 2014 or 2015, means still open."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            begins, ends = date.fromisoformat(row["startdate"]), date.fromisoformat(row["enddate"])
            open_end = ends in (date(2014, 12, 31), date(2015, 12, 31))
            of = codes.get(row["gwcode"].split(".")[0], "")
            yield Spell("Archigos 4.1", of, row["leader"], (begins, begins), None if open_end else (ends, ends))


def read_reign(path: Path, codes: dict[str, str]) -> Iterator[Spell]:
    """Spells of REIGN, March 2021: the first to the day, the last to the month."""
    with path.open(encoding="latin-1", newline="") as file:
        for row in csv.DictReader(file):
            begins = date(int(row["syear"]), int(row["smonth"]), int(row["sdate"]))
            ends = None
            if row["eyear"]:
                month = f"{int(row['eyear']):04}-{int(row['emonth']):02}"
                ends = (first_day(month), last_day(month))
            yield Spell("REIGN 2021-03", codes.get(row["ccode"], ""), row["leader"], (begins, begins), ends)


def read_phoenix(path: Path) -> Iterator[Spell]:
    """Dated government roles of Phoenix, to the month: NAME_ and below it [CODE 030101-051130] or [CODE >080401]."""
    name = ""
    for line in path.read_text(encoding="latin-1").splitlines():
        if line and line[0].isalpha():
            name = line.split(";")[0].split("[")[0].replace("_", " ").strip()
        role = re.search(r"\[([A-Z]{3})GOV[A-Z]* (>?)(\d{6,8})(?:-(\d{6,8}))?\]", line)
        if role and name:
            begins = _phoenix_day(role[3])
            ends = _phoenix_day(role[4]) if role[4] else None
            month = (begins - CONTEXT, begins + CONTEXT)
            yield Spell("Phoenix 2014", role[1], name, month, (ends - CONTEXT, ends + CONTEXT) if ends else None)


def _phoenix_day(text: str) -> date:
    year = int(text[:-4])
    if year < 100:
        year += 2000 if year < 30 else 1900
    month = min(max(int(text[-4:-2]), 1), 12)
    return date(year, month, min(max(int(text[-2:]), 1), 28))


def fold(words: str) -> frozenset[str]:
    """The words of a name without accents, case and marks; particles and initials left out."""
    plain = unicodedata.normalize("NFKD", words.translate(str.maketrans("łøđıŁØĐ-'’", "loddLOD   ")).replace("_", " "))
    letters = "".join(c for c in plain if c.isalpha() or c == " ").casefold()
    return frozenset(word for word in letters.split() if len(word) > 2) - {"bin", "ibn", "von", "van", "der", "the"}


def is_same_leader(leader: str, person: Person) -> bool:
    """Whether a list's leader, often a bare surname and loosely spelt, can be this person."""
    names = fold(" ".join((person.name, *person.variants)))
    return any(word in names or get_close_matches(word, names, 1, CLOSE) for word in fold(leader))


def does_meet(row: Holder, first: date, last: date) -> bool:
    """Whether a row's days and those from `first` to `last` come within a week of each other."""
    begins, ends = first_day(row.begins).toordinal(), last_day(row.ends).toordinal()
    return begins <= last.toordinal() + WEEK and first.toordinal() <= ends + WEEK


def is_near(cell: str | None, span: tuple[date, date]) -> bool:
    """Whether a cell of ours can mean a day within a week of `span`, or within its month where a cell has no day."""
    if not cell:
        return False
    first, last = first_day(cell).toordinal(), last_day(cell).toordinal()
    return first - WEEK <= span[1].toordinal() and span[0].toordinal() <= last + WEEK


def does_agree(spell: Spell, rows: Sequence[Holder]) -> bool:
    """Whether rows of one person begin and end where the spell does."""
    begun = any(is_near(row.begins, spell.begins) for row in rows) or spell.begins[0] < FIRST_DAY
    if spell.ends is None:
        return begun
    return begun and any(is_near(row.ends, spell.ends) for row in rows)


def is_within(row: Holder, spell: Spell) -> bool:
    """Whether a row's days lie in the spell, a week's grace on both sides."""
    last = (spell.ends[1] if spell.ends else date.max).toordinal() + WEEK
    return first_day(row.begins).toordinal() >= spell.begins[0].toordinal() - WEEK and (
        last_day(row.ends).toordinal() <= last
    )


def does_touch(row: Holder, spell: Spell) -> bool:
    """Whether a row begins or ends with the spell: what a list of roles at month level can tell."""
    return is_near(row.begins, spell.begins) or (
        spell.ends is not None and bool(row.ends) and is_near(row.ends, spell.ends)
    )


def compare(
    spells: Iterable[Spell], held: dict[str, dict[str, list[Holder]]], people: dict[str, Person]
) -> tuple[list[Spell], list[Spell], list[Spell], dict[Holder, list[str]]]:
    """The spells that agree, that differ, whose leader we lack; and the lists that bear out each row of ours."""
    agreed: list[Spell] = []
    differing: list[Spell] = []
    absent: list[Spell] = []
    sources: dict[Holder, list[str]] = defaultdict(list)
    for spell in spells:
        if spell.of not in held or (spell.ends and spell.ends[1] < FIRST_DAY):
            continue
        rows = [r for name, rows in held[spell.of].items() if is_same_leader(spell.leader, people[name]) for r in rows]
        near = [row for row in rows if does_meet(row, spell.begins[0], spell.ends[1] if spell.ends else date.max)]
        (absent if not near else agreed if does_agree(spell, near) else differing).append(spell)
        if near and does_agree(spell, near):
            for row in (row for row in near if is_within(row, spell)):
                sources[row].append(spell.source)
    return agreed, differing, absent, sources


def count_months(
    spells: Iterable[Spell], held: dict[str, dict[str, list[Holder]]], people: dict[str, Person]
) -> tuple[int, list[str]]:
    """State-months from 1990 on in which both speak: how many, and those in which we name somebody else.

    Looked at on the 15th; a month counts where a list has one leader on that day and we have any in a leading office.
    """
    compared = 0
    unlike: list[str] = []
    for spell in spells:
        last = spell.ends[0] if spell.ends else LAST_DAYS[spell.source]
        for day in (date(year, month, 15) for year in range(1990, 2022) for month in range(1, 13)):
            if not spell.begins[0] <= day <= last:
                continue
            names = [n for n, rows in held.get(spell.of, {}).items() if any(does_hold(row, day) for row in rows)]
            compared += bool(names)
            if names and not any(is_same_leader(spell.leader, people[name]) for name in names):
                unlike.append(f"{spell.of} {day:%Y-%m} {spell.leader}; here {', '.join(names)}")
    return compared, unlike


def does_hold(row: Holder, day: date) -> bool:
    """Whether a row may cover a day."""
    return first_day(row.begins) <= day <= last_day(row.ends)


def group_rows(holders: Iterable[Holder], keys: frozenset[tuple[str, str]]) -> dict[str, dict[str, list[Holder]]]:
    """Rows of the offices `keys`, by state and person."""
    held: dict[str, dict[str, list[Holder]]] = defaultdict(lambda: defaultdict(list))
    for row in holders:
        if (row.of, row.office) in keys:
            held["SRB" if row.of in {"SCG", "YUG"} else row.of][row.person].append(row)
    return held


def match_roles(
    roles: Iterable[Spell], holders: Iterable[Holder], people: dict[str, Person]
) -> dict[Holder, list[str]]:
    """Rows whose person has a dated government role that begins or ends with the row."""
    by_state: dict[str, list[Spell]] = defaultdict(list)
    for role in roles:
        by_state[role.of].append(role)
    found: dict[Holder, list[str]] = {}
    for row in holders:
        names = [fold(name) for name in (people[row.person].name, *people[row.person].variants) if " " in name]
        if any(fold(role.leader) in names and does_touch(row, role) for role in by_state.get(row.of, ())):
            found[row] = ["Phoenix 2014"]
    return found


def mark_basis(row: Holder, sources: Sequence[str]) -> Holder:
    """The row with its basis; a reference of its own is kept."""
    if row.basis == "sourced":
        return row
    reference = "; ".join(dict.fromkeys(sources)) or None
    return replace(row, basis="cross-checked" if sources else "stated", reference=reference)


def write_holders(rows: Iterable[Holder]) -> None:
    """Writes holders.csv anew."""
    names = [field.name for field in fields(Holder)]
    with (DATA / "holders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            cells = (getattr(row, name) for name in names)
            writer.writerow(["yes" if c is True else "no" if c is False else "" if c is None else c for c in cells])


def main() -> None:
    """Prints rows compared, agreed and differing per list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reign", type=Path)
    parser.add_argument("archigos", type=Path)
    parser.add_argument("--codes", type=Path, required=True, help="a list with columns cown and iso3c")
    parser.add_argument("--phoenix", type=Path)
    parser.add_argument("--write-basis", action="store_true")
    args = parser.parse_args()
    codes = read_codes(args.codes)
    people = {person.name: person for person in load_table("people")}
    holders: tuple[Holder, ...] = load_table("holders")
    leading = frozenset(
        (office.of, office.office)
        for office in load_table("offices")
        if (office.kind in LEADING_KINDS or office.office in LEADING_OFFICES) and office.office not in ROTATING_OFFICES
    )
    held = group_rows(holders, leading)
    sources: dict[Holder, list[str]] = defaultdict(list)
    for spells in (list(read_archigos(args.archigos, codes)), list(read_reign(args.reign, codes))):
        agreed, differing, absent, found = compare(spells, held, people)
        for row, names in found.items():
            sources[row] += names
        print_counts(agreed, differing, absent)
        print_months(*count_months(spells, held, people))
    if args.phoenix:
        roles = match_roles(read_phoenix(args.phoenix), holders, people)
        print(f"Phoenix 2014: {len(roles)} rows of ours begin or end with a dated role of that name")
        for row, names in roles.items():
            sources[row] += names
    print(f"holders.csv: {len(sources)} of {len(holders)} rows cross-checked")
    if args.write_basis:
        write_holders(mark_basis(row, sources.get(row, ())) for row in holders)


def print_months(compared: int, unlike: Sequence[str]) -> None:
    """One line of counts, then each month in which we name another leader than the list."""
    share = 100 * (compared - len(unlike)) / max(compared, 1)
    print(f"  state-months: compared {compared}, agreed {compared - len(unlike)} ({share:.1f} %)")
    for line in unlike:
        print(f"    other leader: {line}")


def print_counts(agreed: Sequence[Spell], differing: Sequence[Spell], absent: Sequence[Spell]) -> None:
    """One line of counts for a list, then its differences and its leaders that we lack, one a line."""
    source = (agreed or differing or absent)[0].source
    compared = len(agreed) + len(differing)
    share = 100 * len(agreed) / max(compared, 1)
    print(f"{source}: compared {compared}, agreed {len(agreed)} ({share:.1f} %), differing {len(differing)}")
    for name, spells in (("differs", differing), ("not here", absent)):
        for spell in sorted(spells, key=lambda spell: (spell.of, spell.begins)):
            print(f"  {name}: {spell.of} {spell.leader} {spell.begins[0]} to {spell.ends[1] if spell.ends else 'open'}")


if __name__ == "__main__":
    main()
