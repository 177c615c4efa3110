"""Expressions of time: what is found, what it resolves to, what only looks like one."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from olivebranch.codebook import load_table
from olivebranch.extraction.date_forms import GUARDS, compile_form, find_forms
from olivebranch.extraction.date_rules import RULES
from olivebranch.extraction.dates import date_for, find_dates
from olivebranch.records import Article, Document
from olivebranch.text import make_document

CASES = [json.loads(line) for line in (Path(__file__).parents[1] / "cases" / "dates.jsonl").read_text(encoding="utf-8").splitlines()]


def make(text: str, published_on: date | None = date(2014, 9, 29)) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return make_document(Article(id=digest[:8], text=text, sha256=digest, published_on=published_on))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_finds_and_resolves(case):
    on = date.fromisoformat(case["published_on"]) if case["published_on"] else None
    document = make(case["text"], on)
    found = [[document.words(m.span), str(m.from_), str(m.to), m.granularity] for m in find_dates(document)]
    assert found == case["expected"]


@pytest.mark.parametrize("form", load_table("date_forms"), ids=lambda form: form.pattern[:50])
def test_every_form_matches_its_example(form):
    assert compile_form(form.pattern).search(form.example)
    assert form.rule in RULES
    assert form.guard is None or form.guard in GUARDS


@pytest.mark.parametrize("trap", load_table("date_traps"), ids=lambda trap: trap.example)
def test_every_trap_hides_its_example(trap):
    assert find_forms(trap.example) == []


@pytest.mark.parametrize(("text", "trigger", "expected"), [
    ("Chile freed the crew on Sunday.", "freed", "2014-09-28"),
    ("The minister said on Sunday that troops had crossed the river.", "crossed", None),
    ("The minister said on Sunday that troops had crossed the river.", "said", "2014-09-28"),
    ("The minister said on Sunday that troops had crossed the river last month.", "crossed", "2014-08-01"),
    ("Sanctions imposed in March were lifted on Friday.", "lifted", "2014-09-26"),
    ("Sanctions imposed in March were lifted on Friday.", "imposed", "2014-03-01"),
    ("Oslo and Minsk held talks on Monday after a raid in July.", "talks", "2014-09-29"),
    ("Oslo will host talks to end the war.", "host", None),
    ("On Tuesday, Peru recalled its envoy and Chile closed its border.", "closed", "2014-09-23"),
])  # fmt: skip
def test_date_for_takes_the_date_of_the_acts_own_clause(text, trigger, expected):
    document = make(text)
    start = text.index(trigger)
    found = date_for((start, start + len(trigger)), document, find_dates(document))
    assert (str(found.from_) if found else None) == expected
