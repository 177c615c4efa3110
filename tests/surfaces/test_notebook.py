"""The Python face: typed, comes back from JSON, safe to show."""

from datetime import date

import pytest

import olivebranch as ob
from factories import make_reading
from olivebranch.errors import EmptyStory, LedgerMismatch, UsageError
from olivebranch.ledger import Ledger, View
from olivebranch.records import Reading
from olivebranch.surfaces.notebook import ShownBrief, ShownReading

STORY = (
    "Russia is ready to lift its ban on Polish apples, Foreign Minister Sergey Lavrov said on Tuesday. "
    "“We want <b>normal</b> relations with Poland,” he told reporters in Moscow.\n\n"
    "In August, Russia banned food imports from the European Union.\n"
)


@pytest.fixture(scope="module")
def reading():
    return ob.read(STORY, published_on="2014-11-05", outlet="The Gazette", url="https://example.org/a")


def test_read(reading):
    assert isinstance(reading, ShownReading)
    assert (reading.article.published_on, reading.article.outlet) == (date(2014, 11, 5), "The Gazette")
    assert reading.attributions
    assert Reading.model_validate_json(reading.model_dump_json()).model_dump() == reading.model_dump()
    assert ob.read(STORY, published_on=date(2014, 11, 5), outlet="The Gazette", url="https://example.org/a") == reading


def test_shown_reading_is_escaped_and_whole(reading):
    page = reading._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;normal" in page
    assert "<mark" in page


def test_brief_in_memory_and_in_a_file(reading, tmp_path):
    brief = ob.brief(reading)
    assert isinstance(brief, ShownBrief)
    assert "chronologies" in brief.ledger
    path = tmp_path / "my.duckdb"
    assert ob.brief([reading], ledger=path, as_of="2014-12-01").as_of == date(2014, 12, 1)
    with Ledger(path) as opened:
        assert View(opened).counts()["articles"] == 1
        assert ob.brief(reading, ledger=opened, dyad="RUS:POL").dyad == "RUS>POL"


def test_shown_brief_is_a_closed_frame(reading):
    page = ob.brief(reading)._repr_html_()
    assert page.startswith("<iframe srcdoc=")
    assert page.count("<") == 2
    assert "sandbox" in page


def test_marks_may_overlap_and_hostile_reasons_stay_in_their_attribute():
    reading = make_reading()
    event = reading.events[0].model_copy(update={"why": '"><script>alert(1)</script>'})
    shown = ShownReading.model_validate(reading.model_copy(update={"events": (event,)}).model_dump())
    assert "<script" not in shown._repr_html_()


@pytest.mark.parametrize("day", ["yesterday", "2014-13-01", ""])
def test_bad_days(day):
    with pytest.raises(UsageError, match="2014-09-29"):
        ob.read(STORY, published_on=day)


def test_errors_are_ours(reading, tmp_path):
    with pytest.raises(EmptyStory):
        ob.read("  \n ")
    with pytest.raises(UsageError, match="dyad"):
        ob.brief(reading, dyad="RUS")
    (tmp_path / "x.txt").write_text("no ledger " * 500)
    with pytest.raises(LedgerMismatch):
        ob.brief(reading, ledger=tmp_path / "x.txt")
    with pytest.raises(UsageError, match="no reading"):
        ob.brief([])
