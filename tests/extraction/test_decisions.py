"""Decisions ahead: body, rule, members, day, place; and where members stand."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from olivebranch.codebook import load_codebook, load_table
from olivebranch.extraction.actors import find_actors
from olivebranch.extraction.attribution import find_attributions
from olivebranch.extraction.dates import find_dates
from olivebranch.extraction.decisions import find_decisions, find_positions
from olivebranch.records import Article, Decision, Position
from olivebranch.text import make_document

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
]
BODIES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "deciding_bodies.jsonl").read_text(encoding="utf-8").splitlines()
]


def read(text: str, on: date = date(2014, 9, 29)) -> tuple[tuple[Decision, ...], tuple[Position, ...]]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = make_document(Article(id="x", text=text, sha256=digest, published_on=on))
    actors, dates = find_actors(document, load_codebook(), on), find_dates(document)
    attributions = find_attributions(document, actors, dates)
    decisions = find_decisions(document, actors, dates, attributions)
    return decisions, find_positions(document, attributions, decisions, actors)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_finds_decisions_and_positions(case):
    decisions, positions = read(case["text"])
    found = [
        {
            "body": d.body,
            "rule": d.rule,
            "members": d.members,
            "on": str(d.on.from_) if d.on else None,
            "place": d.place,
        }
        for d in decisions
    ]
    assert found == case["decisions"]
    assert sorted([p.who, p.position] for p in positions) == sorted(case["positions"])


@pytest.mark.parametrize("case", BODIES, ids=lambda case: case["text"][:60])
def test_finds_who_has_yet_to_decide_and_nothing_of_home_affairs(case):
    decisions, _ = read(case["text"], date(2018, 6, 20))
    assert [d.body for d in decisions] == case["expected"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Poland and Lithuania were pressing for new listings.", [["LTU", "for"], ["POL", "for"]]),
        ("Italy was against the listings.", [["ITA", "against"]]),
        ("Germany would rather wait with the sanctions.", [["DEU", "leaning_against"]]),
        ("Hungary has threatened to veto the sanctions.", [["HUN", "against"]]),
        ("Spain is open to the sanctions.", [["ESP", "leaning_for"]]),
        ("Russia opposes the sanctions.", []),
        ("France backs the rebels in Syria.", []),
        ("An Italian draft backs the sanctions.", []),
    ],
)
def test_where_members_stand(sentence, expected):
    _, positions = read(f"EU leaders are due to decide on new sanctions on Thursday.\n\n{sentence}", date(2018, 6, 20))
    assert sorted([p.who, p.position] for p in positions) == expected


def test_why_says_whether_the_rule_is_of_the_text_or_the_codebook():
    (of_text,), _ = read(
        "EU ministers will review the sanctions on Friday. It takes a unanimous vote of all 28 to end them."
    )
    (of_table,), _ = read("EU ministers will review the sanctions on Friday.")
    assert "in the text" in of_text.why
    assert "from the codebook" in of_table.why


def test_two_tellings_of_one_decision_are_one():
    decisions, _ = read(
        "The premier spoke on the eve of a European Union meeting to review sanctions on Russia.\n\n"
        "Ambassadors are to meet in Brussels on Tuesday to weigh easing the EU sanctions."
    )
    assert len(decisions) == 1
    assert decisions[0].place == "Brussels"


def test_a_position_is_tied_to_its_statement():
    _, (position,) = read(
        "The EU must decide whether to extend the sanctions. Hungary will veto the extension, its foreign minister said."
    )
    assert (position.on, position.attribution) == ("d1", "t1")


@pytest.mark.parametrize("row", load_table("decision_words"), ids=lambda row: row.use)
def test_every_word_class_has_an_example_of_it(row):
    assert any(word.split()[0][:4] in row.example.lower() for word in row.words)
