"""What would count as keeping an overture: which deed, by whom, to whom, by when, fixed when the overture is read."""

from datetime import date, timedelta
from functools import cache

from olivebranch.analysis.naming import name_code, name_codes
from olivebranch.codebook import load_table
from olivebranch.codebook.tables import OvertureAct
from olivebranch.ledger.rows import Criterion
from olivebranch.records import Overture, Reading

DEEDS = {
    "meeting": "a meeting or talks of {source} and {targets} that take place, at minister level or above",
    "easing": "a measure eased or lifted by {source} for {targets}",
    "withdrawal": "forces withdrawn or fighting scaled down by {source} towards {targets}",
    "release": "persons or property returned by {source} to {targets}",
    "aid": "aid given by {source} to {targets}",
    "trade": "trade or supplies of {source} with {targets} begun or restored",
    "ceasefire": "fire held by {source} against {targets}",
    "disarmament": "arms, tests or enrichment halted or opened to inspection by {source}, as offered to {targets}",
    "agreement": "an agreement of {source} and {targets} signed or ratified",
    "cooperation": "material cooperation of {source} with {targets} begun",
    "restraint_force": "no force used by {source} against {targets}",
    "restraint_sanctions": "no new sanction, countermeasure or expulsion by {source} against {targets}",
    "restraint_tests": "no test, drill or deployment by {source} against {targets}",
}
"""The deed of each family, in words."""


@cache
def _acts() -> dict[str, OvertureAct]:
    return {row.family: row for row in load_table("overture_acts")}


def fix_criterion(overture: Overture, reading: Reading) -> Criterion:
    """The criterion of an overture of a story; without a measure it is untestable and says so.

    The window belongs to the family (a meeting 30 days; money, gas, prisoners 90; easing and forces 180) and runs from
    the day of the words, else from publication.
    """
    family = overture.proposed_act
    act = _acts().get(family or "")
    opens = overture.said_on.to if overture.said_on else reading.article.published_on
    if act is None or not act.cameo or family not in DEEDS:
        return Criterion(None, (), None, opens, None, "names no measure: untestable, listed and not counted")
    closes = opens + timedelta(days=act.window_days) if opens else None
    wording = DEEDS[act.family].format(source=name_code(overture.from_), targets=name_codes(overture.to, "or"))
    codes = ", ".join(f"{code}x" for code in act.cameo)
    until = f"by {day_words(closes)}" if closes else f"within {act.window_days} days"
    return Criterion(act.family, act.cameo, act.window_days, opens, closes, f"{wording} (CAMEO {codes}), {until}")


def fix_criteria(reading: Reading) -> dict[str, Criterion]:
    """The criterion of every overture of a story, by the overture's id."""
    return {overture.id: fix_criterion(overture, reading) for overture in reading.overtures}


def day_words(day: date | None) -> str:
    """A day as a brief prints it: 28 Sep 2014."""
    return f"{day.day} {day:%b %Y}" if day else "an unknown day"
