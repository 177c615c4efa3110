"""Finds what contradicts itself in the ledger: deeds out of order, officials out of office, evidence out of its day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from olivebranch import settings
from olivebranch.codebook import Codebook
from olivebranch.codebook.tables import first_day, last_day
from olivebranch.ledger.rows import Coverage, Fact, LedgerOverture, Outcome

HOLD = frozenset({"kept", "partly", "late", "met", "reversed"})
"""Outcomes that must name the facts they rest on."""

IMPOSED, EASED, VETO = "163", "085", "129"
SAME_STORY = timedelta(days=settings.SAME_STORY_DAYS)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What is wrong with one record: its id, the kind of contradiction, and why in a readable line."""

    record_id: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Record:
    """All that is checked together: facts, overtures (each with its outcome), and where the ledger is complete."""

    facts: Sequence[Fact]
    overtures: Sequence[LedgerOverture]
    coverage: Sequence[Coverage] = ()


def find_contradictions(record: Record, codebook: Codebook, today: date) -> list[Contradiction]:
    """Every contradiction of a ledger, in the order of its records; `today` is the last day that anything can be known.

    Example: a fact "EU eases sanctions" (CAMEO 085, regime EU:RUS) dated before the first sanction of that regime.
    """
    known = {fact.fact_id: fact for fact in record.facts}
    found = [
        *find_early_easings(record.facts),
        *(fault for fact in record.facts for fault in check_fact(fact, codebook, today)),
    ]
    for overture in record.overtures:
        found += check_overture(overture, codebook, today)
        if overture.outcome is not None:
            found += check_outcome(overture, overture.outcome, known, record.coverage)
    order = {row: n for n, row in enumerate([*known, *(overture.overture_id for overture in record.overtures)])}
    return sorted(found, key=lambda fault: order[fault.record_id])


def find_early_easings(facts: Iterable[Fact]) -> Iterator[Contradiction]:
    """Measures lifted in a regime (or, where none is named, by a side against another) before any was imposed there.

    Only what happened counts: an easing that was offered, planned or claimed is none, and a recollection without a day
    says nothing. A pair of states without a regime is judged only where the facts hold a sanction of the pair at all.
    """
    done = [fact for fact in facts if fact.factuality == "asserted" and fact.happened_from]
    imposed: dict[str, date] = {}
    for fact in done:
        if fact.type == "SANCTION":
            for regime in _regimes(fact):
                day = fact.happened_from or date.max
                imposed[regime] = min(imposed.get(regime, date.max), day)
    for fact in done:
        if (fact.cameo or "").startswith(EASED):
            for regime in _regimes(fact):
                first = imposed.get(regime)
                if first is None and fact.regime:
                    yield Contradiction(fact.fact_id, "eased_before_imposed", f"{regime}: nothing was ever imposed")
                elif first is not None and (fact.happened_to or date.max) < first:
                    why = f"{regime}: lifted on {fact.happened_to}, first imposed on {first}"
                    yield Contradiction(fact.fact_id, "eased_before_imposed", why)


def _regimes(fact: Fact) -> list[str]:
    if fact.regime:
        return [part for part in fact.regime.split("|") if part]
    return [f"{actor}:{recipient}" for actor in fact.actors for recipient in fact.recipients]


def check_fact(fact: Fact, codebook: Codebook, today: date) -> Iterator[Contradiction]:
    """What is wrong with one fact by itself: its days, its reference, its actors on that day."""
    yield from _check_days(fact.fact_id, fact.happened_from, fact.known_on, today)
    if fact.happened_from and fact.happened_to and fact.happened_to < fact.happened_from:
        yield Contradiction(fact.fact_id, "days", f"ends on {fact.happened_to}, before {fact.happened_from}")
    if not fact.reference and not fact.article_id:
        yield Contradiction(fact.fact_id, "no_reference", "neither a reference nor a story")
    if fact.happened_from and fact.happened_to and fact.factuality == "asserted":
        yield from _check_states(fact, codebook, fact.happened_from, fact.happened_to)
        yield from _check_members(fact, codebook, fact.happened_from, fact.happened_to)


def _check_days(record_id: str, happened: date | None, known: date | None, today: date) -> Iterator[Contradiction]:
    if happened and known and happened > known:
        yield Contradiction(record_id, "known_before", f"known on {known}, before it happened on {happened}")
    else:
        late = max((day for day in (happened, known) if day), default=today)
        if late > today:
            yield Contradiction(record_id, "in_the_future", f"of {late}, which is still to come")


def _check_states(fact: Fact, codebook: Codebook, first: date, last: date) -> Iterator[Contradiction]:
    """States act only while they stand."""
    for code in (*fact.actors, *fact.recipients):
        if codebook.is_state(code):
            state = codebook.country(code)
            if last < first_day(state.begins) or first > last_day(state.ends):
                why = f"{code} stood from {state.begins or '?'} to {state.ends or 'today'}, not on {first}"
                yield Contradiction(fact.fact_id, "no_such_state", why)


def _check_members(fact: Fact, codebook: Codebook, first: date, last: date) -> Iterator[Contradiction]:
    """States that act by right of membership: in a body's own regime, by a veto, or called members in the summary."""
    for code, body in _claimed_members(fact, codebook):
        if not any(codebook.is_member(code, body, day) for day in (first, last)):
            yield Contradiction(fact.fact_id, "no_member", f"{code} was no member of {body} on {first}")


def _claimed_members(fact: Fact, codebook: Codebook) -> Iterator[tuple[str, str]]:
    states = [code for code in fact.actors if codebook.is_state(code)]
    if fact.cameo == VETO and "Security Council" in f"{fact.summary} {fact.reference}":
        yield from ((code, "UNSC") for code in states)
    for regime in (fact.regime or "").split("|"):
        body = regime.partition(":")[0]
        if body in codebook.bodies_with_members and body not in fact.actors and fact.type == "SANCTION":
            yield from ((code, body) for code in states)
    for code in (*fact.actors, *fact.recipients):
        for body in codebook.bodies_with_members:
            if codebook.is_state(code) and f"{body} member {codebook.name_of(code)}" in fact.summary:
                yield code, body


def check_overture(overture: LedgerOverture, codebook: Codebook, today: date) -> Iterator[Contradiction]:
    """What is wrong with one overture by itself: its days, its reference, its speaker's office."""
    yield from _check_days(overture.overture_id, overture.said_on, overture.known_on, today)
    if not overture.reference and not overture.article_id:
        yield Contradiction(overture.overture_id, "no_reference", "neither a reference nor a story")
    if overture.said_on and overture.who and overture.article_id is None:
        yield from _check_speaker(overture, overture.who, overture.said_on, codebook)


def _check_speaker(overture: LedgerOverture, who: str, day: date, codebook: Codebook) -> Iterator[Contradiction]:
    """The speaker held an office of that side on that day, so far as the codebook knows him and how exactly it does."""
    if not codebook.people_named(who):
        return
    held = [holding for holding in codebook.holdings(who, day) if holding.of == overture.source]
    if not held:
        why = f"{who} held no office of {overture.source} on {day}"
        yield Contradiction(overture.overture_id, "not_in_office", why)


def check_outcome(
    overture: LedgerOverture, outcome: Outcome, facts: Mapping[str, Fact], coverage: Sequence[Coverage]
) -> Iterator[Contradiction]:
    """What is wrong with an outcome: no measure, no fact, evidence out of its days, a wrong name for what happened."""
    record_id, criterion = overture.overture_id, overture.criterion
    if not criterion.is_testable:
        if outcome.outcome not in {"untestable", "not_examined"}:
            yield Contradiction(record_id, "outcome_without_measure", f"{outcome.outcome}, but it names no measure")
        return
    missing = [fact_id for fact_id in outcome.facts if fact_id not in facts]
    if missing:
        yield Contradiction(record_id, "evidence_missing", f"no such fact: {', '.join(missing)}")
    if outcome.outcome in HOLD and not outcome.facts:
        yield Contradiction(record_id, "kept_without_fact", f"{outcome.outcome} names no fact")
    evidence = [facts[fact_id] for fact_id in outcome.facts if fact_id in facts]
    yield from _check_evidence(overture, outcome, evidence)
    yield from _check_window(overture, outcome, coverage)


def _check_evidence(overture: LedgerOverture, outcome: Outcome, evidence: list[Fact]) -> Iterator[Contradiction]:
    said, record_id = overture.said_on or overture.criterion.opens_on, overture.overture_id
    is_proof = not overture.is_restraint and outcome.outcome in {"kept", "met"}
    for fact in evidence:
        day = fact.happened_from or fact.known_on
        if said and day and (fact.happened_to or day) < said:
            yield Contradiction(record_id, "evidence_early", f"{fact.fact_id} is of {day}, before the words of {said}")
        elif said and day and day <= said + SAME_STORY and is_proof:
            why = f"{fact.fact_id} is of the first {settings.SAME_STORY_DAYS} days, which prove nothing"
            yield Contradiction(record_id, "evidence_early", why)
        if fact.known_on and fact.known_on > outcome.known_on:
            yield Contradiction(record_id, "evidence_late", f"{fact.fact_id} was known later than the outcome")
        if outcome.outcome in HOLD and fact.factuality != "asserted":
            yield Contradiction(record_id, "evidence_alleged", f"{fact.fact_id} is {fact.factuality}")


def _check_window(overture: LedgerOverture, outcome: Outcome, coverage: Sequence[Coverage]) -> Iterator[Contradiction]:
    name, happened, closes = outcome.outcome, outcome.happened_on, overture.criterion.closes_on
    is_meeting = overture.criterion.family == "meeting"
    claims = (
        ("outcome_without_day", name in HOLD and happened is None, "no day on which it happened"),
        ("known_before", bool(happened and happened > outcome.known_on), f"known before it happened on {happened}"),
        ("wrong_outcome", name == "met" and not is_meeting, "only a meeting is met"),
        ("wrong_outcome", name == "kept" and is_meeting, "a meeting is met, never kept"),
    )
    yield from (Contradiction(overture.overture_id, kind, why) for kind, is_so, why in claims if is_so)
    if closes is not None:
        yield from _check_close(overture, outcome, closes, coverage)


def _check_close(
    overture: LedgerOverture, outcome: Outcome, closes: date, coverage: Sequence[Coverage]
) -> Iterator[Contradiction]:
    name, happened = outcome.outcome, outcome.happened_on
    is_restraint_kept = name == "kept" and overture.is_restraint
    claims = (
        (
            bool(name in {"kept", "met", "reversed"} and happened and happened > closes),
            f"after its window, to {closes}",
        ),
        (bool(is_restraint_kept and happened and happened < closes), "restraint is kept at the window's end only"),
        (bool(name == "late" and happened and happened <= closes), f"late inside its window, to {closes}"),
        (name == "lapsed" and outcome.known_on < closes, f"lapsed before its window ended on {closes}"),
        (name == "lapsed" and not is_covered(overture, coverage), "lapsed where the ledger is not complete"),
    )
    yield from (Contradiction(overture.overture_id, "out_of_window", why) for is_so, why in claims if is_so)


def is_covered(overture: LedgerOverture, coverage: Iterable[Coverage]) -> bool:
    """Whether one complete stretch holds the overture's whole window, for its kind of deed."""
    opens, closes = overture.criterion.opens_on, overture.criterion.closes_on
    if opens is None or closes is None:
        return False
    return any(
        stretch.source == overture.source
        and stretch.target in overture.targets
        and overture.criterion.family in stretch.types
        and stretch.begins <= opens
        and closes <= stretch.ends
        for stretch in coverage
    )


def count_kinds(found: Iterable[Contradiction]) -> dict[str, int]:
    """How many contradictions there are of each kind, the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    for fault in found:
        counts[fault.kind] += 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
