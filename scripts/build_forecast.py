"""Fits the forecast's figures that ship: python scripts/build_forecast.py ARCHIVE, the folder of an imported archive.

From the archive of 2018 (named dyads) for windows of 30 and 90 days; from the pooled tables of 2011 to 2015
for 180 days, for which eight months are too short. Writes the figures into analysis/data/forecast_coefficients.json.
"""

import argparse
import json
from datetime import date
from pathlib import Path

from olivebranch.analysis.deeds import deed_classes
from olivebranch.analysis.forecast_model import fit_model
from olivebranch.analysis.forecast_questions import ask_past
from olivebranch.ledger.archive import Archive

TARGET = Path(__file__).parents[1] / "src" / "olivebranch" / "analysis" / "data" / "forecast_coefficients.json"
FITS = (
    (30, date(2018, 1, 1), date(2018, 8, 31), False),
    (90, date(2018, 1, 1), date(2018, 8, 31), False),
    (180, date(2011, 10, 7), date(2015, 12, 31), True),
)
"""Window, first day, last day, whether pooled."""


def build(archive: Archive) -> dict[str, object]:
    """Every model as figures, with the period that it was fitted on."""
    deeds, models = tuple(deed_classes().values()), []
    for window_days, since, until, pooled in FITS:
        with archive.connect() as con:
            cases = ask_past(con, deeds, since=since, until=until, window_days=window_days, pooled=pooled)
        names = [deed.deed for deed in deeds]
        model = fit_model(cases, names, window_days=window_days, until=until, origin="shipped")
        models.append(model.as_json() | {"since": since.isoformat(), "is_pooled": pooled})
    return {"note": "Made by scripts/build_forecast.py; docs/forecast.md explains it.", "models": models}


def main() -> None:
    """Writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--to", type=Path, default=TARGET)
    args = parser.parse_args()
    args.to.write_text(json.dumps(build(Archive(args.archive)), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
