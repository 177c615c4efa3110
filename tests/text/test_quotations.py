"""Quotations: every layout of the table, and what must hold of any text."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olivebranch.records import Paragraph
from olivebranch.text.quotations import find_quotations

CASES = [
    json.loads(line) for line in (Path(__file__).parents[1] / "cases/quotations.jsonl").read_text("utf-8").splitlines()
]
QUOTED_TEXT = st.text(alphabet="ab sS.,?5 \n\"'“”‘’„«»—(", max_size=120)


def _paragraphs(text, furniture=None):
    return [Paragraph(n, match.span(), furniture) for n, match in enumerate(re.finditer(r"\S(?:.*\S)?", text))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_layout_is_found(case):
    text = case["text"]
    found = [
        {
            "words": [text[start:end] for start, end in quotation.spans],
            "depth": quotation.depth,
            "is_closed": quotation.is_closed,
        }
        for quotation in find_quotations(text, _paragraphs(text))
    ]
    assert found == case["quotations"]


def test_table_has_enough_cases_and_no_name_twice():
    assert len(CASES) >= 60
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_outer_span_holds_the_marks():
    text = "He said “we are ready” twice."
    (quotation,) = find_quotations(text, _paragraphs(text))
    assert text[slice(*quotation.outer)] == "“we are ready”"


def test_furniture_is_passed_over():
    text = "“One.\nAdvertisement “buy\n“Two,” she said."
    first, advert, last = _paragraphs(text)
    (quotation,) = find_quotations(text, [first, Paragraph(1, advert.span, "navigation"), last])
    assert [text[slice(*span)] for span in quotation.spans] == ["One.", "Two,"]
    assert find_quotations(text, _paragraphs(text, "caption")) == ()


@given(QUOTED_TEXT)
def test_spans_lie_inside_the_text_without_outer_white_space(text):
    paragraphs = _paragraphs(text)
    for quotation in find_quotations(text, paragraphs):
        assert quotation.spans
        for start, end in quotation.spans:
            assert 0 <= quotation.outer[0] <= start < end <= quotation.outer[1] <= len(text)
            assert text[start:end] == text[start:end].strip()
            assert sum(p.span[0] <= start and end <= p.span[1] for p in paragraphs) == 1
        assert list(quotation.spans) == sorted(quotation.spans)


@given(QUOTED_TEXT)
def test_quotations_are_ordered_and_nest(text):
    outers = [quotation.outer for quotation in find_quotations(text, _paragraphs(text))]
    assert outers == sorted(outers, key=lambda outer: (outer[0], -outer[1]))
    for number, (start, end) in enumerate(outers):
        for other_start, other_end in outers[number + 1 :]:
            assert other_start >= end or other_end <= end, "two quotations cross"
        assert start < end


@given(st.text(max_size=200))
def test_no_text_raises(text):
    find_quotations(text, _paragraphs(text))
