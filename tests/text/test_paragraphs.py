"""Paragraphs: one table of layouts, and what must hold of any text."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olivebranch.text.paragraphs import MAX_PARAGRAPH, find_paragraphs

LONG = (
    "The minister said on Sunday that both sides had agreed to start again with the talks that broke down in spring, "
    "and that a day would be named soon. Hardly anybody in the capital expected much of it."
)
NEXT = "A spokesman for the other side would not say whether his government had been asked before the offer was made public."
WRAPPED = textwrap.fill(LONG, 72)
INDENTED = textwrap.fill(LONG, 72, initial_indent="    ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{LONG}\n\n{NEXT}", [LONG, NEXT]),
        (f"{LONG}\n{NEXT}\n", [LONG, NEXT]),
        (f"{LONG}\r\n\r\n\r\n{NEXT}", [LONG, NEXT]),
        (f"{LONG}\r{NEXT}", [LONG, NEXT]),
        (f"{LONG}\f{NEXT}", [LONG, NEXT]),
        (f"{LONG}\u2029{NEXT}", [LONG, NEXT]),
        (f"\t{LONG}\n\t{NEXT}", [LONG, NEXT]),
        (f"\ufeff{LONG} \u00a0", [LONG]),
        (f"{WRAPPED}\n\n{textwrap.fill(NEXT, 72)}", [WRAPPED, textwrap.fill(NEXT, 72)]),
        (f"{INDENTED}\n{INDENTED}", [INDENTED.strip(), INDENTED.strip()]),
        (f"Talks to begin again\n\n{WRAPPED}", ["Talks to begin again", WRAPPED]),
        (f"By MARA LIND\n{WRAPPED}", ["By MARA LIND", WRAPPED]),
        (f"Talks to begin again\n{LONG}", ["Talks to begin again", LONG]),
        ("The talks of the envoys went\non all night.", ["The talks of the envoys went\non all night."]),
        ("Europe\nnews", ["Europe", "news"]),
        (
            f"{LONG}\n• one thing\n•\tanother thing\n- a third\n* a fourth",
            [LONG, "one thing", "another thing", "a third", "a fourth"],
        ),
        ("1. one thing\n2. another thing", ["1. one thing", "2. another thing"]),
        (f"{LONG}\n•\n{NEXT}", [LONG, NEXT]),
        ("", []),
        (" \n\t\r\n \u200b ", []),
    ],
)
def test_layout(text, expected):
    assert [text[start:end] for start, end in find_paragraphs(text)] == expected


def test_hard_wrapped_item_keeps_its_hanging_lines():
    item = textwrap.fill(LONG, 70, initial_indent="- ", subsequent_indent="  ")
    assert [item[start:end] for start, end in find_paragraphs(item)] == [item.removeprefix("- ")]


def test_type_set_in_columns_is_joined():
    text = "We have heard of the intent of the United\nNations to send observers to the north of\nthe country before\nwinter comes.\n"
    assert len(find_paragraphs(text)) == 1


def test_endless_paragraph_is_cut_at_sentence_ends():
    text = "The talks went on. " * 2000
    spans = find_paragraphs(text)
    assert len(spans) > 1
    assert all(text[start:end].endswith("on.") and end - start <= MAX_PARAGRAPH for start, end in spans)


@given(st.text(alphabet=st.sampled_from("ab .\n\r\t\f•-\u00a0\u2028\x1cA1\ufeff"), max_size=80) | st.text(max_size=80))
def test_spans_are_ordered_disjoint_trimmed_and_lose_no_word(text):
    spans = find_paragraphs(text)
    end_before = 0
    for start, end in spans:
        assert end_before <= start < end <= len(text)
        assert text[start:end].strip()
        end_before = end
    outside = "".join(text[a:b] for (_, a), (b, _) in zip([(0, 0), *spans], [*spans, (len(text), 0)], strict=True))
    assert not [char for char in outside if char.isalnum()]
