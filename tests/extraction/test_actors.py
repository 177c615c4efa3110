"""Who acts, who only gives a place its name, and which person a name or an office means on the day."""

import hashlib
import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from olivebranch.codebook import load_codebook
from olivebranch.extraction.actors import actor_code, find_actors
from olivebranch.extraction.coreference import resolve_nominal, resolve_pronoun
from olivebranch.records import Article
from olivebranch.text import make_document

CASES = Path(__file__).parents[1] / "cases" / "mentions.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
DAY = date(2014, 9, 29)


def read_document(text):
    return make_document(Article(id="x", text=text, sha256=hashlib.sha256(text.encode()).hexdigest()))


def read_actors(text, on=DAY):
    document = read_document(text)
    return document, find_actors(document, load_codebook(), on)


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:60] for row in ROWS])
def test_mentions(row):
    document, mentions = read_actors(row["text"], date.fromisoformat(row["published_on"]))
    assert [document.words(mention.span) for mention in mentions] == [wanted["words"] for wanted in row["mentions"]]
    for mention, wanted in zip(mentions, row["mentions"], strict=True):
        got = {key: getattr(mention, key) for key in wanted if key != "words"}
        assert got == {key: value for key, value in wanted.items() if key != "words"}, mention.why


def test_ids_run_in_text_order_and_spans_do_not_overlap():
    _, mentions = read_actors("Germany and France told Russia that NATO and the EU would answer. Lavrov met Merkel.")
    assert [mention.id for mention in mentions] == [f"a{n}" for n in range(1, len(mentions) + 1)]
    assert all(one.span[1] <= other.span[0] for one, other in pairwise(mentions))


def test_the_office_is_that_of_the_day():
    offices = [read_actors("Vladimir Putin spoke.", date(year, 6, 1))[1][0].office for year in (2005, 2010, 2014)]
    assert offices[0] == offices[2] == "President"
    assert offices[1] != "President"


def test_without_a_day_no_office_is_claimed():
    mention = read_actors("Vladimir Putin spoke.", None)[1][0]
    assert (mention.entity, mention.office, mention.office_on) == ("person:vladimir-putin", None, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Russian troops advanced.", "RUS"),
        ("NATO met.", "NATO"),
        ("Syrian rebels withdrew.", "SYR"),
        ("Federica Mogherini spoke.", "EU"),
        ("Jane Doe, a plumber, spoke.", None),
    ],
)
def test_actor_code(text, code):
    assert actor_code(read_actors(text, date(2015, 3, 1))[1][0]) == code


def test_empty_and_odd_texts_have_no_actors():
    for text in ("", " ", "\n\n", "?!", "a", "’s"):
        assert read_actors(text)[1] == ()


@pytest.mark.parametrize(
    ("text", "pronoun", "name"),
    [
        ("Sergey Lavrov spoke on Sunday. He was calm.", "He", "Sergey Lavrov"),
        ("Sergey Lavrov met Angela Merkel. She smiled.", "She", "Angela Merkel"),
        ("Angela Merkel praised Sergey Lavrov. He left.", "He", "Sergey Lavrov"),
        ("Sergey Lavrov told John Kerry that the talks were over. He left at noon.", "He", "Sergey Lavrov"),
        ("John Kerry spoke. Then Sergey Lavrov thanked him.", "him", "John Kerry"),
        ("Ms Doe came late. Lavrov waited. She apologised.", "She", "Doe"),
        ("The Kremlin said that it would wait.", "it", "Kremlin"),
        ("Angela Merkel spoke. It rained.", "It", None),
        ("Nobody was there. He had gone.", "He", None),
    ],
)
def test_pronouns(text, pronoun, name):
    document, mentions = read_actors(text)
    token = next(token for token in document.parse if token.text == pronoun)
    found = resolve_pronoun(token, document, mentions)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("Russian Foreign Minister Sergey Lavrov spoke. The minister was calm.", "The minister", "Sergey Lavrov"),
        ("Angela Merkel met John Kerry. The chancellor smiled.", "The chancellor", "Angela Merkel"),
        ("Angela Merkel met Vladimir Putin. The Russian leader smiled.", "The Russian leader", "Vladimir Putin"),
        ("Sergey Lavrov will meet his Ukrainian counterpart.", "his Ukrainian counterpart", "Pavlo Klimkin"),
        ("Jane Doe, a teacher, won. The 64-year-old wept.", "The 64-year-old", "Jane Doe"),
        (
            "The Russian foreign ministry objected. The ministry gave no reason.",
            "The ministry",
            "Russian foreign ministry",
        ),
        ("Jane Doe, an analyst, doubts it. The plumber left.", "The plumber", None),
    ],
)
def test_nominals(text, words, name):
    document, mentions = read_actors(text)
    start = text.rindex(words)
    found = resolve_nominal((start, start + len(words)), document, mentions, load_codebook(), DAY)
    assert (found.name if found else None) == name
