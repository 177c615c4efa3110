"""Composes a brief: the question, the verdict and its reasons, then every part, each row citing its sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from olivebranch import settings
from olivebranch.analysis import parts, prospects
from olivebranch.analysis.brief import Brief, CriterionRow, RecordPart, SourceLine, StoryLine, WordRow
from olivebranch.analysis.citations import Citations
from olivebranch.analysis.criteria import day_words
from olivebranch.analysis.dyads import dyad_state
from olivebranch.analysis.naming import name_code, name_codes
from olivebranch.analysis.outcomes import OutcomeJudge
from olivebranch.analysis.prospects import Grounds
from olivebranch.analysis.question import Spoken, choose_side, make_question, of_side, spoken_overtures
from olivebranch.analysis.record import make_record
from olivebranch.errors import UsageError
from olivebranch.ledger.view import View
from olivebranch.records import Reading


@dataclass(frozen=True, slots=True)
class _Case:
    """All that the parts of one brief share; `told` are all the articles, `readings` the fullest one of each story."""

    told: tuple[Reading, ...]
    readings: tuple[Reading, ...]
    view: View
    source: str | None
    targets: set[str]
    spoken: list[Spoken]
    grounds: Grounds | None

    @property
    def sides(self) -> set[str]:
        return {self.source, *self.targets} if self.source else set()

    @property
    def strongest(self) -> int | None:
        """The place of the overture that the question is made of."""
        return max(range(len(self.spoken)), key=lambda place: self.spoken[place].strength, default=None)


def compose_brief(readings: tuple[Reading, ...], view: View, dyad: str | None = None) -> Brief:
    """The brief on one or more stories, from what the ledger knew on the view's day, its corrections applied.

    Raises:
        UsageError: `dyad` is malformed or names an unknown code, or every story is later than the view's day.
    """
    told = _known_stories(readings, view)
    case = _open_case(told, _fullest(told, view), view, dyad)
    citations = Citations(case.readings)
    _compose(case, citations, ())
    return _compose(case, citations, citations.number())


def _known_stories(readings: tuple[Reading, ...], view: View) -> tuple[Reading, ...]:
    """Each article once, as corrected; those published after the view's day were not known then."""
    apart = {reading.article.id: reading for reading in readings}
    known = [r for r in apart.values() if r.article.published_on is None or r.article.published_on <= view.as_of]
    if apart and not known:
        raise UsageError(f"every story was published after {view.as_of}; give a later --as-of")
    return tuple(view.corrected(reading) for reading in known)


def _fullest(told: tuple[Reading, ...], view: View) -> tuple[Reading, ...]:
    """One article for each story, the longest: what two outlets tell in the same words is told once."""
    story_of = _story_of(view)
    fullest: dict[str, Reading] = {}
    for reading in told:
        story = story_of.get(reading.article.id, reading.article.id)
        if story not in fullest or len(reading.article.text) > len(fullest[story].article.text):
            fullest[story] = reading
    return tuple(fullest.values())


def _story_of(view: View) -> dict[str, str]:
    return {article["article_id"]: article["story_id"] for article in view.articles()}


def _open_case(told: tuple[Reading, ...], readings: tuple[Reading, ...], view: View, dyad: str | None) -> _Case:
    everything = spoken_overtures(readings)
    side = choose_side(everything, readings, dyad)
    if side is None:
        return _Case(told, readings, view, None, set(), [], None)
    source, targets = side
    spoken = of_side(everything, source, targets)
    return _Case(told, readings, view, source, targets, spoken, _find_grounds(told, view, source, targets, spoken))


def _find_grounds(
    told: tuple[Reading, ...], view: View, source: str, targets: set[str], spoken: list[Spoken]
) -> Grounds | None:
    """None where nothing tells the day: then nothing is earlier, and no window is over."""
    published = max((r.article.published_on for r in told if r.article.published_on), default=None)
    if published is None:
        return None
    judge = OutcomeJudge(view, published if view.as_of == date.max else view.as_of)
    said_before = min((item.said_on for item in spoken if item.said_on), default=published)
    story_of = _story_of(view)
    stories = frozenset(story_of.get(reading.article.id, reading.article.id) for reading in told)
    record = make_record(judge, source, targets, said_before, stories)
    return Grounds(judge, source, targets, said_before, record, dyad_state(view, source, targets, said_before))


def _compose(case: _Case, citations: Citations, sources: tuple[SourceLine, ...]) -> Brief:
    words = parts.word_rows(case.spoken, citations)
    criteria = prospects.criterion_rows(case.grounds, case.spoken, words)
    deeds = parts.deed_rows(case.readings, citations)
    accords = parts.accord_rows(case.readings, citations)
    experts = parts.expert_rows(case.readings, citations)
    decisions = parts.decision_rows(case.readings, citations)
    record = _record_part(case)
    breaches = [(row.label, prospects.breach_words(row.subject), row.cites) for row in accords]
    return Brief(
        question=_question(case),
        verdict=_verdict(case, criteria),
        because=tuple(_reasons(case, words, record)),
        dyad=f"{case.source}>{'+'.join(sorted(case.targets))}" if case.source else None,
        strongest=None if case.strongest is None else words[case.strongest].label,
        as_of=None if case.view.as_of == date.max else case.view.as_of,
        stories=tuple(_story_line(reading) for reading in case.told),
        ledger=_ledger_line(case),
        criteria=criteria,
        words=words,
        beside=parts.beside_rows(case.readings, case.spoken, case.sides, citations),
        deeds=tuple(row for row in deeds if row.factuality != "alleged"),
        alleged=tuple(row for row in deeds if row.factuality == "alleged"),
        accords=accords,
        record=record,
        decisions=decisions,
        experts=experts,
        experts_note=parts.experts_note(experts, case.sides),
        watch=prospects.watch_rows(decisions, criteria, breaches),
        would_change=prospects.what_would_change(criteria, decisions),
        not_known=tuple(_not_known(case, words)),
        sources=sources,
        furniture=_furniture_line(case.readings),
    )


def _question(case: _Case) -> str:
    if case.source is None:
        return "Does anybody mean it? No overture found"
    return make_question(None if case.strongest is None else case.spoken[case.strongest], case.source, case.targets)


def _record_part(case: _Case) -> RecordPart | None:
    if case.source is None or case.grounds is None:
        return None
    return prospects.record_part(case.grounds, name_code(case.source), name_codes(case.targets))


def _verdict(case: _Case, criteria: tuple[CriterionRow, ...]) -> str:
    """The first line: what can be said, in counts where the cases are too few for a percentage."""
    if case.source is None:
        return "No overture, and no act between two powers, was found in what was read; what else it says is below."
    name, others = name_code(case.source), name_codes(case.targets)
    if not case.spoken:
        return f"No overture of {name} to {others} was found in what was read; the words and deeds are below."
    testable = [row for row in criteria if row.family is not None]
    if testable:
        start = "; ".join(_standing(testable))
    else:
        start = f"whether {name}'s words are followed by deeds cannot be tested: none names a measure"
    return f"{start[0].upper()}{start[1:]}. {_record_words(case)} {_confidence(case)}"


def _standing(testable: list[CriterionRow]) -> Iterable[str]:
    """Where each testable overture stands on the day: what came of those whose window is over, then those open."""
    for row in testable:
        if row.outcome != "open":
            yield f"{_family_words(row)} ({', '.join(row.labels)}): {row.outcome.replace('_', ' ')}, {row.outcome_why}"
    dated = [f"{_family_words(row)} by {day_words(row.closes_on)}" for row in testable if _is_running(row)]
    if dated:
        yield f"open until the windows close ({', '.join(dict.fromkeys(dated))})"
    if any(row.outcome == "open" and row.closes_on is None for row in testable):
        yield "open: the story gives no day to count from"


def _is_running(row: CriterionRow) -> bool:
    return row.outcome == "open" and row.closes_on is not None


def _family_words(row: CriterionRow) -> str:
    family = row.family or ""
    return f"restraint of {family.removeprefix('restraint_')}" if family.startswith("restraint_") else family


def _record_words(case: _Case) -> str:
    record = case.grounds.record if case.grounds else None
    if record is None or not record.rows:
        others = name_codes(case.targets)
        return f"The ledger holds no earlier overture of {name_code(case.source or '')} to {others}; no percentage."
    full, lenient, met = record.in_full, record.leniently, record.met
    if full.cases + met.cases == 0:
        return f"Of {len(record.rows)} earlier overtures none is resolved with a checked reference; no percentage."
    said = []
    if full.cases:
        said.append(f"of {full.cases} earlier ones resolved, {full.hits} were followed by the deed in full, "
                    f"{lenient.hits} at least in part")  # fmt: skip
    if met.cases:
        said.append(f"of {_number(met.cases, 'meeting')} offered, {met.hits} took place")
    few = full.cases < settings.MIN_CASES_CLASS_RATE
    said.append(f"no percentage under {settings.MIN_CASES_CLASS_RATE} cases" if few else full.words())
    words = "; ".join(said)
    return f"{words[0].upper()}{words[1:]}."


def _confidence(case: _Case) -> str:
    """Low unless two stories of two outlets agree and twenty cases are resolved."""
    outlets = {reading.article.outlet for reading in case.readings if reading.article.outlet}
    stories = len(case.readings)
    reasons = [f"{stories} {'story' if stories == 1 else 'stories'}"]
    resolved = 0
    if case.grounds is not None:
        record = case.grounds.record
        resolved = record.in_full.cases + record.met.cases
        reasons.append(f"{_number(len(record.rows), 'earlier overture')}, {resolved} resolved and checked")
    grade = "low" if len(outlets) < 2 or resolved < settings.MIN_CASES_CLASS_RATE else "moderate"
    return f"Confidence {grade}: {', '.join(reasons)}."


def _reasons(case: _Case, words: tuple[WordRow, ...], record: RecordPart | None) -> list[str]:
    """Why, each with its figure or its rows."""
    reasons = []
    if words:
        grades = sorted({row.grade for row in words})
        named = sum("specific" in row.cost_flags for row in words)
        reasons.append(
            f"{_number(len(words), 'overture')}, graded {', '.join(grades)}; {named} with a measure or a day"
        )
        indirect = [row.label for row in words if not row.is_direct]
        if indirect:
            reasons.append(f"{', '.join(indirect)}: reported, not in the speaker's own words")
    if case.grounds is not None:
        state = case.grounds.state
        reasons.append(f"relations were {state.state} ({state.why})")
        reversals = case.grounds.record.counts.get("reversed", 0)
        if reversals:
            reasons.append(f"{_number(reversals, 'earlier overture')} reversed")
    if record is not None and case.spoken:
        reasons.append(f"the dyad's other days: {record.control}")
    return reasons


def _not_known(case: _Case, words: tuple[WordRow, ...]) -> list[str]:
    outlets = {reading.article.outlet or "an outlet that is not named" for reading in case.told}
    unknown = [f"{_number(len(outlets), 'outlet')}, one language."]
    if len(case.told) > len(case.readings):
        unknown.append(
            f"{len(case.told)} articles tell {_number(len(case.readings), 'story', 'stories')}: counted once."
        )
    silent = case.sides - set(parts.quoted_sides(case.readings))
    if silent:
        unknown.append(f"Nobody of {name_codes(silent)} is quoted.")
    reported = [row.label for row in words if not row.is_direct]
    if reported:
        unknown.append(f"What was said word for word in {', '.join(reported)}.")
    voted = {position.on for reading in case.readings for position in reading.positions}
    if (
        any(decision.id not in voted for reading in case.readings for decision in reading.decisions)
        and None not in voted
    ):
        unknown.append("Which members are for and which against: no one on record.")
    return [*unknown, *(line for reading in case.readings for line in _unknown_days(reading))]


def _unknown_days(reading: Reading) -> Iterable[str]:
    article = reading.article
    if article.published_on_how == "inferred":
        yield f"The day of publication, inferred: {article.published_on_why or 'from the text'}."
    elif article.published_on is None:
        yield f"The day of publication: {article.published_on_why or 'nothing in the text tells it'}."
    undated = sum(event.is_deed and event.date is None and event.same_as is None for event in reading.events)
    if undated:
        yield f"The day of {_number(undated, 'deed')} that the story does not date."


def _story_line(reading: Reading) -> StoryLine:
    article = reading.article
    return StoryLine(
        article_id=article.id, title=article.title, outlet=article.outlet, url=article.url,
        published_on=article.published_on, published_on_how=article.published_on_how,
        published_on_why=article.published_on_why,
    )  # fmt: skip


def _ledger_line(case: _Case) -> str:
    """The chronologies that know these sides, the rest only counted."""
    known = case.view.chronologies()
    told = {fact.origin for one, other in _directions(case) for fact in case.view.facts(sources=one, targets=other)}
    lines = [
        f"{name} {count} facts, {first:%Y-%m} to {last:%Y-%m}" for name, count, first, last in known if name in told
    ]
    others = len(known) - len(lines)
    if others:
        lines.append(f"{others} chronolog{'y' if others == 1 else 'ies'} of other sides")
    return "; ".join(lines) or "no chronology in the ledger"


def _directions(case: _Case) -> list[tuple[set[str], set[str]]]:
    return [({case.source}, case.targets), (case.targets, {case.source})] if case.source else []


def _furniture_line(readings: tuple[Reading, ...]) -> str:
    kinds: dict[str, int] = {}
    for reading in readings:
        for sentence in reading.sentences:
            if sentence.furniture:
                kinds[sentence.furniture] = kinds.get(sentence.furniture, 0) + 1
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return f"Set aside as page furniture: {listed}." if listed else "No page furniture was found."


def _number(count: int, what: str, many: str | None = None) -> str:
    return f"{count} {what if count == 1 else many or what + 's'}"
