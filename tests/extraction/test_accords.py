"""Accords: parties, mediator, standing, and what is none."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from olivebranch.codebook import load_codebook, load_table
from olivebranch.codebook.tables import first_day, last_day
from olivebranch.extraction.accord_standing import STANDING
from olivebranch.extraction.accords import find_accords
from olivebranch.extraction.actors import find_actors
from olivebranch.extraction.dates import find_dates
from olivebranch.extraction.known_accords import standing_on
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
        for a in read(case["text"], date.fromisoformat(case["published_on"]))
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


@pytest.mark.parametrize(
    ("name", "on", "status"),
    [
        ("Joint Comprehensive Plan of Action", date(2015, 7, 1), "proposed"),
        ("Joint Comprehensive Plan of Action", date(2015, 8, 1), "signed"),
        ("Joint Comprehensive Plan of Action", date(2017, 1, 1), "in_force"),
        ("Intermediate-Range Nuclear Forces Treaty", date(2019, 8, 3), "expired"),
        ("Black Sea Grain Initiative", date(2023, 7, 17), "expired"),
        ("Fourth START treaty", date(2023, 3, 1), "suspended"),
        ("Comprehensive Nuclear-Test-Ban Treaty", None, "signed"),
    ],
)
def test_known_accords_stand_as_their_dates_say(name, on, status):
    row = next(row for row in load_table("known_accords") if row.name == name)
    assert standing_on(row, on) == status


def test_a_known_accord_is_read_by_its_name_with_its_parties():
    (accord,) = read("Russia and the United States both keep to New START for now.", date(2014, 9, 29))
    assert (accord.parties, accord.status, accord.subject) == (("RUS", "USA"), "in_force", "Fourth START treaty")


@pytest.mark.parametrize("row", load_table("known_accords"), ids=lambda row: row.name)
def test_known_accords_hold_together(row):
    codebook = load_codebook()
    assert all(codebook.is_state(code) or codebook.organisation(code) for code in row.parties)
    assert row.in_force is None or first_day(row.signed) <= last_day(row.in_force)
    assert row.ended is None or first_day(row.signed) <= last_day(row.ended)
    assert (row.ended is None) == (row.ended_status is None)
    assert row.ended_status is None or row.ended_status in STANDING
    assert row.names


def test_known_accords_are_sorted_and_each_name_means_one():
    rows = load_table("known_accords")
    meant = {(name.lower(), row.name) for row in rows for name in row.names}
    assert [row.name for row in rows] == sorted(row.name for row in rows)
    assert len(meant) == len({name for name, _ in meant})
