"""Makes `analysis/data/base_rates.csv` from a folder of reduced ICEWS tables: figures only, no row leaves it.

    python scripts/build_base_rates.py FOLDER [--archives DIR] [--draws 2000]

FOLDER holds icews18_jan_aug.tsv.gz and icews0515_union.tsv.gz. The two are imported apart, so that 2018 (every power
named) and 2011 to 2015 (the biggest left out: pooled figures only) never mix. --archives keeps the imported archives.
"""

import argparse
import csv
import tempfile
from dataclasses import fields
from datetime import date
from pathlib import Path

from olivebranch.analysis.base_rates import BaseRate, measure_base_rates, write_cell
from olivebranch.archive_import import import_archives
from olivebranch.ledger.archive import Archive

TABLE = Path(__file__).parents[1] / "src" / "olivebranch" / "analysis" / "data" / "base_rates.csv"
SETS = (
    ("icews", "icews18_jan_aug.tsv.gz", date(2018, 1, 1), date(2018, 8, 31), False),
    ("icews-0515", "icews0515_union.tsv.gz", date(2011, 10, 7), date(2015, 12, 31), True),
)
"""Source, file, first and last day, and whether only pooled figures may be made of it."""


def open_set(folder: Path, archives: Path, source: str, name: str) -> Archive:
    """The archive of one file, imported if it is not there yet."""
    archive = Archive(archives / source)
    if archive.is_empty:
        report = import_archives([folder / name], "icews", archive)
        for path, why in report.failures:
            raise SystemExit(f"{path}: {why}")
    return archive


def measure_all(folder: Path, archives: Path, draws: int) -> list[BaseRate]:
    """Every rate of every set, sorted by its key columns."""
    rates: list[BaseRate] = []
    for source, name, since, until, pooled in SETS:
        con = open_set(folder, archives, source, name).connect(memory_limit="3GB", threads=2)
        rates += measure_base_rates(con, source=source, since=since, until=until, pooled=pooled, draws=draws)
    return sorted(rates, key=_key)


def _key(rate: BaseRate) -> tuple[object, ...]:
    question = (rate.source, rate.family, rate.deed, rate.window_days, rate.measure)
    return (*question, rate.dyad_state, rate.controls)


def write_rates(rates: list[BaseRate], path: Path) -> None:
    """Writes the table."""
    names = [field.name for field in fields(BaseRate)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([write_cell(getattr(rate, name)) for name in names] for rate in rates)


def main() -> None:
    """Reads the arguments and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--archives", type=Path)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--into", type=Path, default=TABLE)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        rates = measure_all(asked.folder, asked.archives or Path(spare), asked.draws)
    write_rates(rates, asked.into)
    print(f"{len(rates)} rates written to {asked.into}")


if __name__ == "__main__":
    main()
