"""Composes a brief: the question, the verdict and its reasons, then every part, each row citing its sentences."""

from dataclasses import dataclass
from datetime import date

from olivebranch import settings
from olivebranch.analysis import parts, prospects
from olivebranch.analysis.brief import Brief, CriterionRow, RecordPart, StoryLine, WordRow
from olivebranch.analysis.citations import Citations
from olivebranch.analysis.dyads import DyadState, dyad_state
from olivebranch.analysis.question import Spoken, choose_side, make_question, of_side, spoken_overtures
from olivebranch.analysis.record import Record, make_record
from olivebranch.codebook import load_codebook
from olivebranch.ledger.view import View
from olivebranch.records import Reading


@dataclass(frozen=True, slots=True)
class _Case:
    """All that the parts of one brief share."""

    readings: tuple[Reading, ...]
    view: View
    source: str
    targets: set[str]
    spoken: list[Spoken]
    record: Record | None
    state: DyadState | None
    day: date | None

    @property
    def strongest(self) -> Spoken | None:
        return max(self.spoken, key=lambda item: item.strength, default=None)


def compose_brief(readings: tuple[Reading, ...], view: View, dyad: str | None = None) -> Brief:
    """The brief on one or more stories, from what the ledger knew on the view's day.

    Raises:
        UsageError: `dyad` is malformed or names an unknown code.
    """
    everything = spoken_overtures(readings)
    side = choose_side(everything, readings, dyad)
    if side is None:
        return _empty_brief(readings, view)
    source, targets = side
    case = _open_case(readings, view, source, targets, of_side(everything, source, targets))
    citations = Citations(readings)
    _compose(case, citations, ())
    sources = citations.number()
    return _compose(case, citations, sources)


def _open_case(
    readings: tuple[Reading, ...], view: View, source: str, targets: set[str], spoken: list[Spoken]
) -> _Case:
    day = _latest_day(readings)
    record = state = None
    if day is not None:
        stories = {article["story_id"] for article in view.articles() if article["article_id"] in _ids(readings)}
        record = make_record(view, source, targets, day, stories)
        state = dyad_state(view, source, targets, day)
    return _Case(readings, view, source, targets, spoken, record, state, day)


def _ids(readings: tuple[Reading, ...]) -> set[str]:
    return {reading.article.id for reading in readings}


def _latest_day(readings: tuple[Reading, ...]) -> date | None:
    return max((r.article.published_on for r in readings if r.article.published_on), default=None)


def _compose(case: _Case, citations: Citations, sources: tuple[object, ...]) -> Brief:
    words = parts.word_rows(case.spoken, citations)
    criteria = prospects.criterion_rows(case.view, case.spoken, words, case.targets, case.record, case.day)
    sides = {case.source, *case.targets}
    deeds = parts.deed_rows(case.readings, citations)
    accords = parts.accord_rows(case.readings, citations)
    experts = parts.expert_rows(case.readings, citations)
    decisions = parts.decision_rows(case.readings, citations)
    record = _record_part(case)
    breaches = [(row.label, prospects.breach_words(row.subject), row.cites) for row in accords]
    return Brief(
        question=make_question(case.strongest, case.source, case.targets),
        verdict=_verdict(case, criteria),
        because=tuple(_reasons(case, words, record)),
        dyad=f"{case.source}>{'+'.join(sorted(case.targets))}",
        as_of=None if case.view.as_of == date.max else case.view.as_of,
        stories=tuple(_story_line(reading) for reading in case.readings),
        ledger=_ledger_line(case.view),
        criteria=criteria,
        words=words,
        beside=parts.beside_rows(case.readings, case.spoken, sides, citations),
        deeds=tuple(row for row in deeds if row.factuality != "alleged"),
        alleged=tuple(row for row in deeds if row.factuality == "alleged"),
        accords=accords,
        record=record,
        decisions=decisions,
        experts=experts,
        experts_note=parts.experts_note(experts, sides),
        watch=prospects.watch_rows(decisions, criteria, breaches),
        not_known=tuple(_not_known(case, words)),
        sources=sources,  # type: ignore[arg-type]
        furniture=_furniture_line(case.readings),
    )


def _record_part(case: _Case) -> RecordPart | None:
    if case.record is None or case.state is None:
        return None
    return prospects.record_part(case.record, case.state, _name(case.source), _names(case.targets))


def _verdict(case: _Case, criteria: tuple[CriterionRow, ...]) -> str:
    """The first line: what can be said, in counts where the cases are too few for a percentage."""
    name = _name(case.source)
    if not case.spoken:
        return f"No overture of {name} to {_names(case.targets)} was found in what was read; its words and deeds are below."
    testable = [row for row in criteria if row.family is not None]
    if not testable:
        start = f"Whether {name}'s words are followed by deeds cannot be tested: none names a measure"
    else:
        wait = ", ".join(f"{row.family} by {row.closes_on:%d %b %Y}" for row in testable if row.closes_on)
        start = f"Open until its windows close ({wait})" if wait else "Open: the story gives no day to count from"
    return f"{start}. {_record_words(case)} {_confidence(case)}"


def _record_words(case: _Case) -> str:
    record = case.record
    if record is None or not record.rows:
        return f"The ledger holds no earlier overture of {_name(case.source)} to {_names(case.targets)}; no percentage."
    full, lenient = record.in_full, record.leniently
    resolved = full.cases
    if resolved == 0:
        return f"Of {len(record.rows)} earlier overtures none is resolved with a checked reference; no percentage."
    few = (
        ""
        if resolved >= settings.MIN_CASES_CLASS_RATE
        else f"; no percentage under {settings.MIN_CASES_CLASS_RATE} cases"
    )
    return f"Of {resolved} earlier ones resolved, {full.hits} were followed by the deed in full, {lenient.hits} at least in part{few}."


def _confidence(case: _Case) -> str:
    outlets = {reading.article.outlet for reading in case.readings if reading.article.outlet} or {"one outlet"}
    stories = len(case.readings)
    reasons = [f"{stories} {'story' if stories == 1 else 'stories'}"]
    if case.record is not None:
        reasons.append(f"{len(case.record.rows)} earlier overtures, {case.record.in_full.cases} resolved and checked")
    grade = "low" if len(outlets) < 2 or case.record is None or case.record.in_full.cases < 20 else "moderate"
    return f"Confidence {grade}: {', '.join(reasons)}."


def _reasons(case: _Case, words: tuple[WordRow, ...], record: RecordPart | None) -> list[str]:
    """Why, each with its figure or its rows."""
    reasons = []
    if words:
        grades = sorted({row.grade for row in words})
        named = sum("specific" in row.cost_flags for row in words)
        reasons.append(f"{len(words)} overtures, graded {', '.join(grades)}; {named} name a measure or a day")
        indirect = [row.label for row in words if not row.is_direct]
        if indirect:
            reasons.append(f"{', '.join(indirect)}: reported, not in the speaker's own words")
    if case.state is not None:
        reasons.append(f"relations were {case.state.state} ({case.state.why})")
    if case.record is not None and case.record.counts.get("reversed"):
        reasons.append(f"{case.record.counts['reversed']} earlier overtures were reversed")
    if record is not None and case.spoken:
        reasons.append(f"the dyad's other days: {record.control}")
    return reasons


def _not_known(case: _Case, words: tuple[WordRow, ...]) -> list[str]:
    outlets = {reading.article.outlet or "an outlet that is not named" for reading in case.readings}
    unknown = [f"{len(outlets)} outlet{'s' if len(outlets) > 1 else ''}, one language."]
    heard = set(parts.quoted_sides(case.readings))
    silent = [_name(code) for code in sorted({case.source, *case.targets} - heard)]
    if silent:
        unknown.append(f"Nobody of {', '.join(silent)} is quoted.")
    reported = [row.label for row in words if not row.is_direct]
    if reported:
        unknown.append(f"What was said word for word in {', '.join(reported)}.")
    if any(d.body and not r.positions for r in case.readings for d in r.decisions):
        unknown.append("Which members are for and which against: no one on record.")
    for reading in case.readings:
        if reading.article.published_on_how in {"inferred", "unknown"}:
            unknown.append(
                f"The day of publication: {reading.article.published_on_why or 'nothing in the text tells it'}."
            )
        undated = sum(event.is_deed and event.date is None and event.same_as is None for event in reading.events)
        if undated:
            unknown.append(f"The day of {undated} deed{'s' if undated > 1 else ''} that the story does not date.")
    return unknown


def _story_line(reading: Reading) -> StoryLine:
    article = reading.article
    return StoryLine(
        article_id=article.id, title=article.title, outlet=article.outlet, url=article.url,
        published_on=article.published_on, published_on_how=article.published_on_how,
        published_on_why=article.published_on_why,
    )  # fmt: skip


def _ledger_line(view: View) -> str:
    known = view.chronologies()
    if not known:
        return "no chronology in the ledger"
    return "; ".join(f"{name} {count} facts, {first:%Y-%m} to {last:%Y-%m}" for name, count, first, last in known)


def _furniture_line(readings: tuple[Reading, ...]) -> str:
    kinds: dict[str, int] = {}
    for reading in readings:
        for sentence in reading.sentences:
            if sentence.furniture:
                kinds[sentence.furniture] = kinds.get(sentence.furniture, 0) + 1
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return f"Set aside as page furniture: {listed}." if listed else "No page furniture was found."


def _empty_brief(readings: tuple[Reading, ...], view: View) -> Brief:
    """Nothing between powers was found: said plainly."""
    return Brief(
        question="Does anybody mean it? No overture found",
        verdict="No overture, and no act between two powers, was found in what was read.",
        because=(), dyad=None, as_of=None if view.as_of == date.max else view.as_of,
        stories=tuple(_story_line(reading) for reading in readings), ledger=_ledger_line(view), criteria=(), words=(),
        beside=(), deeds=(), alleged=(), accords=(), record=None, decisions=(), experts=(), experts_note=None, watch=(),
        not_known=(), sources=(), furniture=_furniture_line(readings),
    )  # fmt: skip


def _name(code: str) -> str:
    return load_codebook().name_of(code)


def _names(codes: set[str]) -> str:
    return " and ".join(_name(code) for code in sorted(codes))
