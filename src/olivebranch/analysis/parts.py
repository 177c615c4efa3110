"""The parts of a brief that a story fills: words, what was said beside them, deeds, accords, experts, decisions."""

from collections.abc import Iterator
from datetime import date

from olivebranch.analysis.brief import AccordRow, BesideRow, DecisionRow, DeedRow, ExpertRow, WordRow
from olivebranch.analysis.citations import Citations
from olivebranch.analysis.criteria import day_words
from olivebranch.analysis.naming import name_code
from olivebranch.analysis.question import Spoken
from olivebranch.codebook import load_codebook
from olivebranch.codebook.tables import DecisionRule
from olivebranch.records import Attribution, Decision, Event, Reading, Span

BACKGROUND_DAYS = 365
"""An act dated more than this before the story is background: a recollection, not a present deed."""


def word_rows(spoken: list[Spoken], citations: Citations) -> tuple[WordRow, ...]:
    """A row for each overture, labelled W1, W2 … in text order."""
    return tuple(_word_row(f"W{number}", item, citations) for number, item in enumerate(spoken, 1))


def _word_row(label: str, item: Spoken, citations: Citations) -> WordRow:
    reading, overture, attribution = item.reading, item.overture, item.attribution
    source = attribution.source if attribution else None
    return WordRow(
        label=label,
        overture_id=overture.id,
        who=(source.name if source and source.name else name_code(overture.from_)),
        office=source.office if source else None,
        from_code=overture.from_,
        to=overture.to,
        grade=overture.grade,
        is_restraint=overture.is_restraint,
        is_direct=attribution is not None and attribution.kind == "direct",
        said_on=overture.said_on,
        venue=attribution.venue if attribution else None,
        hedges=tuple(dict.fromkeys(reading.line(hedge.span) for hedge in overture.hedges)),
        condition=reading.line(overture.condition) if overture.condition else None,
        cost_flags=overture.cost_flags,
        words=reading.line(overture.span),
        why=overture.why,
        cites=citations.cite(reading, overture.span),
    )


def beside_rows(
    readings: tuple[Reading, ...], spoken: list[Spoken], sides: set[str], citations: Citations
) -> tuple[BesideRow, ...]:
    """Statements of the sides' own people that are none of the overtures asked about, and what they are instead."""
    used = {(item.reading.article.id, item.overture.attribution) for item in spoken}
    return tuple(
        _beside_row(reading, statement, citations)
        for reading in readings
        for statement in reading.attributions
        if statement.source.country in sides and not statement.source.is_expert
        if (reading.article.id, statement.id) not in used
    )


def _beside_row(reading: Reading, statement: Attribution, citations: Citations) -> BesideRow:
    return BesideRow(
        who=statement.source.name or "unnamed",
        what=f"{statement.kind}{_act_of(reading, statement)}",
        words=" … ".join(reading.line(span) for span in statement.content.spans),
        cites=citations.cite(reading, *statement.content.spans),
    )


def _act_of(reading: Reading, statement: Attribution) -> str:
    """What a statement does: an overture to somebody else, or the verbal event that it is."""
    offer = next((o for o in reading.overtures if o.attribution == statement.id), None)
    if offer is not None:
        return f": overture to {', '.join(name_code(code) for code in offer.to) or 'nobody named'}"
    event = next((e for e in reading.events if e.according_to == statement.id and not e.is_deed), None)
    return f": {event.type}" if event else ""


def deed_rows(readings: tuple[Reading, ...], citations: Citations) -> tuple[DeedRow, ...]:
    """Every deed of the stories, at its clearest mention, and agreements that promise one; words are told elsewhere."""
    return tuple(
        _deed_row(reading, event, citations)
        for reading in readings
        for event in reading.events
        if event.is_deed and event.same_as is None and event.factuality not in {"called-for", "wished", "conditional"}
    )


def _deed_row(reading: Reading, event: Event, citations: Citations) -> DeedRow:
    place = next((s.span for s in reading.sentences if s.id == event.sentence), event.trigger)
    return DeedRow(
        event_id=event.id,
        when=_when(reading, event),
        actors=tuple(dict.fromkeys(_sided(a.code, a.sector) for a in event.actors)),
        recipients=tuple(dict.fromkeys(_sided(r.code, r.sector) for r in event.recipients)),
        type=event.type,
        cameo=event.cameo,
        what=reading.line(place),
        factuality=event.factuality,
        how_sure=_how_sure(reading, event),
        is_background=_is_background(reading, event),
        why=event.why,
        cites=citations.cite(reading, event.trigger),
    )


def _sided(code: str, sector: str | None) -> str:
    """Rebels are not their country: they carry their sector."""
    return f"{code}:{sector}" if sector in {"REB", "OPP"} else code


def _when(reading: Reading, event: Event) -> str:
    if event.date is None:
        return "not dated"
    said = f"“{reading.line(event.date.span)}”" if event.date.span else ""
    days = day_words(event.date.from_)
    if event.date.to != event.date.from_:
        days = f"{days} – {day_words(event.date.to)}"
    return f"{said} ({days})" if said else days


def _how_sure(reading: Reading, event: Event) -> str:
    speaker = next((a for a in reading.attributions if a.id == event.according_to), None)
    by = f", according to {speaker.source.name or 'an unnamed source'}" if speaker else ""
    return f"{event.factuality}{by}"


def _is_background(reading: Reading, event: Event) -> bool:
    published = reading.article.published_on
    return bool(published and event.date and (published - event.date.to).days > BACKGROUND_DAYS)


def accord_rows(readings: tuple[Reading, ...], citations: Citations) -> tuple[AccordRow, ...]:
    """The agreements told of, labelled A1, A2 …"""
    found = [(reading, accord) for reading in readings for accord in reading.accords]
    return tuple(
        AccordRow(
            label=f"A{number}",
            parties=accord.parties,
            mediator=accord.mediator,
            subject=accord.subject,
            status=accord.status,
            until=accord.until,
            cites=citations.cite(reading, accord.span),
        )
        for number, (reading, accord) in enumerate(found, 1)
    )


def expert_rows(readings: tuple[Reading, ...], citations: Citations) -> tuple[ExpertRow, ...]:
    """Judgements whether a side will do what it says, parties to the matter marked."""
    return tuple(
        ExpertRow(
            who=assessment.who,
            affiliation=assessment.affiliation,
            side=assessment.side,
            is_party=assessment.is_party,
            about=assessment.about,
            stance=assessment.stance,
            words=reading.line(assessment.span),
            cites=citations.cite(reading, assessment.span),
        )
        for reading in readings
        for assessment in reading.assessments
    )


def experts_note(rows: tuple[ExpertRow, ...], sides: set[str]) -> str | None:
    """Which sides no independent voice comes from."""
    if not rows:
        return None
    heard = {row.side for row in rows if row.side}
    missing = [name_code(code) for code in sorted(sides - heard)]
    return f"No one from {', '.join(missing)} is quoted with a judgement." if missing else None


def decision_rows(readings: tuple[Reading, ...], citations: Citations) -> tuple[DecisionRow, ...]:
    """Decisions still to come: body, rule, and what holds if nobody acts."""
    return tuple(_decision_row(reading, decision, citations) for reading in readings for decision in reading.decisions)


def _decision_row(reading: Reading, decision: Decision, citations: Citations) -> DecisionRow:
    day = decision.on.from_ if decision.on else reading.article.published_on
    rule = find_rule(decision, day)
    positions = tuple(f"{name_code(p.who)}: {p.position}" for p in reading.positions if p.on in {decision.id, None})
    spans: list[Span] = [decision.span, *(p.span for p in reading.positions if p.on == decision.id)]
    return DecisionRow(
        body=decision.body,
        what=decision.what,
        on=decision.on,
        place=decision.place,
        rule=decision.rule or (rule.rule if rule else None),
        members=decision.members or (rule.members if rule else None),
        reversion=rule.reversion if rule else None,
        reference=rule.reference if rule else None,
        positions=positions,
        cites=citations.cite(reading, *spans),
    )


def find_rule(decision: Decision, day: date | None) -> DecisionRule | None:
    """The codebook's rule for the body and the matter on the day: the one whose matter shares most words with it.

    Where no matter is named in the decision's words, the rule for any decision of the body holds; where there is none
    of those either, its only rule.
    """
    words = set(decision.what.lower().replace("-", " ").split())
    rules = load_codebook().decision_rules(decision.body, day)
    scored = [(len(_shared(rule.matter, words)), rule) for rule in rules]
    best = max(scored, key=lambda pair: pair[0], default=None)
    if best is None or best[0] > 0:
        return best[1] if best else None
    general = [rule for rule in rules if rule.matter.startswith("any decision")]
    return general[0] if general else (rules[0] if len(rules) == 1 else None)


def _shared(matter: str, words: set[str]) -> set[str]:
    """The words of `words` that the matter names, whatever their ending."""
    named = matter.lower().replace("-", " ").replace("_", " ").replace(",", " ").replace(":", " ").split()
    telling = [name for name in named if len(name) > 3 and name not in {"decision", "decisions"}]
    return {word for word in words for name in telling if word[:6] == name[:6]}


def quoted_sides(readings: tuple[Reading, ...]) -> Iterator[str]:
    """The countries whose people are quoted or reported."""
    for reading in readings:
        for statement in reading.attributions:
            if statement.source.country:
                yield statement.source.country
