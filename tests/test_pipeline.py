"""The whole way: a story to a reading, to the ledger, to a brief."""

from datetime import date

import pytest

from factories import make_article
from olivebranch.errors import UsageError
from olivebranch.ledger import View
from olivebranch.pipeline import add_readings, brief_stories, bundled_chronologies, load_chronologies, read_article
from olivebranch.records import Reading

STORY = """Ankara offers talks as gas row drags on

By Our Correspondent

Turkey is ready to resume talks with Greece on the gas field next month, Foreign Minister Mevlut Cavusoglu said on Wednesday. "If Athens is ready, we are ready," he told reporters in Ankara.

Greece expelled two Turkish diplomats in July. Turkey allegedly sent warships to the area last week.

"I doubt that anything will come of it," said Maria Pappas, an analyst at the Aegean Institute in Athens.

Photo: A. Nobody/Agency
"""


@pytest.fixture(scope="module")
def reading():
    return read_article(make_article(STORY, published_on=date(2020, 9, 10)))


def test_reading_is_pure_and_finds_the_offer(reading):
    assert read_article(make_article(STORY, published_on=date(2020, 9, 10))) == reading
    assert Reading.model_validate_json(reading.model_dump_json()) == reading
    assert {(o.from_, o.to) for o in reading.overtures} == {("TUR", ("GRC",))}
    assert {e.factuality for e in reading.events if e.type == "MOBILIZE"} <= {"alleged"}


def test_every_span_lies_in_the_text(reading):
    for row in (*reading.sentences, *reading.actors, *reading.overtures, *reading.dates):
        assert 0 <= row.span[0] < row.span[1] <= len(STORY)


@pytest.mark.parametrize("names", [{"coder": "guess"}, {"attributor": "guess"}])
def test_unknown_coder_is_wrong_use(names):
    with pytest.raises(UsageError, match="rules"):
        read_article(make_article(STORY), **names)


def test_chronologies_are_loaded_once(ledger):
    assert any(folder.name == "russia-west" for folder in bundled_chronologies())
    assert load_chronologies(ledger) == len(bundled_chronologies())
    assert load_chronologies(ledger) == 0


def test_overture_enters_with_its_criterion_and_the_dyads_state(ledger, reading):
    assert add_readings([reading, reading], ledger) == 1
    kept = View(ledger).overtures()
    assert kept
    assert {o.criterion.family for o in kept} == {"meeting"}
    assert {o.dyad_state for o in kept} == {"unknown"}
    assert all(o.words in " ".join(STORY.split()) for o in kept)


def test_brief_of_the_story(ledger, reading):
    load_chronologies(ledger)
    brief = brief_stories((reading,), ledger)
    assert brief.question.startswith("Does Türkiye mean it?") or brief.question.startswith("Does Turkey mean it?")
    assert brief.dyad == "TUR>GRC"
    assert brief.as_of == date(2020, 9, 10)
    assert "furniture: 1 byline, 1 credit" in brief.furniture
    assert not any("Nobody" in line.words for line in brief.sources)
    assert brief_stories((reading,), ledger) == brief


def test_wrong_dyad_writes_nothing(ledger, reading):
    with pytest.raises(UsageError):
        brief_stories((reading,), ledger, dyad="TUR")
    assert View(ledger).counts()["articles"] == 0
