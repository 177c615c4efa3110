"""Criteria by family and window, the rule of a decision, citations and their links."""

from datetime import date

import pytest

from factories import DAY, make_overture, make_reading
from olivebranch.analysis.citations import link_to_words, web_page
from olivebranch.analysis.criteria import DEEDS, fix_criterion
from olivebranch.analysis.parts import find_rule
from olivebranch.codebook import load_table
from olivebranch.records import Days, Decision

SAID = Days(from_=date(2014, 9, 26), to=date(2014, 9, 28))


@pytest.mark.parametrize(
    ("act", "days", "cameo", "words"),
    [
        ("meeting", 30, ("04",), "that take place, at minister level"),
        ("trade", 90, ("061", "085"), "trade or supplies"),
        ("release", 90, ("084",), "returned by Russia to Poland or United States"),
        ("aid", 90, ("07",), "aid given by Russia"),
        ("easing", 180, ("085",), "eased or lifted by Russia for Poland"),
        ("withdrawal", 180, ("087",), "forces withdrawn"),
        ("restraint_force", 180, ("18", "19"), "no force used by Russia"),
        ("restraint_sanctions", 180, ("163", "162", "166"), "no new sanction"),
        ("restraint_tests", 180, ("15",), "no test"),
    ],
)
def test_criterion_of_a_family(act, days, cameo, words):
    overture = make_overture("o1", (0, 5), "RUS", ("POL", "USA"), act=act, said=SAID)
    found = fix_criterion(overture, make_reading())
    assert found.is_testable
    assert (found.family, found.window_days, found.cameo) == (act, days, cameo)
    assert (found.opens_on, (found.closes_on - found.opens_on).days) == (SAID.to, days)
    assert words.lower() in found.wording.lower()


@pytest.mark.parametrize("act", [None, "relations", "restraint", "nonsense"])
def test_words_without_a_measure_are_untestable(act):
    found = fix_criterion(make_overture("o1", (0, 5), "RUS", ("POL",), act=act, said=SAID), make_reading())
    assert not found.is_testable
    assert (found.family, found.closes_on) == (None, None)
    assert "untestable" in found.wording


def test_window_runs_from_publication_where_no_day_was_told():
    overture = make_overture("o1", (0, 5), "RUS", ("POL",), act="meeting")
    assert fix_criterion(overture, make_reading()).opens_on == DAY
    undated = fix_criterion(overture, make_reading(published_on=None))
    assert (undated.opens_on, undated.closes_on, undated.is_testable) == (None, None, True)
    assert "within 30 days" in undated.wording


def test_every_family_that_names_a_measure_has_its_words():
    assert {row.family for row in load_table("overture_acts") if row.cameo} == set(DEEDS)


@pytest.mark.parametrize(
    ("body", "what", "day", "rule", "members"),
    [
        ("EU", "review of the sanctions on Russia", date(2014, 9, 30), "unanimity", 28),
        ("NATO", "what to do about the drones", date(2014, 9, 30), "consensus", 28),
        ("NATO", "the enlargement to Montenegro", date(2014, 9, 30), "unanimity", 28),
        ("UNSC", "sanctions on Libya", date(2014, 9, 30), "nine of fifteen without veto", 15),
        ("UNSC", "something that no rule names", date(2014, 9, 30), "nine of fifteen without veto", 15),
        ("ASEAN", "a common letter", date(2014, 9, 30), "consensus", None),
    ],
)
def test_rule_of_a_decision(body, what, day, rule, members):
    found = find_rule(Decision(id="d1", span=(0, 1), body=body, what=what, why=""), day)
    assert (found.rule, found.members) == (rule, members)


@pytest.mark.parametrize(("body", "day"), [("ACME", DAY), ("G7", date(1990, 1, 1))])
def test_unknown_body_or_day_has_no_rule(body, day):
    assert find_rule(Decision(id="d1", span=(0, 1), body=body, what="a matter", why=""), day) is None


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("The doors are open", "The%20doors%20are%20open"),
        ("A co-operation, “perhaps” & more", "A%20co%2Doperation%2C%20%E2%80%9Cperhaps%E2%80%9D%20%26%20more"),
        (" ".join(f"w{n}" for n in range(20)), "w0%20w1%20w2%20w3%20w4%20w5,w14%20w15%20w16%20w17%20w18%20w19"),
    ],
)
def test_text_fragment(words, fragment):
    assert link_to_words("https://example.org/a?b=1#top", words) == f"https://example.org/a?b=1#:~:text={fragment}"


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "javascript://example.org/%0aalert(1)", " JavaScript:alert(1)", "data:text/html,x", "file:///etc/x", "http://", "/a",
            "https://[bad", "example.org/a"],
)  # fmt: skip
def test_no_link_but_to_the_web(url):
    assert web_page(url) is None
    assert link_to_words(url, "some words") is None


def test_url_cannot_break_out_of_a_link():
    assert web_page('https://example.org/a">\n<script> x') == "https://example.org/a%22%3E%3Cscript%3E%20x"


def test_no_link_to_no_words():
    assert link_to_words("https://example.org", " \n ") is None
