"""Assessments: who judges which side, party to it or not, and which way."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from olivebranch.codebook import load_codebook, load_table
from olivebranch.extraction.actors import find_actors
from olivebranch.extraction.assessments import find_assessments
from olivebranch.extraction.attribution import find_attributions
from olivebranch.extraction.dates import find_dates
from olivebranch.records import Article, Assessment
from olivebranch.text import make_document

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "assessments.jsonl").read_text(encoding="utf-8").splitlines()
]
STANCES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "stances.jsonl").read_text(encoding="utf-8").splitlines()
]


def read(text: str, on: date = date(2014, 9, 29)) -> tuple[Assessment, ...]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = make_document(Article(id="x", text=text, sha256=digest, published_on=on))
    actors, dates = find_actors(document, load_codebook(), on), find_dates(document)
    return find_assessments(document, find_attributions(document, actors, dates), actors)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_finds_assessments(case):
    found = [
        {"who": x.who, "side": x.side, "is_party": x.is_party, "about": x.about, "stance": x.stance}
        for x in read(case["text"])
    ]
    assert found == case["expected"]


@pytest.mark.parametrize("case", STANCES, ids=lambda case: case["text"][:60])
def test_hears_trust_and_doubt_in_many_words_and_nothing_in_facts(case):
    text = case["context"] + "\n\n" + case["text"]
    start = len(text) - len(case["text"])
    assert [x.stance for x in read(text, date(2018, 6, 20)) if x.span[0] >= start] == case["expected"]


def test_one_judge_of_one_side_is_one_record_and_contrary_words_make_it_mixed():
    (only,) = read(
        "Serbia offered Kosovo a deal. The offer could be a ploy.\n\nBut Serbia's offer seems different this time: it is a genuine offer."
    )
    assert (only.who, only.about, only.stance) == ("the outlet", "SRB", "mixed")


def test_affiliation_and_statement_are_kept():
    (only,) = read('"The Iranian offer is a bluff," said Ken Sato, an analyst at the Institute of Peace in Kyoto.')
    assert only.affiliation == "Institute of Peace"
    assert only.attribution == "t1"


@pytest.mark.parametrize("row", load_table("assessment_words"), ids=lambda row: row.use)
def test_every_word_class_has_an_example_of_it(row):
    assert any(word.split()[0][:4] in row.example.lower() for word in row.words)
