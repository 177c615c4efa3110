"""Draws rows of the codebook's tables and of the chronologies for an audit, by a seed, into a sheet to be filled in.

    python scripts/audit_codebook.py --seed N [--rows 150] > sheet.csv
    python scripts/audit_codebook.py --count SHEET.csv [SHEET.csv …]

The sheet has a row's table, its key, what it claims in a sentence, and three empty cells: the verdict (right, wrong or
unverifiable), the second reference that it was checked against, and a note. `--count` prints the counts as Markdown.
"""

import argparse
import csv
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.ledger.chronology import read_chronology

ROOT = Path(__file__).parents[1]
COLUMNS = ("table", "key", "claim", "verdict", "reference", "note")
VERDICTS = ("right", "wrong", "unverifiable")
SHARES = {
    "holders": 0.36, "memberships": 0.16, "facts": 0.16, "overtures": 0.08, "countries": 0.07, "organisations": 0.06,
    "metonyms": 0.06, "decision_rules": 0.05,
}  # fmt: skip
"""How much of a sheet each table gets; of a table every row is as likely as another."""


def draw_rows(seed: int, rows: int) -> list[tuple[str, str, str]]:
    """Table, key and claim of `rows` rows, the same for the same seed and tables."""
    book, random_of = load_codebook(), random.Random(seed)
    drawn: list[tuple[str, str, str]] = []
    for table, share in SHARES.items():
        pool = CLAIMS[table](book)
        drawn += [(table, *claim) for claim in sorted(random_of.sample(pool, min(len(pool), round(share * rows))))]
    return drawn


def _claims(
    table: str, tell: Callable[[Codebook, Any], tuple[str, str]]
) -> Callable[[Codebook], list[tuple[str, str]]]:
    return lambda book: [tell(book, row) for row in book.table(table)]


def _tell_holder(book: Codebook, row: Any) -> tuple[str, str]:
    acting = " (acting)" if row.acting else ""
    days = f"{row.begins or '?'} to {row.ends or 'today'}"
    return f"{row.of} {row.office} {row.begins} {row.person}", (
        f"{row.person}: {book.printed_title(row.of, row.office)} of {book.name_of(row.of)}{acting}, {days}"
    )


def _tell_membership(book: Codebook, row: Any) -> tuple[str, str]:
    days = f"{row.begins or '?'} to {row.ends or 'today'}"
    member, body = (book.name_of(code) for code in (row.member, row.body))
    return f"{row.body} {row.member} {row.begins}", f"{member}: {row.status} of {body}, {days}"


def _tell_country(book: Codebook, row: Any) -> tuple[str, str]:
    days = f"{row.begins or '?'} to {row.ends or 'today'}"
    return row.iso3, f"{row.name}: {row.iso2}, COW {row.cow} {row.cow_number}, capital {row.capital}, stands {days}"


def _tell_organisation(book: Codebook, row: Any) -> tuple[str, str]:
    return row.code, f"{row.name}: {row.kind}, of {row.parent or row.country or 'nobody'}, seat {row.seat or '-'}"


def _tell_metonym(book: Codebook, row: Any) -> tuple[str, str]:
    return (
        f"{row.phrase} {row.code} {row.kind}",
        f"“{row.phrase}” stands for {book.name_of(row.code)} {row.sector or ''}",
    )


def _tell_rule(book: Codebook, row: Any) -> tuple[str, str]:
    days = f"{row.begins or '?'} to {row.ends or 'today'}"
    return f"{row.body} {row.matter} {row.begins}", (
        f"{row.body}, {row.matter}: {row.rule}, {row.threshold}; {row.members or '?'} members; {row.reference}; {days}"
    )


def _chronology_rows(kind: str) -> Callable[[Codebook], list[tuple[str, str]]]:
    def tell(book: Codebook) -> list[tuple[str, str]]:
        folders = sorted(path.parent for path in (ROOT / "examples").glob("*/facts.csv"))
        read = [read_chronology(folder) for folder in folders]
        if kind == "facts":
            return [(f.fact_id, f"{f.happened_from}: {f.summary} [{f.reference}]") for c in read for f in c.facts]
        return [
            (o.overture_id, f"{o.said_on}: {o.who}, {o.office}: {o.words} [{o.reference}]")
            for c in read
            for o in c.overtures
        ]

    return tell


CLAIMS: dict[str, Callable[[Codebook], list[tuple[str, str]]]] = {
    "holders": _claims("holders", _tell_holder),
    "memberships": _claims("memberships", _tell_membership),
    "countries": _claims("countries", _tell_country),
    "organisations": _claims("organisations", _tell_organisation),
    "metonyms": _claims("metonyms", _tell_metonym),
    "decision_rules": _claims("decision_rules", _tell_rule),
    "facts": _chronology_rows("facts"),
    "overtures": _chronology_rows("overtures"),
}


def count_verdicts(paths: list[Path]) -> str:
    """The counts of filled sheets, by table, as a Markdown table."""
    counts: Counter[tuple[str, str]] = Counter()
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            counts.update((row["table"], row["verdict"]) for row in csv.DictReader(file))
    lines = ["| table | rows | right | wrong | unverifiable | right, of the verifiable |", "|---|---|---|---|---|---|"]
    for table in (*SHARES, "all"):
        right, wrong, open_ = (
            sum(n for (name, verdict), n in counts.items() if verdict == wanted and table in {name, "all"})
            for wanted in VERDICTS
        )
        share = f"{100 * right / (right + wrong):.1f} %" if right + wrong else "–"
        lines.append(f"| {table} | {right + wrong + open_} | {right} | {wrong} | {open_} | {share} |")
    return "\n".join(lines)


def main() -> int:
    """Writes a sheet to standard output, or the counts of filled ones."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--rows", type=int, default=150)
    parser.add_argument("--count", type=Path, nargs="+", metavar="SHEET")
    options = parser.parse_args()
    if options.count:
        print(count_verdicts(options.count))
        return 0
    if options.seed is None:
        parser.error("say --seed, or --count")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((*row, "", "", "") for row in draw_rows(options.seed, options.rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
