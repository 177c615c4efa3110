"""Page furniture: every case of the table, and the codebook's patterns against their own examples."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from olivebranch.codebook.loader import load_table
from olivebranch.text.datelines import find_dateline, find_sign_off
from olivebranch.text.layout import lay_out
from olivebranch.text.patterns import expand_pattern, match_furniture

CASES = [
    json.loads(line) for line in (Path(__file__).parents[1] / "cases/furniture.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_case_is_labelled(case):
    text = case["between"].join(case["blocks"])
    assert [paragraph.furniture for paragraph in lay_out(text)] == case["labels"]


def test_table_has_enough_cases_and_no_name_twice():
    assert len(CASES) >= 40
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("row", load_table("furniture"), ids=lambda row: row.example[:40])
def test_pattern_matches_its_example(row):
    assert expand_pattern(row.pattern).fullmatch(row.example)
    assert match_furniture(row.example) == row.kind


@pytest.mark.parametrize("row", load_table("furniture_pieces"), ids=lambda row: row.piece)
def test_piece_matches_its_example(row):
    assert expand_pattern(row.piece).fullmatch(row.example)


def test_every_piece_in_a_pattern_is_in_the_table():
    for row in [*load_table("furniture"), *load_table("furniture_pieces")]:
        assert not re.search("<[a-z][a-z-]+>", re.sub(r"\(\?P<\w+>", "", expand_pattern(row.pattern).pattern))


@pytest.mark.parametrize("name", ["furniture", "furniture_pieces", "abbreviations"])
def test_tables_are_sorted(name):
    keys = [getattr(row, fields(row)[0].name) for row in load_table(name)]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize(
    "line",
    [
        "He paid the price.",
        "Read the treaty again, and you will see why nobody signs it.",
        "Related to this is the question of who pays.",
        "Photos of the convoy were shown to the council.",
        "By all accounts the talks went badly.",
        "Share prices fell in Moscow.",
        "Follow the money, the minister said.",
        "Subscribe to that view and you give up the east of the country.",
        "Advertisements for volunteers have appeared in the capital.",
        "More than 300 people crossed the border.",
        "Watch the border, he said.",
        "What we know is little.",
        "Comments by the spokesman were not helpful.",
        "Copyright law was not discussed at the summit.",
        "Support us with weapons, the president told the assembly, or the east is lost.",
    ],
)
def test_prose_is_no_furniture(line):
    assert match_furniture(line) is None


@pytest.mark.parametrize(
    ("words", "dateline"),
    [
        ("MOSCOW (Reuters) - Talks failed.", "MOSCOW (Reuters) - "),
        ("KYIV, Ukraine — Talks failed.", "KYIV, Ukraine — "),
        ("WASHINGTON (AP) _ Talks failed.", "WASHINGTON (AP) _ "),
        ("BOSTON —Standing apart, he spoke.", "BOSTON —"),
        ("Moscow (CNN)The ministry spoke.", "Moscow (CNN)"),
        ("(Reuters) - Talks failed.", "(Reuters) - "),
        ("ST. PETERSBURG, Russia (AP) — Talks failed.", "ST. PETERSBURG, Russia (AP) — "),
        ("The talks — long planned — failed.", ""),
        ("LAVROV: We are ready.", ""),
        ("SMITH--It was so.", ""),
        ("OSCE — Monitors saw guns.", ""),
        ("MOSCOW — ", ""),
    ],
)
def test_find_dateline(words, dateline):
    assert words[: find_dateline(words)] == dateline


def test_find_sign_off():
    words = "They left on Monday. (Reporting by Jane Doe)"
    assert words[find_sign_off(words) :] == "(Reporting by Jane Doe)"
    assert find_sign_off("They left (late) on Monday.") == 27
