"""Expressions of time: what is found, what it resolves to, what only looks like one."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from olivebranch.codebook import load_table
from olivebranch.codebook.tables import first_day, last_day
from olivebranch.extraction.date_forms import GUARDS, compile_form, find_forms
from olivebranch.extraction.dates import RULES, date_for, find_dates, infer_published_on
from olivebranch.records import Article, Document
from olivebranch.text import make_document

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "dates.jsonl").read_text(encoding="utf-8").splitlines()
]


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


INFERRED = [
    ("The envoy met the king on Sunday.", None, "nothing in the text"),
    ("Published 3 March 2019\n\nJapan hosted the leaders on Friday in Kyoto, aides said.", "2019-03-03", "stamped"),
    ("The envoy met the king today, 14 May 2011, at the palace.", "2011-05-14", "today"),
    ("The two presidents spoke at the G20 summit in Brisbane on Sunday and shook hands.", None, "2014-11-16 to 2014-11-22"),
    ("Leaders marked the 70th anniversary of D-Day on Friday with a lunch by the sea.", None, "2014-06-06 to 2014-06-12"),
    ("The minister spoke at the 2008 NATO summit in Bucharest on Friday, an aide recalled.", None, "nothing in the text"),
    (
        "The king told the 71st session of the United Nations General Assembly on Tuesday that he would wait.\n\n"
        "He spoke on the eve of talks in Oslo. The two delegations are to meet there Friday.",
        "2016-09-22",
        "UN General Assembly 71",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "evidence"), INFERRED)
def test_infers_the_day_of_publication_with_its_evidence(text, expected, evidence):
    day, why = infer_published_on(make(text, None))
    assert (str(day) if day else None) == expected
    assert evidence in why


def test_dated_occasions_are_sorted_and_end_after_they_begin():
    rows = load_table("dated_occasions")
    assert [row.occasion for row in rows] == sorted(row.occasion for row in rows)
    assert all(first_day(row.begins) <= last_day(row.ends) for row in rows)
    assert all(phrase == phrase.lower() for row in rows for phrase in row.phrases)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "9/11 99/99/2014 31/31/2014 Feb 30 the 31st", "2014" * 40, "May May March 0 Sept. 99"]
)
def test_odd_text_raises_nothing(text):
    document = make(text)
    find_dates(document)
    infer_published_on(document)
