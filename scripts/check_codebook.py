"""Compares the tables of the codebook with lists made elsewhere, wherever the two overlap.

    python scripts/check_codebook.py DATA [--write]

DATA holds actors/, collective/, sanctions/ and icews/. Prints a line a comparison (rows compared, agreed, differing)
and below it each row that differs. `--write` puts the counts, between markers, into the README of each table.
"""

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import check_chronology
import check_leaders

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.codebook.tables import first_day, last_day

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "src" / "olivebranch" / "codebook" / "data"
OPENING, CLOSING = "<!-- agreement: written by scripts/check_codebook.py -->", "<!-- /agreement -->"

Note = tuple[str, str]
"""A row by name, and how the two lists differ on it (empty: they agree)."""

COUNCIL_DAYS = {
    "v9": "1975-06-01", "v10": "1983-06-01", "v12": "1990-06-01", "v15": "2000-06-01", "v25t": "2004-06-01",
    "p20045": "2005-06-01", "p2006": "2006-06-01", "p2007": "2007-06-01", "p2008": "2008-06-01", "p2009": "2009-06-01",
    "p2010": "2010-06-01", "p2011": "2011-06-01", "p2012": "2012-06-01", "p2013a": "2013-06-01",
    "p2013b": "2013-08-01", "p2014a": "2014-06-01",
}  # fmt: skip
"""A day on which each column of the list of Council votes and populations held."""

KINDS = frozenset({"head_of_state", "head_of_government", "foreign_minister", "defence_minister"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One list against one table: what was compared, and how differences were decided."""

    table: str
    against: str
    what: str
    compare: Callable[[Path], Iterator[Note]]
    decided: str


def read_rows(path: Path, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV file by column."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def name_codes(data: Path) -> dict[str, str]:
    """ISO 3166 alpha-3 codes by the English name and by the two-letter code (EL and UK too)."""
    codes = {"EL": "GRC", "UK": "GBR"}
    for row in read_rows(data / "actors" / "codelist.csv"):
        codes |= {row["country.name.en"]: row["iso3c"], row["iso2c"]: row["iso3c"]}
        codes |= {row["cow.name"]: row["iso3c"], row["iso.name.en"]: row["iso3c"]}
    return codes | {"Czech Republic": "CZE"}


def compare_codes(data: Path) -> Iterator[Note]:
    """Two-letter codes and Correlates of War codes of each state of ISO 3166."""
    ours = {row.iso3: row for row in load_codebook().table("countries")}
    for row in read_rows(data / "actors" / "codelist.csv"):
        state = ours.get(row["iso3c"])
        if state is None:
            continue
        pairs = {
            "iso2": (state.iso2 or "", row["iso2c"]),
            "cow": (state.cow or "", row["cowc"]),
            "cow_number": (str(state.cow_number or ""), row["cown"].split(".")[0]),
        }
        for column, (mine, theirs) in pairs.items():
            if theirs and theirs != "NA":
                yield f"{state.iso3} {column}", "" if mine == theirs else f"{mine or 'none'}; the list has {theirs}"


def compare_states(data: Path) -> Iterator[Note]:
    """Abbreviation and number of each state in the system of 1990 or later, and its first and last day from then on."""
    ours = {(row.cow, row.cow_number): row for row in load_codebook().table("countries") if row.cow}
    for row in read_rows(data / "actors" / "cow_states.csv"):
        first, last = (
            "-".join(f"{int(float(row[f'{end}{part}'])):02}" for part in ("year", "month", "day"))
            for end in ("st", "end")
        )
        if last < "1990":
            continue
        found = [state for key, state in ours.items() if key == (row["stateabb"], int(float(row["ccode"])))]
        yield f"{row['stateabb']} {row['statenme']}", "" if found else "no state of ours has code and number"
        for state in found:
            if first >= "1990" and len(found) == 1:
                same = bool(state.begins) and _days_apart(state.begins, first) <= 31
                yield f"{state.iso3} begins", "" if same else f"{state.begins}; the list has {first}"
            if last < "2016-12-31" and len(found) == 1:
                same = bool(state.ends) and _days_apart(state.ends, last) <= 31
                yield f"{state.iso3} ends", "" if same else f"{state.ends}; the list has {last}"


def _days_apart(mine: str, theirs: str) -> int:
    return abs((first_day(mine) - date.fromisoformat(theirs)).days)


def compare_council(data: Path) -> Iterator[Note]:
    """Who had votes or a population in the Council, at sixteen times between 1975 and 2014."""
    book, codes = load_codebook(), name_codes(data)
    for row in read_rows(data / "collective" / "eucouncil_weights.csv"):
        for column, day in COUNCIL_DAYS.items():
            code, theirs = codes[row["country"]], row[column] not in {"", "NA"}
            mine = book.is_member(code, "EU", date.fromisoformat(day))
            yield f"{code} {day}", "" if mine == theirs else f"member: {mine}; the list: {theirs}"


def compare_eu28(data: Path) -> Iterator[Note]:
    """The twenty-eight of a list of country codes, against the members on 1 January 2015."""
    book = load_codebook()
    for row in read_rows(data / "actors" / "codelist.csv"):
        if row["iso3c"] and row["iso3c"] != "NA":
            theirs, mine = row["eu28"] == "EU", book.is_member(row["iso3c"], "EU", date(2015, 1, 1))
            if theirs or mine:
                yield row["iso3c"], "" if theirs == mine else f"member: {mine}; the list: {theirs}"


def compare_eu_vetoes(data: Path) -> Iterator[Note]:
    """Every state that vetoed in the Council was a member that day."""
    book, codes = load_codebook(), name_codes(data)
    for row in read_rows(data / "collective" / "eu_veto_data.csv", delimiter=";"):
        code, day = codes.get(row["ms_veto"], row["ms_veto"]), date.fromisoformat(row["date_veto"])
        yield f"{code} {day}", "" if book.is_member(code, "EU", day) else "no member with us"


def compare_vetoes(data: Path) -> Iterator[Note]:
    """Every state that vetoed in the Security Council was a member that day."""
    book = load_codebook()
    names = {"China": "CHN", "France": "FRA", "Russia": "RUS", "UK": "GBR", "USA": "USA"}
    for row in read_rows(data / "collective" / "unsc_vetoes_1946_2022.csv", encoding="latin-1"):
        day = datetime.strptime(row["date"], "%m/%d/%Y").date()
        for name, code in names.items():
            # Until 25 October 1971 China's seat was Taipei's.
            if row[name] == "1" and day >= date(1972, 1, 1):
                yield f"{row['draft']} {code}", "" if book.is_member(code, "UNSC", day) else "no member with us"


def compare_igo_counts(data: Path) -> Iterator[Note]:
    """A state belongs to no more of our bodies of states than of all intergovernmental organisations there are."""
    book = load_codebook()
    numbers = {row.cow_number: row.iso3 for row in book.table("countries") if row.cow_number and not row.ends}
    bodies = [code for code in book.bodies_with_members if book.organisation(code).kind == "igo"]
    for row in read_rows(data / "actors" / "cow_igo_sy.csv"):
        year, code = int(float(row["year"])), numbers.get(int(float(row["ccode"])))
        if year >= 1990 and code and row["sum_igo_anytype"] not in {"", "NA"}:
            mine = sum(book.is_member(code, body, date(year, 7, 1)) for body in bodies)
            theirs = int(float(row["sum_igo_anytype"]))
            yield f"{code} {year}", "" if mine <= theirs else f"{mine} bodies with us; the list has {theirs}"


def compare_icews(data: Path) -> Iterator[Note]:
    """People whom ICEWS names in June 2018 with a country, and with a ministry where it gives one."""
    book, seen = load_codebook(), set()
    with (data / "icews" / "icews_2018_raw_sample.tab").open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            day = date.fromisoformat(row["Event Date"])
            for side in ("Source", "Target"):
                name, country = row[f"{side} Name"], row[f"{side} Country"]
                key = (name, country)
                if " " in name and "(" not in name and key not in seen and book.people_named(name):
                    seen.add(key)
                    yield from _compare_person(book, name, country, row[f"{side} Sectors"], day)


def _compare_person(book: Codebook, name: str, country: str, sectors: str, day: date) -> Iterator[Note]:
    code = book.resolve(country)
    held = book.holdings(name, day)
    homes = {person.country for person in book.people_named(name)} | {holding.of for holding in held}
    if code:
        yield f"{name} of", "" if code in homes else f"{', '.join(map(str, homes))}; ICEWS has {country}"
    if "Foreign Ministry" in sectors.split(",") and held:
        kinds = {holding.office.kind for holding in held} | {holding.office.office for holding in held}
        fits = any("foreign" in kind or "mfa" in kind or kind in {"envoy", "spokesman"} for kind in kinds)
        yield f"{name} ministry", "" if fits else f"{', '.join(sorted(kinds))}; ICEWS has the foreign ministry"


def compare_leaders(data: Path) -> Iterator[Note]:
    """State-months since 1990: whether the leader on the 15th is among ours, by Archigos and by REIGN."""
    spells, held, people = _read_leaders(data)
    compared, unlike = check_leaders.count_months(spells, held, people)
    yield from (("", "") for _ in range(compared - len(unlike)))
    yield from ((line.split(";")[0], line) for line in unlike)


def compare_spells(data: Path) -> Iterator[Note]:
    """Spells of leaders since 1990, both ends within a week, by Archigos and by REIGN."""
    spells, held, people = _read_leaders(data)
    agreed, differing, _, _ = check_leaders.compare(spells, held, people)
    yield from (("", "") for _ in agreed)
    yield from ((f"{s.source} {s.of} {s.leader}", f"{s.begins[0]} to {s.ends and s.ends[1]}") for s in differing)


def _read_leaders(data: Path) -> tuple[list[Any], dict[str, Any], dict[str, Any]]:
    codes = check_leaders.read_codes(data / "actors" / "codelist.csv")
    book = load_codebook()
    leading = frozenset(
        (o.of, o.office)
        for o in book.table("offices")
        if (o.kind in check_leaders.LEADING_KINDS or o.office in check_leaders.LEADING_OFFICES)
        and o.office not in check_leaders.ROTATING_OFFICES
    )
    spells = [
        *check_leaders.read_archigos(data / "actors" / "archigos.csv", codes),
        *check_leaders.read_reign(data / "actors" / "reign_leaderlist_2021_03.csv", codes),
    ]
    return spells, check_leaders.group_rows(book.table("holders"), leading), {p.name: p for p in book.table("people")}


def compare_roles(data: Path) -> Iterator[Note]:
    """Our rows of leading offices, March 2003 to June 2014, of people with dated government roles in Phoenix.

    Phoenix gives every government role to the month, whatever the post: a row agrees where a role of that person and
    state covers its middle, or begins or ends with it.
    """
    book, first, last = load_codebook(), date(2003, 3, 1), date(2014, 6, 30)
    kinds = {(office.of, office.office) for office in book.table("offices") if office.kind in KINDS}
    people = {person.name: person for person in book.table("people")}
    roles = defaultdict(list)
    for role in check_leaders.read_phoenix(data / "actors" / "Phoenix.Countries.actors.txt"):
        roles[role.of, check_leaders.fold(role.leader)].append(role)
    for row in book.table("holders"):
        begins, ends = max(first_day(row.begins), first), min(last_day(row.ends), last)
        if (row.of, row.office) not in kinds or ends < begins:
            continue
        names = {check_leaders.fold(words) for words in (row.person, *people[row.person].variants) if " " in words}
        found = [role for name in names for role in roles.get((row.of, name), ())]
        if found:
            middle = begins + (ends - begins) / 2
            fits = any(
                check_leaders.does_touch(row, role)
                or role.begins[0] <= middle <= (role.ends[1] if role.ends else date.max)
                for role in found
            )
            days = ", ".join(f"{r.begins[1]:%Y-%m} to {format(r.ends[0], '%Y-%m') if r.ends else '?'}" for r in found)
            mine = f"{row.of} {row.office} {row.person} {row.begins} to {row.ends}"
            yield mine, "" if fits else f"Phoenix has {days}"


def compare_chronologies(check: Callable[..., Iterator[Note]]) -> Callable[[Path], Iterator[Note]]:
    """A check of check_chronology.py over all the chronologies."""

    def compare(data: Path) -> Iterator[Note]:
        for folder in sorted((ROOT / "examples").iterdir()):
            if (folder / "facts.csv").exists():
                chronology = check_chronology.read_chronology(folder)
                yield from check(chronology, data)

    return compare


COMPARISONS = (
    Comparison("countries", "countrycode list", "iso2, cow, cow_number of each state", compare_codes, "no difference"),
    Comparison(
        "countries", "COW state list 2016", "code, number, first and last day since 1990", compare_states,
        "ours kept: COW counts from recognition or the seat in the UN, ours from the declaration, with no first day "
        "for old states; the German and Yemeni states of before 1990 have no COW code here",
    ),
    Comparison(
        "memberships", "Council votes and populations", "EU, on sixteen days 1975-2014", compare_council,
        "no difference",
    ),
    Comparison("memberships", "countrycode list, eu28", "EU on 1 January 2015", compare_eu28, "no difference"),
    Comparison("memberships", "EU veto tracker", "who vetoed was a member", compare_eu_vetoes, "no difference"),
    Comparison("memberships", "UNSC vetoes 1972-2022", "who vetoed was a member", compare_vetoes, "no difference"),
    Comparison(
        "memberships", "COW IGO counts", "a state is in no more bodies here than the list counts, 1990-2014",
        compare_igo_counts, "no difference; the list names no bodies, so that more cannot be asked of it",
    ),
    Comparison(
        "holders", "Archigos 4.1 and REIGN 2021-03", "who leads on the 15th, state-months since 1990", compare_leaders,
        "looked at by state and leader; ours kept where the kinds below explain it",
    ),
    Comparison(
        "holders", "Archigos 4.1 and REIGN 2021-03", "spells since 1990, both ends within a week", compare_spells,
        "the same",
    ),
    Comparison(
        "holders", "Phoenix 2014", "leading offices 2003-2014 of people with a dated government role", compare_roles,
        "ours kept: of these people Phoenix has an earlier or later role only",
    ),
    Comparison(
        "holders", "ICEWS, 1-2 June 2018", "country, and foreign ministry where told, of people", compare_icews,
        "ours kept: the President of France is co-prince of Andorra",
    ),
    *(
        Comparison("", against, "chronologies", compare_chronologies(check), "")
        for against, check in (
            ("EU listing days", check_chronology.check_listing_days),
            ("UNSC vetoes", check_chronology.check_vetoes),
            ("UN roll calls", check_chronology.check_roll_calls),
            ("GSDB 4, years", check_chronology.check_sanction_years),
            ("REIGN, presidents", check_chronology.check_leaders),
        )
    ),
)  # fmt: skip


def main() -> int:
    """Prints the counts and the differences; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true", help="put the counts into the tables' READMEs")
    parser.add_argument("--quiet", action="store_true", help="print no single differences")
    options = parser.parse_args()
    lines: dict[str, list[str]] = defaultdict(list)
    print(f"{'table':<13}{'against':<32}{'compared':>9}{'agreed':>8}{'differing':>11}")
    for item in COMPARISONS:
        notes = list(item.compare(options.data))
        differing = [note for note in notes if note[1]]
        agreed = len(notes) - len(differing)
        print(f"{item.table or '-':<13}{item.against:<32}{len(notes):>9}{agreed:>8}{len(differing):>11}  {item.what}")
        share = f"{agreed} ({100 * agreed / max(len(notes), 1):.1f} %)"
        lines[item.table].append(
            f"| {item.against} | {item.what} | {len(notes)} | {share} | {len(differing)} | {item.decided} |"
        )
        if not options.quiet:
            for name, why in differing:
                print(f"  {name}: {why}")
    if options.write:
        for table, rows in lines.items():
            if table:
                write_section(TABLES / f"{table}.md", rows)
    return 0


def write_section(path: Path, rows: list[str]) -> None:
    """Puts the agreement's table between its markers, at the end of a README that has none yet."""
    head = ["| list | what | compared | agreed | differing | decided |", "|---|---|---|---|---|---|"]
    section = "\n".join([OPENING, *head, *rows, CLOSING])
    text = path.read_text(encoding="utf-8")
    if OPENING in text:
        before, _, rest = text.partition(OPENING)
        text = before + section + rest.partition(CLOSING)[2]
    else:
        text = f"{text.rstrip()}\n\n## Agreement with other lists\n\n{section}\n"
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
