"""Accords: parties, mediator, standing, and what is none."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from olivebranch.codebook import load_codebook, load_table
from olivebranch.extraction.accords import find_accords
from olivebranch.extraction.actors import find_actors
from olivebranch.extraction.dates import find_dates
from olivebranch.records import Accord, Article
from olivebranch.text import make_document

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "accords.jsonl").read_text(encoding="utf-8").splitlines()
]


def read(text: str, on: date = date(2014, 9, 29)) -> tuple[Accord, ...]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = make_document(Article(id="x", text=text, sha256=digest, published_on=on))
    return find_accords(document, find_actors(document, load_codebook(), on), find_dates(document))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_finds_accords_with_standing(case):
    found = [
        {
            "parties": sorted(a.parties),
            "mediator": a.mediator,
            "status": a.status,
            "until": str(a.until) if a.until else None,
        }
        for a in read(case["text"])
    ]
    assert found == [{**accord, "parties": sorted(accord["parties"])} for accord in case["expected"]]


def test_one_record_an_accord_and_ids_in_text_order():
    found = read(
        "Chile and Peru signed a fisheries accord on Sunday. The accord binds both fleets.\n\n"
        "Later, Chile and Bolivia agreed on a border truce. The truce is fragile."
    )
    assert [a.id for a in found] == ["c1", "c2"]
    assert found[0].span < found[1].span
    assert found[0].subject == "fisheries accord"


def test_hedges_are_told_in_why():
    (accord,) = read(
        "Moscow has embraced a tentative gas accord with Ukraine that would at least temporarily end the row."
    )
    assert "tentative" in accord.why
    assert "temporarily" in accord.why or "at least" in accord.why


@pytest.mark.parametrize("row", load_table("accord_words"), ids=lambda row: row.use)
def test_every_word_class_has_an_example_of_it(row):
    assert any(word.split()[0][:4] in row.example.lower() for word in row.words)
