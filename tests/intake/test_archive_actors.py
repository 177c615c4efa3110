"""Who an archive's actor is: codes in pieces, generic agents, people by the day, bodies, the archive's own sectors."""

import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from olivebranch.codebook import load_codebook, load_table
from olivebranch.intake.archives.actors import SEPARATOR, ActorResolver
from olivebranch.intake.archives.event_codes import resolve_event_code

TABLE = Path(__file__).parents[1] / "cases" / "archive_actors.csv"
CASES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def key_of(case):
    return (
        case["name"] if case["archive"] == "gdelt" else SEPARATOR.join((case["name"], case["country"], case["sectors"]))
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['archive']} {case['name']} {case['day']}")
def test_an_actor_is_resolved_on_its_day(case):
    day = date.fromisoformat(case["day"])
    found = [
        a for a in ActorResolver(load_codebook(), case["archive"]).resolve(key_of(case)) if a.begins <= day <= a.ends
    ]
    assert len(found) == 1
    told = {name: case[name] or None for name in ("code", "sector")}
    flags = {name: case[name] == "yes" for name in ("is_organ", "is_former")}
    assert {name: getattr(found[0], name) for name in (*told, *flags)} == told | flags


@pytest.mark.parametrize("name", ["Barack Obama", "Federica Mogherini", "Benjamin Netanyahu", "Nobody At All"])
def test_the_stretches_of_a_key_leave_no_day_out_and_do_not_overlap(name):
    stretches = list(ActorResolver(load_codebook(), "icews").resolve(f"{name}{SEPARATOR}{SEPARATOR}"))
    assert (stretches[0].begins, stretches[-1].ends) == (date.min, date.max)
    for earlier, later in pairwise(stretches):
        assert later.begins == earlier.ends + timedelta(days=1)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("0841", ("0841", "RETREAT", "release", True)),
        ("1641", ("1641", "SANCTION", "discontinue", True)),
        ("010", ("010", None, None, False)),
        ("CONSULT/visit", ("042", "CONSULT", "visit", False)),
        ("AGREE/", ("03", "AGREE", None, False)),
        ("RETREAT/ease", ("085", "RETREAT", "ease", True)),
    ],
)
def test_an_event_code_is_known_by_itself_or_by_the_code_above_it(key, expected):
    code = resolve_event_code(key, load_codebook())
    assert code.is_known
    assert (code.cameo, code.type, code.mode, code.is_deed) == expected


@pytest.mark.parametrize("key", ["99", "X", "---", "MEET/visit", "04a"])
def test_an_unknown_code_stays_unknown(key):
    assert not resolve_event_code(key, load_codebook()).is_known


def test_the_table_of_archive_codes_names_only_what_the_codebook_has():
    rows = load_table("archive_codes")
    states = {row.iso3 for row in load_table("countries")}
    bodies = {row.code for row in load_table("organisations")}
    sectors = {row.code for row in load_table("sectors")}
    keys = [(row.archive, row.kind, row.word) for row in rows]
    assert keys == sorted(set(keys))
    assert not [row for row in rows if row.kind in ("actor", "group") and row.code and row.code not in states | bodies]
    assert not [row for row in rows if row.kind in ("role", "sector") and row.code not in sectors]
