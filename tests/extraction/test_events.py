"""Who did what to whom: a table of sentences, the example of every row of the phrase table, dates and links."""

import json
from datetime import date
from pathlib import Path

import pytest

from olivebranch.codebook import load_table
from olivebranch.extraction.syntax import lemma_of
from olivebranch.records import Event
from stories import read_story

CASES = [json.loads(line) for line in (Path(__file__).parents[1] / "cases" / "events.jsonl").read_text().splitlines()]


def summarize(event: Event) -> tuple[tuple[str, ...], tuple[str, ...], str, str]:
    """Sides, type and factuality of an event, as the table has them."""
    sides = [tuple(sorted(actor.code for actor in side)) for side in (event.actors, event.recipients)]
    return sides[0], sides[1], event.type, event.factuality


def code(text: str, day: date = date(2015, 6, 10)) -> list[tuple[tuple[str, ...], tuple[str, ...], str, str]]:
    return sorted(summarize(event) for event in read_story(text, day).events)


def test_the_table_is_large_and_a_tenth_of_it_are_sentences_without_an_event() -> None:
    assert len(CASES) >= 80
    assert sum(not case["events"] for case in CASES) >= len(CASES) // 14


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_the_table_of_sentences(case: dict) -> None:
    wanted = [(tuple(e["actors"]), tuple(e["recipients"]), e["type"], e["factuality"]) for e in case["events"]]
    assert code(case["text"], date.fromisoformat(case["day"])) == sorted(wanted)


@pytest.mark.parametrize("row", load_table("event_phrases"), ids=lambda row: f"{row.type}: {row.example[:50]}")
def test_the_example_of_every_phrase_is_coded_as_its_type(row) -> None:
    story = read_story(row.example)
    starts = {event.trigger[0] for event in story.events if event.type == row.type}
    triggers = [token for token in story.document.parse if token.idx in starts]
    assert any(
        lemma_of(t) in row.heads or t.lower_ in row.heads or f"-{lemma_of(t)}" in "|".join(row.heads) for t in triggers
    )


def test_an_event_says_where_it_stands_and_why() -> None:
    story = read_story("Canada imposed sanctions on Belarus on Monday.")
    (event,) = story.events
    assert story.document.words(event.trigger) == "imposed"
    assert event.is_deed
    assert event.cameo == "163"
    assert "imposed" in event.why


def test_an_event_has_the_date_of_its_clause() -> None:
    (event,) = read_story("Canada imposed sanctions on Belarus on Monday.").events
    assert event.date is not None
    assert event.date.from_ == event.date.to == date(2015, 6, 8)


def test_a_demand_has_the_day_on_which_it_was_made() -> None:
    story = read_story('"Iran must free the crew," Norwegian Prime Minister Erna Solberg said on Monday.')
    requests = [event for event in story.events if event.type == "REQUEST"]
    assert [summarize(event)[:2] for event in requests] == [(("NOR",), ("IRN",))]


def test_a_later_mention_names_the_first() -> None:
    story = read_story(
        "Peru recalled its ambassador from Chile.\n\nLima, which recalled its envoy from Chile, was silent."
    )
    recalls = [event for event in story.events if event.type == "SANCTION"]
    assert [event.same_as for event in recalls] == [None, recalls[0].id]


def test_ids_run_in_text_order() -> None:
    story = read_story("Oslo urged Moscow to free the crew. Sweden expelled two Russian diplomats.")
    assert [event.id for event in story.events] == [f"e{n}" for n in range(1, len(story.events) + 1)]


def test_a_hostile_deed_on_the_other_sides_word_is_alleged() -> None:
    text = "Armenian Defence Minister Seyran Ohanyan said that Azerbaijan had shelled a village in Armenia."
    (event,) = read_story(text).events
    assert (event.type, event.factuality) == ("ASSAULT", "alleged")


def test_what_is_told_as_done_before_is_a_deed_of_its_own() -> None:
    text = "Prime Minister Donald Tusk of Poland said that Russia might strike back with sanctions, as it did before."
    assert "asserted" in {event.factuality for event in read_story(text).events if event.type == "SANCTION"}


@pytest.mark.parametrize(
    ("text", "cameo"),
    [
        ("Ankara offered to lift its embargo on Armenia.", "0354"),
        ("Oslo urged Moscow to free the crew.", "0253"),
        ("Ukraine demanded that Russia withdraw its troops.", "1056"),
        ("The United States said it would not lift the embargo on Cuba.", "1244"),
        ("Seoul proposed talks with Pyongyang.", "036"),
        ("Greece and Turkey agreed to resume talks.", "036"),
    ],
)
def test_words_about_deeds_have_the_code_of_the_deed(text: str, cameo: str) -> None:
    assert cameo in {event.cameo for event in read_story(text).events}


def test_sport_is_no_diplomacy() -> None:
    assert not code("Croatia met England in the semi-final of the football tournament.")
