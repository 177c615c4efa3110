"""Adding: twice is once, one story from two outlets counts once, every row leads to its sentence."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import (
    DAY,
    LINES,
    make_chronology,
    make_coverage,
    make_event,
    make_fact,
    make_ledger_overture,
    make_outcome,
    make_reading,
)
from olivebranch.analysis.criteria import fix_criteria
from olivebranch.errors import LedgerError
from olivebranch.ledger import Ledger, View, Writer, read_chronology
from olivebranch.ledger.rows import Criterion
from olivebranch.records import Reading


def add(ledger, reading):
    return Writer(ledger).add_reading(reading, fix_criteria(reading))


def test_adding_twice_changes_nothing(ledger):
    reading = make_reading()
    assert add(ledger, reading)
    before = [
        ledger.rows(f"SELECT * FROM {table} ORDER BY 1") for table in ("articles", "facts", "overtures", "criteria")
    ]
    assert not add(ledger, Reading.model_validate_json(reading.model_dump_json()))
    after = [
        ledger.rows(f"SELECT * FROM {table} ORDER BY 1") for table in ("articles", "facts", "overtures", "criteria")
    ]
    assert before == after
    assert View(ledger).counts()["facts"] == 3  # the later mention is no fact of its own


lines = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80), min_size=8, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines, st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2030, 1, 1))), st.text(max_size=5))
def test_any_reading_is_given_back_and_counts_once(own_lines, published_on, outlet):
    reading = make_reading(tuple(own_lines), published_on=published_on, outlet=outlet or None)
    with Ledger() as ledger:
        assert add(ledger, reading)
        assert not add(ledger, reading)
        view = View(ledger)
        assert view.reading(reading.article.id) == reading
        assert view.corrected(reading) == reading
        assert view.counts()["articles"] == 1
        for row in (*view.facts(), *view.overtures()):
            start, end = row.span
            assert 0 <= start <= end <= len(reading.article.text)
            assert any(s.span[0] <= start and end <= s.span[1] for s in reading.sentences)
        for overture in view.overtures():
            assert overture.words == " ".join(reading.words(overture.span).split())


def test_two_acts_of_one_verb_are_two_facts(ledger):
    reading = make_reading()
    twin = make_event("e9", "s3", reading.events[0].trigger, "USA", "POL")
    add(ledger, reading.model_copy(update={"events": (*reading.events, twin)}))
    sanctions = [fact.actors for fact in View(ledger).facts() if fact.type == "SANCTION"]
    assert sorted(sanctions) == [("RUS",), ("USA",)]


LONG = tuple(
    f"{line} It was the {word} time that officials spoke of the matter in public, and few in the room were surprised."
    for line, word in zip(LINES[:7], ("first", "second", "third", "fourth", "fifth", "sixth", "seventh"), strict=True)
)


@pytest.mark.parametrize(
    ("other", "outlet", "days", "stories"),
    [
        ((*LONG, "Subscribe now to our newsletter and never miss a story. " * 20), "The Echo", 1, 1),
        ((*LONG[:6], LONG[6].replace("empty", "hollow"), "Photo"), "The Echo", 0, 1),
        ((*LONG, "Photo"), "The Echo", 30, 2),
        (
            tuple(f"{n} ships of the fleet left port {n} for a drill with {n} allies." for n in range(8)),
            "The Echo",
            0,
            2,
        ),
    ],
    ids=["other furniture", "a word changed", "a month later", "another story"],
)
def test_one_story_from_two_outlets(ledger, other, outlet, days, stories):
    add(ledger, make_reading((*LONG, "Photo: A. Nobody")))
    add(ledger, make_reading(other, outlet=outlet, published_on=DAY + timedelta(days=days)))
    view = View(ledger)
    assert view.counts()["articles"] == 2
    assert len({article["story_id"] for article in view.articles()}) == stories
    if stories == 1:
        assert len(view.facts()) == 3
        assert len(view.overtures()) == 2


def test_story_cut_by_another_outlet_is_the_same_story(ledger):
    add(ledger, make_reading((*LONG, "Photo")))
    cut = make_reading((*LONG[:3], *LONG[3:7], "x"), outlet="The Echo")
    shorter = cut.model_copy(update={
        "sentences": cut.sentences[:4], "events": cut.events[:2], "attributions": (), "overtures": (),
    })  # fmt: skip
    add(ledger, shorter)
    assert len({article["story_id"] for article in View(ledger).articles()}) == 1


def test_same_deed_in_two_stories_counts_once_other_days_apart(ledger):
    def tell(line, article_id, day):
        reading = make_reading((*(f"{article_id} {n} {line}" for n in range(7)), "x"), article_id=article_id)
        event = make_event("e1", "s3", reading.events[0].trigger, "RUS", "POL", date_=(day, day))
        return reading.model_copy(update={"events": (event,), "overtures": ()})

    add(ledger, tell("Moscow shut its market to Polish milk.", "a1", date(2014, 3, 3)))
    add(ledger, tell("Dairies in Poland lost their best buyer as Russia closed the border.", "a2", date(2014, 3, 3)))
    add(ledger, tell("Once more trade suffered when a new order came out of the ministry.", "a3", date(2014, 4, 4)))
    assert [fact.happened_from for fact in View(ledger).facts()] == [date(2014, 3, 3), date(2014, 4, 4)]
    assert View(ledger).counts()["facts"] == 3


def test_chronology_goes_before_a_story_that_tells_the_same_deed(ledger):
    day = date(2014, 3, 3)
    reading = make_reading()
    event = make_event("e1", "s3", reading.events[0].trigger, "RUS", "POL", date_=(day, day))
    add(ledger, reading.model_copy(update={"events": (event,)}))
    facts = [make_fact(name, day, type_="SANCTION", cameo="163") for name in ("dairy", "meat")]
    Writer(ledger).add_chronology(make_chronology(facts=facts))
    assert [fact.fact_id for fact in View(ledger).facts()] == ["dairy", "meat"]


def test_criterion_once_written_never_changes(ledger):
    reading = make_reading()
    add(ledger, reading)
    later = reading.model_copy(
        update={"overtures": tuple(o.model_copy(update={"why": "seen again"}) for o in reading.overtures)}
    )
    other = {o.id: Criterion("aid", ("07",), 90, DAY, DAY, "something else") for o in later.overtures}
    assert Writer(ledger).add_reading(later, other)
    assert {o.criterion.family for o in View(ledger).overtures()} == {"easing", "restraint_sanctions"}


def test_reread_story_replaces_its_rows_only(ledger):
    first, second = make_reading(), make_reading(tuple(f"Quite another text, number {n}" for n in range(8)), outlet="B")
    add(ledger, first)
    add(ledger, second)
    assert add(ledger, first.model_copy(update={"events": first.events[:1]}))
    counts = View(ledger).counts()
    assert (counts["articles"], counts["facts"]) == (2, 4)


def test_chronology_newer_version_replaces_the_older(ledger):
    writer = Writer(ledger)
    day = date(2014, 1, 1)
    overture = make_ledger_overture("o1", day)
    old = make_chronology(facts=[make_fact("f1", day), make_fact("f2", day)], overtures=[overture],
                          outcomes=[("o1", make_outcome("lapsed", date(2014, 7, 1)))],
                          coverage=[make_coverage(day, date(2014, 12, 31), "easing")])  # fmt: skip
    assert writer.add_chronology(old)
    assert not writer.add_chronology(old)
    correction = writer.correct("f1", "factuality", "alleged", who="A", why="B")
    new = make_chronology(facts=[make_fact("f1", day), make_fact("f3", day)], overtures=[overture], sha256="2")
    assert writer.add_chronology(new)
    view = View(ledger)
    assert [(fact.fact_id, fact.factuality) for fact in view.facts()] == [("f1", "alleged"), ("f3", "asserted")]
    assert view.counts() == {"articles": 0, "facts": 2, "overtures": 1, "outcomes": 0, "coverage": 0, "corrections": 1,
                             "chronologies": 1}  # fmt: skip
    assert correction == 1


def test_fact_of_two_chronologies_counts_once_and_each_may_be_replaced(ledger):
    writer, view = Writer(ledger), View(ledger)
    overture = make_ledger_overture("o1", DAY)

    def version(name, sha256, *facts):
        return make_chronology(
            facts=[make_fact(key, DAY + timedelta(days=len(key)), origin=name) for key in facts], name=name, sha256=sha256,
            overtures=[replace(overture, origin=name)], outcomes=[("o1", make_outcome("kept", DAY))],
        )  # fmt: skip

    writer.add_chronology(version("one", "1", "shared", "own"))
    writer.add_chronology(version("two", "1", "shared"))
    assert sorted(fact.fact_id for fact in view.facts()) == ["own", "shared"]
    assert [o.outcome.outcome for o in view.overtures()] == ["kept"]
    writer.add_chronology(version("one", "2", "own"))
    assert sorted(fact.fact_id for fact in view.facts()) == ["own", "shared"]


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("outcomes.csv", None, "cannot be read"),
        ("outcomes.csv", b"overture_id,known_on\n\xff\xfe,2014-01-01\n", "UTF-8"),
        (
            "outcomes.csv",
            b"overture_id,known_on,stage,outcome,happened_on,facts,note\no1,2014-01-01,,perhaps,,,\n",
            "line 2",
        ),
        (
            "outcomes.csv",
            b"overture_id,known_on,stage,outcome,happened_on,facts,note\no1,2014-01-41,,kept,,,\n",
            "line 2",
        ),
        ("coverage.csv", b"source,target\nRUS,POL\n", "line 2"),
    ],
)
def test_damaged_chronology_is_one_clear_error(tmp_path, file, text, complaint):
    heads = {
        "facts": "fact_id,happened_on,known_on,actors,recipients,type,mode,cameo,factuality,summary,regime,basis,reference",
        "overtures": "overture_id", "outcomes": "overture_id", "coverage": "source",
    }  # fmt: skip
    for name, head in heads.items():
        (tmp_path / f"{name}.csv").write_text(head + "\n")
    if text is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_bytes(text)
    with pytest.raises(LedgerError, match=complaint):
        read_chronology(tmp_path)
