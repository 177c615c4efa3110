"""How two powers stand: the dyad's state before a day, from the words and deeds of both directions."""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Literal

from olivebranch import settings
from olivebranch.ledger.rows import Fact
from olivebranch.ledger.store import Ledger
from olivebranch.ledger.view import View
from olivebranch.records import Reading

State = Literal["cold", "warm", "unknown"]


@dataclass(frozen=True, slots=True)
class DyadState:
    """The 90 days before `day`: `state`, number of `reports`, mean score of words and of deeds, share of conflict.

    Means are PLOVER scores (about -10 to +8), None where there is no row. `why` says what decided.
    """

    day: date
    state: State
    reports: int
    mean: float | None
    mean_words: float | None
    mean_deeds: float | None
    conflict_share: float | None
    why: str


def dyad_state(view: View, source: str, targets: set[str], day: date) -> DyadState:
    """Cold, warm or unknown before `day`: both directions, asserted facts only (`settings` holds the limits)."""
    begins = day - timedelta(days=settings.STATE_DAYS)
    window = {"begins": begins, "ends": day - timedelta(days=1)}
    facts = view.facts(sources={source}, targets=targets, **window) + view.facts(
        sources=targets, targets={source}, **window
    )
    unique = list({fact.fact_id: fact for fact in facts if fact.factuality == "asserted"}.values())
    return _judge_state(day, unique)


def fix_states(reading: Reading, ledger: Ledger) -> dict[str, State]:
    """How each overture's dyad stood when it was made, by what was known then; by the overture's id."""
    states: dict[str, State] = {}
    for overture in reading.overtures:
        day = overture.said_on.from_ if overture.said_on else reading.article.published_on
        if day is not None and overture.to:
            states[overture.id] = dyad_state(View(ledger, day), overture.from_, set(overture.to), day).state
    return states


def _judge_state(day: date, facts: list[Fact]) -> DyadState:
    words, deeds = [f for f in facts if not f.is_deed], [f for f in facts if f.is_deed]
    mean, count = _mean(facts), len(facts)
    share = sum(fact.score < 0 for fact in facts) / count if facts else None
    if mean is None or share is None or count < settings.MIN_REPORTS_STATE:
        state: State = "unknown"
        why = f"{count} reports in the {settings.STATE_DAYS} days before; {settings.MIN_REPORTS_STATE} are needed"
    else:
        state = "cold" if mean <= 0 or share >= settings.COLD_CONFLICT_SHARE else "warm"
        apart = f" (words {_signed(_mean(words))}, deeds {_signed(_mean(deeds))})"
        why = f"mean score {mean:+.1f}{apart}, {share * 100:.0f} % conflict in {count} reports"
    return DyadState(day, state, count, mean, _mean(words), _mean(deeds), share, why)


def _signed(score: float | None) -> str:
    return "none" if score is None else f"{score:+.1f}"


def _mean(facts: list[Fact]) -> float | None:
    return fmean(fact.score for fact in facts) if facts else None
