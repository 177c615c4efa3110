"""Whether an act is told as done: a table of sentences, each with the word that names the act."""

import json
from pathlib import Path

import pytest

from olivebranch.codebook import load_table
from olivebranch.extraction.factuality import judge_factuality
from olivebranch.text.document import load_language

CASES = [
    json.loads(line) for line in (Path(__file__).parents[1] / "cases" / "factuality.jsonl").read_text().splitlines()
]


def judge(text: str, trigger: str) -> str:
    """The factuality of the last word of the text that reads `trigger`."""
    tokens = [token for token in load_language()(text) if token.text == trigger]
    assert tokens, f"'{trigger}' does not stand in: {text}"
    return judge_factuality(tokens[-1]).factuality


def test_the_table_is_large_enough_and_covers_every_factuality() -> None:
    assert len(CASES) >= 60
    assert {case["factuality"] for case in CASES} == {
        "asserted", "alleged", "denied", "planned", "conditional", "wished", "called-for",
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['factuality']}: {case['text'][:50]}")
def test_the_words_decide(case: dict[str, str]) -> None:
    assert judge(case["text"], case["trigger"]) == case["factuality"]


@pytest.mark.parametrize("row", load_table("factuality_operators"), ids=lambda row: f"{row.kind} {row.factuality}")
def test_every_operator_has_an_example_with_one_of_its_words(row: object) -> None:
    words = {form for token in load_language()(row.example) for form in (token.lower_, token.lemma_.lower())}
    phrase = " ".join(token.lower_ for token in load_language()(row.example))
    assert any(word in words or (" " in word and word in phrase) for word in row.words)
