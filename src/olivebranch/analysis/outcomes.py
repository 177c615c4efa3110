"""What became of an overture, as known on a day: the outcome recorded, else what facts and coverage allow to say."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from olivebranch import settings
from olivebranch.analysis.criteria import day_words
from olivebranch.ledger.rows import Coverage, Criterion, Fact, LedgerOverture, OutcomeName
from olivebranch.ledger.view import View

MUTUAL = frozenset({"meeting", "agreement", "trade", "cooperation"})
"""Families whose deed is done together, so that either side may be coded as its actor."""

COVERED_BY = {
    "aid": "AID",
    "cooperation": "COOPERATE",
    "meeting": "CONSULT",
    "restraint_force": "ASSAULT",
    "restraint_sanctions": "SANCTION",
    "restraint_tests": "MOBILIZE",
}
"""The PLOVER type whose complete record shows every deed of a family; a stretch may also name the family itself."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An outcome, why, and the days from the words to the deed where there is one."""

    outcome: OutcomeName
    why: str
    days: int | None = None


class OutcomeJudge:
    """Judges overtures by what the ledger knew on the view's day; `day` is the day that a window is held against.

    It reads each pair's facts once.
    """

    def __init__(self, view: View, day: date) -> None:
        self.view = view
        self.day = day
        self._facts: dict[tuple[str, str], list[Fact]] = {}
        self._coverage: dict[tuple[str, str], list[Coverage]] = defaultdict(list)
        for stretch in view.coverage():
            self._coverage[stretch.source, stretch.target].append(stretch)

    def judge(self, overture: LedgerOverture) -> Judged:
        """The outcome of an overture. Talk about talk is no deed: a meeting that took place is `met`, never kept."""
        criterion, known = overture.criterion, overture.outcome
        if not criterion.is_testable:
            return Judged("untestable", "names no measure")
        if known is not None:
            outcome = _met_or(known.outcome, criterion)
            days = (known.happened_on - overture.said_on).days if known.happened_on and overture.said_on else None
            return Judged(outcome, known.note or "recorded with its evidence", days)
        deed = self._first_deed(overture)
        if deed is not None:
            return self._judge_deed(overture, deed)
        return self._judge_silence(overture)

    def deeds(self, source: str, target: str, criterion: Criterion, begins: date, ends: date) -> list[Fact]:
        """The criterion's deeds from one side to the other that were done within these days (inclusive)."""
        facts = self.facts_between(source, target)
        if criterion.family in MUTUAL:
            facts = facts + self.facts_between(target, source)
        return [fact for fact in facts if _counts(fact, criterion) and _lies_in(fact, begins, ends)]

    def stretches(self, source: str, target: str, family: str | None) -> list[Coverage]:
        """The stretches in which the ledger is complete for this family of deeds, oldest first."""
        wanted = {family, COVERED_BY.get(family or "", family)}
        return [stretch for stretch in self._coverage[source, target] if wanted & set(stretch.types)]

    def facts_between(self, source: str, target: str) -> list[Fact]:
        """The facts from one side to the other, read once."""
        if (source, target) not in self._facts:
            self._facts[source, target] = self.view.facts(sources={source}, targets={target})
        return self._facts[source, target]

    def _first_deed(self, overture: LedgerOverture) -> Fact | None:
        opens, closes = overture.criterion.opens_on, overture.criterion.closes_on
        if opens is None or closes is None:
            return None
        begins = opens + timedelta(days=settings.SAME_STORY_DAYS + 1)
        found = [
            fact
            for target in overture.targets
            for fact in self.deeds(overture.source, target, overture.criterion, begins, closes)
        ]
        return min(found, key=lambda fact: fact.happened_from or date.max, default=None)

    def _judge_deed(self, overture: LedgerOverture, deed: Fact) -> Judged:
        outcome: OutcomeName = "reversed" if overture.is_restraint else "kept"
        days = (deed.happened_from - overture.said_on).days if deed.happened_from and overture.said_on else None
        return Judged(
            _met_or(outcome, overture.criterion),
            f"{deed.type} on {day_words(deed.happened_from)} ({deed.fact_id})",
            days,
        )

    def _judge_silence(self, overture: LedgerOverture) -> Judged:
        closes = overture.criterion.closes_on
        if closes is None or closes >= self.day:
            return Judged(
                "open", f"its window runs to {day_words(closes)}" if closes else "its window has no day to run from"
            )
        if not self._is_covered(overture):
            return Judged("not_examined", "nobody has looked at its whole window")
        if overture.is_restraint:
            return Judged("kept", "the act forgone did not come in a window that the ledger covers")
        return Judged("lapsed", "nothing followed in a window that the ledger covers")

    def _is_covered(self, overture: LedgerOverture) -> bool:
        """Silence speaks only where the window is complete towards every addressee."""
        criterion = overture.criterion
        return bool(overture.targets) and all(
            any(_spans(stretch, criterion) for stretch in self.stretches(overture.source, target, criterion.family))
            for target in overture.targets
        )


def _met_or(outcome: OutcomeName, criterion: Criterion) -> OutcomeName:
    return "met" if criterion.family == "meeting" and outcome == "kept" else outcome


def _counts(fact: Fact, criterion: Criterion) -> bool:
    return fact.factuality == "asserted" and any((fact.cameo or "").startswith(code) for code in criterion.cameo)


def _lies_in(fact: Fact, begins: date, ends: date) -> bool:
    """A fact dated only "this year" proves nothing of a window within it; one without a day nothing at all."""
    if fact.happened_from is None or fact.happened_to is None:
        return False
    return begins <= fact.happened_from and fact.happened_to <= ends


def _spans(stretch: Coverage, criterion: Criterion) -> bool:
    if criterion.opens_on is None or criterion.closes_on is None:
        return False
    return stretch.begins <= criterion.opens_on and criterion.closes_on <= stretch.ends
