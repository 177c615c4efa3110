"""Sentence ends: what cuts, what never cuts, and what is left to the parser."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olivebranch.codebook.loader import load_table
from olivebranch.text.sentences import find_cuts


def _sure(text):
    cuts = [0, *(start for start, verdict in find_cuts(text) if verdict), len(text)]
    return [text[start:end].strip() for start, end in pairwise(cuts)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Doe met Gen. Novak and Lt. Col. Ruiz.", "They spoke."],
        ["Sen. Pat Doe flew to St. Petersburg.", "He stayed."],
        ["George W. Bush and J. K. Novak wrote it."],
        ["The U.S. Navy and the U.S. Senate knew."],
        ["It was sold by the U.S.", "The buyer paid."],
        ["It is in No. 7 of the list."],
        ["He said no.", "Nobody moved."],
        ["They met on Sept. 29 at 4 p.m. in Minsk."],
        ["It cost 3.5 billion dollars.", "Nobody paid."],
        ["“We are ready.", "They are not,” he said."],
        ["“We are ready.”", "He left."],
        ["“Are they ready?” he asked."],
        ["“Are they ready?” Mr. Novak asked."],
        ["“Are they ready?” the minister from Oslo asked.", "Nobody knew."],
        ["“Never!” said the envoy."],
        ["Are they ready?", "Nobody knew."],
        ["He asked “who pays?” and left."],
        ["They left (it was late.)", "Nobody spoke."],
        ["The talks failed.The envoys left."],
        ["1. The parties shall withdraw.", "They shall do so at once."],
        ["He said: “We are ready.”"],
        ["Both signed Article 5.", "The rest was left open."],
        ["He left the army in the 1990s.", "In 2001 he came back."],
        ["Prices rose; nobody paid: so it ended."],
    ],
    ids=lambda sentences: sentences[0][:40],
)
def test_sure_cuts(sentences):
    text = " ".join(sentences)
    if sentences == ["The talks failed.The envoys left."]:
        sentences = ["The talks failed.", "The envoys left."]
    assert _sure(text) == sentences


@pytest.mark.parametrize(
    "text", ["He works in the U.S. Russia knows it.", "It was Novak Inc. Russia bought it.", "So be it… Russia knows."]
)
def test_left_to_the_parser(text):
    assert [verdict for _, verdict in find_cuts(text)] == [None]


@pytest.mark.parametrize("row", load_table("abbreviations"), ids=lambda row: row.abbreviation)
def test_no_abbreviation_surely_ends_a_sentence_in_its_example(row):
    assert row.abbreviation in row.example.lower()
    assert _sure(row.example) == [row.example]


@given(st.text(alphabet="aB .?!…\"”“'’)(\n1", max_size=60) | st.text(max_size=100))
def test_cuts_are_ordered_and_inside(text):
    starts = [start for start, _ in find_cuts(text)]
    assert starts == sorted(set(starts))
    assert all(0 < start < len(text) and not text[start].isspace() for start in starts)
