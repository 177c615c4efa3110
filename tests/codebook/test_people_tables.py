"""The tables of offices, people and holders: whole, in order, free of contradictions, and right where we are certain."""

import csv
from collections import defaultdict
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from olivebranch.codebook.loader import load_table
from olivebranch.codebook.tables import first_day, last_day

CASES = Path(__file__).parents[1] / "cases" / "office_facts.csv"
FACTS = [tuple(row.values()) for row in csv.DictReader(CASES.read_text(encoding="utf-8").splitlines())]
KINDS = {
    "head_of_state",
    "head_of_government",
    "foreign_minister",
    "defence_minister",
    "body_head",
    "envoy",
    "spokesman",
    "legislature",
    "other",
}
JOINT_OFFICES = {
    "adviser",
    "aide",
    "defence_deputy_minister",
    "defence_spokesman",
    "deputy_chief_of_staff",
    "deputy_foreign_minister",
    "deputy_prime_minister",
    "deputy_security_adviser",
    "deputy_un_ambassador",
    "government_deputy_spokesman",
    "governor",
    "high_representative_spokesman",
    "mfa_deputy_spokesman",
    "mfa_spokesman",
    "military_spokesman",
    "party_vice_chairman",
    "presidency_member",
    "security_council_spokesman",
    "senator",
    "senior_adviser",
    "spokesman",
    "state_councillor",
    "vice_premier",
    "vice_president",
}
"""Offices that several people may hold at once: holders.md says in which states."""


@pytest.fixture(scope="module")
def offices():
    return load_table("offices")


@pytest.fixture(scope="module")
def people():
    return load_table("people")


@pytest.fixture(scope="module")
def holders():
    return load_table("holders")


def test_rows_are_sorted_and_none_is_there_twice(offices, people, holders):
    for keys in (
        [(row.of, row.office) for row in offices],
        [row.name for row in people],
        [(row.of, row.office, row.begins or "", row.person) for row in holders],
    ):
        assert keys == sorted(set(keys))


def test_holders_offices_and_people_need_each_other(offices, people, holders):
    assert {(row.of, row.office) for row in holders} == {(row.of, row.office) for row in offices}
    assert {row.person for row in holders} == {row.name for row in people}


def test_every_office_is_of_a_state_or_body_and_every_person_of_a_state(offices, people):
    states = {row.iso3 for row in load_table("countries")}
    assert {row.of for row in offices} <= states | {row.code for row in load_table("organisations")}
    assert {row.country for row in people} <= states


def test_offices_have_known_kinds_and_lower_case_titles(offices):
    assert {row.kind for row in offices} == KINDS
    assert {row.sector for row in offices} <= {row.code for row in load_table("sectors")}
    for row in offices:
        assert row.titles
        assert all(title == title.lower() == title.strip() for title in row.titles)
        assert len(set(row.titles)) == len(row.titles)


def test_variants_differ_from_the_name_and_from_each_other(people):
    for row in people:
        assert len({row.name, *row.variants}) == 1 + len(row.variants)
        assert all(name == name.strip() for name in (row.name, *row.variants))


def test_full_names_mean_one_person(people):
    owners = defaultdict(set)
    for row in people:
        for name in (row.name, *row.variants):
            if len(name.split()) > 2:
                owners[name].add(row.name)
    assert {name: who for name, who in owners.items() if len(who) > 1} == {}


def test_days_are_sane(holders):
    for row in holders:
        assert row.begins is None or date(1940, 1, 1) <= first_day(row.begins) < date(2027, 1, 1)
        assert first_day(row.begins) <= last_day(row.ends)


def test_one_holder_at_a_time_in_offices_of_one(holders):
    """A handover may fall on one day, or somewhere in a month or year that both rows name; acting holders may overlap."""
    terms = defaultdict(list)
    for row in holders:
        if row.office not in JOINT_OFFICES and not row.acting:
            terms[row.of, row.office].append(row)
    clashes = [
        (earlier, later)
        for rows in terms.values()
        for earlier, later in pairwise(rows)
        if first_day(later.begins) < latest_start(earlier.ends, later.begins)
    ]
    assert clashes == []


def latest_start(ends, begins):
    """The first day on which a term may begin that follows one that ended on `ends`, as exactly as both are known."""
    if ends is None:
        return date.max
    length = min(len(ends), len(begins or ends))
    return first_day(ends[:length]) - timedelta(days=1) if length == 10 else first_day(ends[:length])


def test_several_at_once_only_in_joint_offices_that_the_readme_names():
    readme = (files("olivebranch.codebook") / "data" / "holders.md").read_text(encoding="utf-8")
    assert {office for office in JOINT_OFFICES if f"`{office}`" not in readme} == set()


def test_cross_checked_and_sourced_rows_name_their_reference(holders):
    assert all((row.reference is None) == (row.basis == "stated") for row in holders)


@pytest.mark.parametrize(("person", "day", "of", "office", "holds"), FACTS)
def test_fact(holders, person, day, of, office, holds):
    on = date.fromisoformat(day)
    rows = [row for row in holders if (row.person, row.of, row.office) == (person, of, office)]
    assert rows, f"{person} never held {office} of {of}"
    assert any(first_day(row.begins) <= on <= last_day(row.ends) for row in rows) == (holds == "yes")


@pytest.mark.parametrize("of", ["RUS", "USA", "UKR", "DEU", "FRA", "GBR", "CHN", "JPN", "IRN", "ISR", "TUR", "POL"])
@pytest.mark.parametrize("kind", ["foreign_minister", "defence_minister"])
def test_ministers_of_the_larger_states_since_2006_leave_no_long_gap(offices, holders, of, kind):
    keys = {(row.of, row.office) for row in offices if row.of == of and row.kind == kind}
    rows = [row for row in holders if (row.of, row.office) in keys]
    gaps = [
        (earlier.person, later.person)
        for earlier, later in pairwise(rows)
        if earlier.ends
        and earlier.ends > "2006"
        and first_day(later.begins) > last_day(earlier.ends) + timedelta(days=365)
    ]
    assert rows
    assert gaps == []
