"""The brief as data: question, verdict, criteria, record, citations, on readings made by hand."""

import re
from datetime import date, timedelta

import pytest

from factories import (
    DAY,
    LINES,
    make_chronology,
    make_coverage,
    make_fact,
    make_ledger_overture,
    make_outcome,
    make_overture,
    make_reading,
)
from olivebranch.analysis.brief import Brief
from olivebranch.analysis.compose import compose_brief
from olivebranch.analysis.criteria import fix_criteria
from olivebranch.analysis.question import parse_dyad
from olivebranch.errors import UsageError
from olivebranch.ledger import View, Writer

PROMISES = re.compile(r"\b(sincere|sincerity|honest|truly means|really means|genuine)", re.I)


def brief_on(ledger, *readings, dyad=None, as_of=DAY):
    for reading in readings:
        Writer(ledger).add_reading(reading, fix_criteria(reading))
    return compose_brief(readings, View(ledger, as_of), dyad)


def past(*outcomes, to=("POL",), **changes):
    """A chronology of earlier overtures of RUS with these outcomes."""
    said = [DAY - timedelta(days=400 + 2 * n) for n in range(len(outcomes))]
    overtures = [make_ledger_overture(f"past{n}", day, to=to, **changes) for n, day in enumerate(said)]
    known = [(o.overture_id, make_outcome(name, day + timedelta(days=30), day + timedelta(days=20)))
             for o, name, day in zip(overtures, outcomes, said, strict=True) if name]  # fmt: skip
    return make_chronology(overtures=overtures, outcomes=known)


def test_brief_of_one_story(ledger):
    brief = brief_on(ledger, make_reading())
    assert brief.question.startswith("Does Russia mean it? Russia → Poland: “")
    assert brief.dyad == "RUS>POL"
    assert [row.label for row in brief.words] == ["W1", "W2"]
    assert (brief.words[0].grade, brief.words[0].who, brief.words[0].office) == (
        "conditional",
        "Ivan Petrov",
        "Minister of Trade",
    )
    assert [row.is_direct for row in brief.words] == [True, False]
    assert brief.strongest == "W1"
    assert [row.factuality for row in brief.deeds] == ["asserted"]
    assert [row.factuality for row in brief.alleged] == ["alleged"]
    assert [(row.label, row.status, row.mediator) for row in brief.accords] == [("A1", "tentative", "OSCE")]
    assert [(row.who, row.stance) for row in brief.experts] == [("Anna Nowak", "doubts")]
    assert brief.decisions[0].positions == ("Poland: against",)
    assert brief.decisions[0].rule == "unanimity"
    assert brief.furniture == "Set aside as page furniture: 1 credit."
    assert [row.outcome for row in brief.criteria] == ["open", "open"]
    assert brief.verdict.startswith("Open until the windows close (easing by 31 Oct 2014")
    assert "%" not in brief.verdict.replace("no percentage", "")
    assert Brief.model_validate_json(brief.model_dump_json()) == brief


def test_every_citation_is_a_source_and_sources_are_in_text_order(ledger):
    one = make_reading()
    two = make_reading(
        tuple(f"{line} So another desk heard it told at length." for line in LINES[::-1]), outlet="B", url=None
    )
    brief = brief_on(ledger, one, two)
    numbers = [line.number for line in brief.sources]
    assert numbers == list(range(1, len(numbers) + 1))
    order = [one.article.id, two.article.id]
    places = [(order.index(line.article_id), line.start) for line in brief.sources]
    assert places == sorted(places)
    rows = [*brief.words, *brief.criteria, *brief.deeds, *brief.alleged, *brief.accords, *brief.experts, *brief.decisions,
            *brief.beside]  # fmt: skip
    assert len(rows) > 10
    for row in rows:
        assert row.cites
        assert set(row.cites) <= set(numbers)
    cited = {number for row in [*rows, *brief.watch] for number in row.cites}
    assert cited == set(numbers)
    texts = {reading.article.id: reading.article.text for reading in (one, two)}
    for line in brief.sources:
        assert line.words == " ".join(texts[line.article_id][line.start : line.end].split())
        assert (line.link is None) == (line.article_id == two.article.id)


def test_no_word_of_a_brief_claims_sincerity(ledger):
    Writer(ledger).add_chronology(past("kept", "reversed", "lapsed"))
    brief = brief_on(ledger, make_reading())
    said = brief.model_dump_json(exclude={"words", "beside", "deeds", "alleged", "experts", "sources", "stories"})
    assert not PROMISES.search(said)


def test_few_cases_give_counts_and_no_percentage(ledger):
    Writer(ledger).add_chronology(past("kept", "partly", "reversed", None, family="easing"))
    brief = brief_on(ledger, make_reading())
    assert "Of 3 earlier ones resolved, 1 were followed by the deed in full, 2 at least in part" in brief.verdict
    assert "no percentage under 20 cases" in brief.verdict
    assert brief.record.in_full == "1 of 3"
    assert "4 testable (1 kept, 1 partly, 1 reversed, 1 not examined)" in brief.record.summary
    assert "relations then: 4 cold" in brief.record.summary
    easing = next(row for row in brief.criteria if row.family == "easing")
    assert easing.forecast.startswith("no percentage: 3 resolved cases")
    assert easing.control.startswith("no control")
    assert easing.own_record == "1 kept in full of 3 examined"
    assert len(brief.record.lines) == 4
    assert brief.record.lines[-1].outcome == "not_examined"


def test_enough_cases_give_the_rate_with_its_interval(ledger):
    Writer(ledger).add_chronology(past(*["kept"] * 5 + ["lapsed"] * 20, family="easing"))
    brief = brief_on(ledger, make_reading())
    easing = next(row for row in brief.criteria if row.family == "easing")
    assert easing.forecast == "class rate only: unlikely, 20 % (9–39 %), n 25"
    assert brief.record.in_full == "5 of 25 (95 % interval 9–39 %)"
    assert len(brief.record.lines) == 5


def test_outcome_of_the_stories_own_overture_as_of_later(ledger):
    facts = [make_fact("eased", DAY + timedelta(days=40), cameo="085")]
    Writer(ledger).add_chronology(make_chronology(facts=facts))
    reading = make_reading()
    assert [r.outcome for r in brief_on(ledger, reading).criteria] == ["open", "open"]
    later = brief_on(ledger, reading, as_of=DAY + timedelta(days=300))
    assert [row.outcome for row in later.criteria] == ["kept", "not_examined"]
    assert "Easing (W1): kept" in later.verdict
    assert not any(row.what.startswith("W1") for row in later.watch)
    assert later.record.lines == ()


def test_criterion_shown_is_the_one_that_was_fixed(ledger):
    reading = make_reading()
    fixed = fix_criteria(reading)
    Writer(ledger).add_reading(reading, dict.fromkeys(fixed, fixed["o2"]))
    brief = compose_brief((reading,), View(ledger, DAY))
    assert [row.family for row in brief.criteria] == ["restraint_sanctions"]
    assert brief.criteria[0].labels == ("W1", "W2")


def test_corrections_reach_the_brief(ledger):
    reading = make_reading()
    brief_on(ledger, reading)
    deed = next(fact for fact in View(ledger).facts() if fact.type == "SANCTION")
    offer = View(ledger).overtures()[0]
    Writer(ledger).correct(deed.fact_id, "factuality", "alleged", who="A", why="B")
    Writer(ledger).correct(offer.overture_id, "is_counted", "no", who="A", why="B")
    brief = brief_on(ledger, reading)
    assert (len(brief.deeds), len(brief.alleged), len(brief.words)) == (0, 2, 1)


@pytest.mark.parametrize(
    "dyad", ["RUS", "RUS:", ":USA", "RUS:RUS", "RUS:XXX", "RUS:USA:POL", "", "rus usa", "Russia:Poland"]
)
def test_bad_dyads(dyad):
    with pytest.raises(UsageError, match="RUS:USA"):
        parse_dyad(dyad)


@pytest.mark.parametrize("dyad", ["RUS:USA", "rus:usa", " RUS > USA "])
def test_good_dyads(dyad):
    assert parse_dyad(dyad) == ("RUS", "USA")


def test_dyad_asked_for_is_directed(ledger):
    reading = make_reading()
    assert brief_on(ledger, reading, dyad="RUS:POL").words
    other = brief_on(ledger, reading, dyad="POL:RUS")
    assert (other.words, other.dyad, other.strongest) == ((), "POL>RUS", None)
    assert other.question == "What does Poland do towards Russia? No overture found"
    assert other.verdict.startswith("No overture of Poland to Russia was found")
    assert any("overture to Poland" in row.what for row in other.beside)


@pytest.mark.parametrize(
    ("to", "dyad", "listed"),
    [
        (("WEST",), "RUS:USA", True),
        (("WEST",), "RUS:CHN", False),
        (("EU",), "RUS:DEU", False),
        (("DEU",), "RUS:EU", False),
        (("EU",), "RUS:EU", True),
        ((), "RUS:USA", True),
    ],
)
def test_groups_are_listed_not_expanded(ledger, to, dyad, listed):
    reading = make_reading()
    offer = make_overture("o1", reading.overtures[0].span, "RUS", to, act="easing")
    brief = brief_on(ledger, reading.model_copy(update={"overtures": (offer,)}), dyad=dyad)
    assert bool(brief.words) == listed
    if listed:
        assert brief.words[0].to == to


def test_story_without_a_day(ledger):
    brief = brief_on(ledger, make_reading(published_on=None), as_of=None)
    assert (brief.as_of, brief.record) == (None, None)
    assert "no day to count from" in brief.verdict
    assert any("day of publication" in line for line in brief.not_known)
    assert {row.closes_on for row in brief.criteria} == {None}


def test_story_without_an_overture(ledger):
    brief = brief_on(ledger, make_reading().model_copy(update={"overtures": ()}))
    assert brief.question == "What does Russia do towards Poland? No overture found"
    assert (brief.words, brief.criteria, brief.strongest) == ((), (), None)
    assert brief.deeds


def test_story_with_nothing_between_powers_still_says_what_it_holds(ledger):
    brief = brief_on(ledger, make_reading().model_copy(update={"overtures": (), "events": ()}))
    assert brief.question == "Does anybody mean it? No overture found"
    assert (brief.dyad, brief.record) == (None, None)
    assert brief.decisions
    assert brief.experts
    assert brief.sources


def test_empty_reading(ledger):
    reading = make_reading()
    bare = reading.model_copy(update=dict.fromkeys(("overtures", "events", "attributions", "accords", "decisions", "positions", "assessments"), ()))  # fmt: skip
    brief = brief_on(ledger, bare)
    assert brief.sources == ()
    assert brief.verdict.startswith("No overture, and no act between two powers")


def test_one_story_from_two_outlets_is_told_once(ledger):
    long = tuple(
        f"{line} And so it went on for the rest of that day in the capital, number {n}." for n, line in enumerate(LINES)
    )
    one, two = make_reading(long), make_reading((*long[:7], "Photo: another hand"), outlet="The Echo")
    brief = brief_on(ledger, one, two, one)
    assert len(brief.stories) == 2
    assert [row.label for row in brief.words] == ["W1", "W2"]
    assert any("2 articles tell 1 story" in line for line in brief.not_known)
    assert brief.record.lines == ()


def test_stories_of_after_the_day_are_not_known(ledger):
    late = make_reading(
        tuple(f"{n} quite other words stand here" for n in range(8)), published_on=DAY + timedelta(days=40)
    )
    brief = brief_on(ledger, make_reading(), late)
    assert len(brief.stories) == 1
    with pytest.raises(UsageError, match="--as-of"):
        brief_on(ledger, late)


def test_unknown_codes_do_not_stop_a_brief(ledger):
    brief = brief_on(ledger, make_reading(codes=("XAA", "XBB")))
    assert brief.question.startswith("Does XAA mean it? XAA → XBB")


def test_watch_is_by_day_and_says_what_would_count(ledger):
    watch = brief_on(ledger, make_reading()).watch
    assert [row.on for row in watch] == [date(2014, 5, 13), date(2014, 10, 31), date(2014, 10, 31), None]
    assert watch[0].what.startswith("European Union decides: review of the sanctions")
    assert "fighting resumed" in watch[-1].what
    assert any("Any such act would reverse it" in row.what for row in watch)


def test_control_stands_beside_the_record(ledger):
    coverage = [make_coverage(date(1985, 1, 1), DAY, "easing")]
    base = past("kept", "lapsed", family="easing")
    Writer(ledger).add_chronology(make_chronology(overtures=base.overtures, outcomes=base.outcomes, coverage=coverage))
    brief = brief_on(ledger, make_reading())
    assert brief.record.control.startswith("easing 0 of 29")
    assert brief.criteria[0].control.startswith("0 of 29")
