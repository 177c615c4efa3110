"""Reading as of a day, and corrections: rows of their own, taken back by rows, that survive re-reading."""

from datetime import UTC, date, datetime, timedelta

import pytest

from factories import DAY, make_chronology, make_event, make_fact, make_ledger_overture, make_outcome, make_reading
from olivebranch.analysis.criteria import fix_criteria
from olivebranch.errors import LedgerError, UsageError
from olivebranch.ledger import View, Writer


def ids(rows):
    return [getattr(row, "fact_id", None) or row.overture_id for row in rows]


@pytest.fixture
def writer(ledger):
    writer = Writer(ledger)
    day = date(2014, 1, 10)
    writer.add_chronology(make_chronology(
        facts=[
            make_fact("early", day),
            make_fact("late-known", day, known_on=date(2014, 6, 1), cameo="087"),
            make_fact("back", date(2014, 2, 1), "POL", "RUS"),
            make_fact("rebels", date(2014, 3, 1), actor_sectors=("REB",)),
            make_fact("vague", None, happened_from=date(2014, 1, 1), happened_to=date(2014, 12, 31), known_on=DAY),
            make_fact("timeless", None, known_on=None),
        ],
        overtures=[make_ledger_overture("o1", day), make_ledger_overture("o2", date(2014, 5, 1), to=("USA", "POL"))],
        outcomes=[
            ("o1", make_outcome("partly", date(2014, 3, 1))),
            ("o1", make_outcome("reversed", date(2014, 9, 1), date(2014, 8, 30))),
        ],
    ))  # fmt: skip
    return writer


@pytest.mark.parametrize(
    ("as_of", "facts", "overtures", "outcome"),
    [
        (date(2014, 1, 9), [], [], None),
        (date(2014, 1, 10), ["early"], ["o1"], None),
        (date(2014, 5, 8), ["vague", "early"], ["o1", "o2"], "partly"),
        (date(2014, 8, 31), ["vague", "early", "late-known"], ["o1", "o2"], "partly"),
        (date(2014, 9, 1), ["vague", "early", "late-known"], ["o1", "o2"], "reversed"),
        (None, ["vague", "early", "late-known", "timeless"], ["o1", "o2"], "reversed"),
    ],
)
def test_as_of_keeps_what_was_known(ledger, writer, as_of, facts, overtures, outcome):
    view = View(ledger, as_of)
    assert ids(view.facts(sources={"RUS"}, targets={"POL"})) == facts
    found = view.overtures(sources={"RUS"}, targets={"POL"})
    assert ids(found) == overtures
    if found:
        assert (found[0].outcome.outcome if found[0].outcome else None) == outcome


def test_days_asked_for_leave_out_what_has_none(ledger, writer):
    view = View(ledger)
    assert ids(view.facts(begins=date(2014, 1, 11), ends=date(2014, 2, 1))) == ["vague", "back"]
    assert ids(view.facts(targets={"USA"})) == []


def test_undated_story_is_known_from_the_day_it_was_recorded(ledger):
    reading = make_reading(published_on=None)
    Writer(ledger).add_reading(reading, fix_criteria(reading))
    today = datetime.now(UTC).date()
    assert View(ledger, today - timedelta(days=2)).articles() == []
    assert len(View(ledger, today + timedelta(days=1)).articles()) == 1
    assert View(ledger, date(2014, 12, 31)).facts() == []


def test_correction_is_a_row_and_the_record_is_as_it_was(ledger, writer):
    view = View(ledger)
    stored = ledger.rows("SELECT * FROM facts ORDER BY 1")
    number = writer.correct("early", "factuality", "alleged", who=" A. Editor ", why="seen once")
    assert view.facts(sources={"RUS"})[1].factuality == "alleged", "an older view sees a new correction"
    assert ledger.rows("SELECT * FROM facts ORDER BY 1") == stored
    row = view.corrections()[0]
    assert (row.correction_id, row.who, row.why, row.value, row.undoes) == (
        number,
        "A. Editor",
        "seen once",
        "alleged",
        None,
    )
    back = writer.undo(number, who="B", why="seen twice")
    assert view.facts(sources={"RUS"})[1].factuality == "asserted"
    assert [c.undoes for c in view.corrections()] == [None, number]
    with pytest.raises(LedgerError, match="already"):
        writer.undo(number, who="B", why="again")
    with pytest.raises(LedgerError, match="no correction"):
        writer.undo(back, who="B", why="an undoing is no correction")


def test_latest_correction_holds_and_its_undoing_gives_the_one_before(ledger, writer):
    writer.correct("early", "factuality", "alleged", who="A", why="1")
    second = writer.correct("early", "factuality", "denied", who="A", why="2")
    view = View(ledger)
    assert view.facts(sources={"RUS"})[1].factuality == "denied"
    writer.undo(second, who="A", why="3")
    assert view.facts(sources={"RUS"})[1].factuality == "alleged"


def test_corrected_type_brings_its_score(ledger, writer):
    writer.correct("early", "type", "ACCUSE", who="A", why="mere words")
    writer.correct("early", "cameo", "", who="A", why="no code fits")
    writer.correct("early", "happened_from", "2014-01-09", who="A", why="the day before")
    fact = next(f for f in View(ledger).facts() if f.fact_id == "early")
    assert (fact.is_deed, fact.cameo, fact.happened_from) == (False, None, date(2014, 1, 9))
    assert fact.score < 0


def test_record_taken_out_is_nowhere(ledger, writer):
    writer.correct("early", "is_counted", "no", who="A", why="never was")
    writer.correct("o1", "is_counted", "no", who="A", why="never was")
    assert "early" not in ids(View(ledger).facts())
    assert ids(View(ledger).overtures()) == ["o2"]


def test_corrected_outcome_counts_from_when_it_was_known(ledger, writer):
    writer.correct("o1", "outcome", "kept", who="A", why="read again")
    writer.correct("o2", "outcome", "kept", who="A", why="seen at last")
    known = {o.overture_id: o.outcome and o.outcome.outcome for o in View(ledger, date(2014, 12, 31)).overtures()}
    assert known == {"o1": "kept", "o2": None}
    assert View(ledger).overtures()[1].outcome.outcome == "kept"
    assert View(ledger, date(2014, 2, 1)).overtures()[0].outcome is None


@pytest.mark.parametrize(
    ("record", "field", "value", "error", "complaint"),
    [
        ("nothing", "factuality", "alleged", LedgerError, "no record"),
        ("early", "summary", "x", UsageError, "these can"),
        ("early", "factuality", "banana", UsageError, "asserted"),
        ("early", "factuality", "", UsageError, "no value"),
        ("early", "type", "SHOUT", UsageError, "PLOVER"),
        ("early", "cameo", "9999", UsageError, "CAMEO"),
        ("early", "happened_from", "2014-13-01", UsageError, "2014-09-28"),
        ("early", "is_counted", "maybe", UsageError, "yes or no"),
        ("o1", "grade", "step!", UsageError, "wish"),
        ("o1", "outcome", "won", UsageError, "kept"),
    ],
)
def test_wrong_corrections_are_refused(writer, record, field, value, error, complaint):
    with pytest.raises(error, match=complaint):
        writer.correct(record, field, value, who="A", why="B")


@pytest.mark.parametrize(("who", "why"), [("", "x"), ("x", "  ")])
def test_correction_and_undoing_need_who_and_why(writer, who, why):
    with pytest.raises(UsageError, match="who"):
        writer.correct("early", "factuality", "alleged", who=who, why=why)
    number = writer.correct("early", "factuality", "alleged", who="A", why="B")
    with pytest.raises(UsageError, match="who"):
        writer.undo(number, who=who, why=why)


def test_corrections_survive_rereading_and_reach_the_reading(ledger):
    reading = make_reading()
    writer = Writer(ledger)
    writer.add_reading(reading, fix_criteria(reading))
    view = View(ledger)
    deed = next(fact for fact in view.facts() if fact.type == "SANCTION")
    offer = view.overtures()[0]
    writer.correct(deed.fact_id, "factuality", "alleged", who="A", why="one side only")
    writer.correct(offer.overture_id, "grade", "wish", who="A", why="no offer")
    again = reading.model_copy(update={"events": (*reading.events, make_event("e8", "s5", (0, 1), "RUS", "USA"))})
    assert writer.add_reading(again, fix_criteria(again))
    assert next(fact for fact in view.facts() if fact.fact_id == deed.fact_id).factuality == "alleged"
    corrected = view.corrected(again)
    assert corrected.events[0].factuality == "alleged"
    assert "corrected by A" in corrected.events[0].why
    assert corrected.overtures[0].grade == "wish"
    assert corrected.overtures[1] == again.overtures[1]
