"""Overtures and their near misses: a table of sentences, and what an overture carries."""

import json
from datetime import date
from pathlib import Path

import pytest

from olivebranch.codebook import load_table
from olivebranch.extraction.offers import find_offer
from olivebranch.extraction.overtures import add_offers
from olivebranch.text.document import load_language
from stories import read_story

CASES = [
    json.loads(line) for line in (Path(__file__).parents[1] / "cases" / "overtures.jsonl").read_text().splitlines()
]


def test_the_table_is_large_and_nearly_half_of_it_are_near_misses() -> None:
    assert len(CASES) >= 80
    assert sum(not case["overtures"] for case in CASES) >= 0.4 * len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_the_table_of_sentences(case: dict) -> None:
    found = read_story(case["text"], date.fromisoformat(case["day"])).overtures
    got = [{"from": o.from_, "to": list(o.to), "grade": o.grade, "is_restraint": o.is_restraint} for o in found]
    assert got == case["overtures"]


@pytest.mark.parametrize("row", load_table("overture_acts"), ids=lambda row: row.family)
def test_every_act_is_found_in_its_example(row) -> None:
    clause = load_language()(row.example)[:]
    words = {form for token in clause for form in (token.lower_, token.lemma_.lower())}
    assert words & set(row.words)


@pytest.mark.parametrize("row", [row for row in load_table("overture_phrases") if row.kind == "fixed"], ids=str)
def test_every_fixed_expression_makes_an_offer_of_its_example(row) -> None:
    assert find_offer(load_language()(row.example)[:], lambda heads: "own") is not None


def test_the_condition_is_told_apart() -> None:
    story = read_story(
        '"If Israel stops its raids, we can resume the talks," Palestinian President Mahmoud Abbas said.'
    )
    (overture,) = story.overtures
    assert overture.condition is not None
    assert story.document.words(overture.condition) == "If Israel stops its raids"


def test_a_dated_measure_carries_its_cost_flags() -> None:
    (overture,) = read_story(
        '"We will free the crew on Friday," Iranian President Hassan Rouhani told Britain.'
    ).overtures
    assert {"public", "in_person", "dated"} <= set(overture.cost_flags)


def test_an_overture_is_an_event_too_and_asserted() -> None:
    story = read_story('"We are ready to resume talks with Ankara," Armenian President Serzh Sargsyan said.')
    events = add_offers(story.events, story.overtures, story.document)
    assert [(e.type, e.factuality, e.cameo) for e in events] == [("AGREE", "asserted", "036")]


def test_what_is_offered_is_not_a_deed_beside_the_offer() -> None:
    story = read_story("Colombian President Juan Manuel Santos said Colombia could reopen its border with Venezuela.")
    events = add_offers(story.events, story.overtures, story.document)
    assert [event.type for event in events] == ["AGREE"]


def test_repeats_are_one_overture() -> None:
    text = (
        '"We are ready to resume talks with Ankara," Armenian President Serzh Sargsyan said.\n\n'
        'Sargsyan added: "We are prepared for talks with Turkey at any time."'
    )
    assert len(read_story(text).overtures) == 1


def test_a_hedge_on_the_other_side_is_none_of_the_offer() -> None:
    text = '"We are ready for what the Americans might call a dialogue," Russian Foreign Minister Sergey Lavrov said.'
    assert [[h.kind for h in o.hedges] for o in read_story(text).overtures] == [[]]
    text = '"We might resume the talks with the United States," Russian Foreign Minister Sergey Lavrov said.'
    assert [[h.kind for h in o.hedges] for o in read_story(text).overtures] == [["modal"]]
