"""Which deed would keep an overture of a coded archive: the classes of deeds, and the pair of every CAMEO 03x code."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from olivebranch.errors import UsageError

Side = Literal["actor", "either"]


@dataclass(frozen=True, slots=True)
class DeedClass:
    """A class of deeds: CAMEO prefixes, the window in days from the words, and whose act counts.

    `actor`: only the side that spoke, towards the other. `either`: done together, so either side may be coded.
    """

    deed: str
    prefixes: tuple[str, ...]
    window_days: int
    actor_side: Side
    notes: str


@dataclass(frozen=True, slots=True)
class OvertureCode:
    """A CAMEO 03x code: its family, the class of its paired deed, and the broader class of a lenient reading.

    `deed` is None where the code names no measure: such overtures are listed and never counted in a rate.
    """

    code: str
    family: str
    deed: str | None
    broad: str | None
    note: str


@cache
def deed_classes() -> dict[str, DeedClass]:
    """Every class of deeds by name."""
    return {
        row["deed"]: DeedClass(
            row["deed"],
            tuple(row["prefixes"].split("|")),
            int(row["window_days"]),
            "either" if row["actor_side"] == "either" else "actor",
            row["notes"],
        )
        for row in read_data("deed_classes")
    }


@cache
def overture_codes() -> dict[str, OvertureCode]:
    """Every CAMEO 03x code with its family and pair."""
    return {
        row["code"]: OvertureCode(row["code"], row["family"], row["deed"] or None, row["broad"] or None, row["note"])
        for row in read_data("overture_codes")
    }


@cache
def family_deeds() -> dict[str, OvertureCode]:
    """The pair of each testable family, by family: all codes of a family share one."""
    return {row.family: row for row in overture_codes().values() if row.deed}


def find_deed_class(name: str) -> DeedClass:
    """The class of that name, or of a bare CAMEO prefix (then within 90 days, by the side that spoke).

    Raises:
        UsageError: neither a class nor the beginning of a CAMEO code.
    """
    if name in deed_classes():
        return deed_classes()[name]
    if name.isascii() and name.isdigit() and 2 <= len(name) <= 4:
        return DeedClass(name, (name,), 90, "actor", "A CAMEO prefix.")
    known = ", ".join(sorted(deed_classes()))
    raise UsageError(f"there is no deed '{name}'; say one of {known}, or a CAMEO code such as 085")


def read_data(name: str) -> list[dict[str, str]]:
    """The rows of a table that is shipped beside this module."""
    text = files("olivebranch.analysis").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
