"""Words that stand for a power or only look so, and names that an official shares with others, case by case."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from olivebranch.codebook import load_codebook
from olivebranch.extraction.actors import actor_code, find_actors
from olivebranch.records import Article
from olivebranch.text import make_document

CASES = Path(__file__).parents[1] / "cases"


def read_cases(name):
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


def mentions_at(row, words):
    """The mentions of a case's text that touch the given words."""
    text = row["text"]
    document = make_document(Article(id="x", text=text, sha256=hashlib.sha256(text.encode()).hexdigest()))
    start = text.index(words)
    mentions = find_actors(document, load_codebook(), date.fromisoformat(row["published_on"]))
    return [m for m in mentions if m.span[0] < start + len(words) and start < m.span[1]]


@pytest.mark.parametrize("row", read_cases("metonyms.jsonl"), ids=lambda row: f"{row['phrase']}: {row['text'][:50]}")
def test_what_a_word_stands_for(row):
    found = [m for m in mentions_at(row, row["phrase"]) if m.kind != "person"]
    assert next((code for m in found if (code := actor_code(m))), None) == row["code"]


@pytest.mark.parametrize("row", read_cases("name_collisions.jsonl"), ids=lambda row: row["text"][:60])
def test_whose_name_it_is(row):
    found = [m for m in mentions_at(row, row["name"]) if m.kind == "person"]
    assert next((m.name for m in found if m.entity), None) == row["person"]


@pytest.mark.parametrize("row", read_cases("officials.jsonl"), ids=lambda row: f"{row['name']}: {row['text'][:40]}")
def test_what_office_a_name_holds(row):
    found = [m for m in mentions_at(row, row["name"]) if m.kind == "person"]
    assert [(m.country, m.office) for m in found] == [(row["country"], row["office"])]


@pytest.mark.parametrize(
    ("text", "words", "country"),
    [
        ("The Russian president asked separatists to put off the vote. Russia will wait. Ukraine doubts it.", "separatists", "UKR"),
        ("Russia said the rebels would stop. Russia wants talks. Shells fell in eastern Ukraine.", "rebels", "UKR"),
        ("Turkey said the rebels had left Aleppo. Turkey and Syria blamed each other.", "rebels", "SYR"),
        ("Pro-Russian separatists fired on a bus in Ukraine.", "Pro-Russian separatists", "UKR"),
    ],
)  # fmt: skip
def test_rebels_belong_to_the_land_they_fight_in(text, words, country):
    found = mentions_at({"text": text, "published_on": "2014-09-29"}, words)
    assert [(m.country, m.sector) for m in found if m.sector == "REB"] == [(country, "REB")]
