"""Which rows of a coded archive are one overture, by whom, and how the dyad stood."""

from datetime import date

import pytest
from tests.analysis.tiny_archives import coded, day, fetch, filler, make_archive

from olivebranch.analysis.archive_overtures import find_archive_overtures

FAR = {"since": date(2017, 1, 1), "until": date(2020, 1, 1)}
COLUMNS = "actor || '>' || recipient, said_on - DATE '2018-01-01', last_on - DATE '2018-01-01', is_mutual"


def found(rows, columns=COLUMNS, shuffle=None, **options):
    con = make_archive(rows, shuffle)
    find_archive_overtures(con, **(FAR | options))
    return fetch(con, "overtures", columns)


# rows as (day, dyad, code) -> overtures as (dyad, first day, last day, mutual)
CASES = {
    "ten reports on three days are one": (
        [(0, "RUS>USA", "036")] * 4 + [(1, "RUS>USA", "036")] * 3 + [(2, "RUS>USA", "036")] * 3,
        [("RUS>USA", 0, 2, False)],
    ),
    "codes of one family are one": (
        [(0, "RUS>USA", "0311"), (5, "RUS>USA", "0312")],
        [("RUS>USA", 0, 5, False)],
    ),
    "families are apart": (
        [(0, "RUS>USA", "036"), (0, "RUS>USA", "0354")],
        [("RUS>USA", 0, 0, False), ("RUS>USA", 0, 0, False)],
    ),
    "day 14 still belongs": ([(0, "RUS>USA", "036"), (14, "RUS>USA", "036")], [("RUS>USA", 0, 14, False)]),
    "day 15 is another": (
        [(0, "RUS>USA", "036"), (15, "RUS>USA", "036")],
        [("RUS>USA", 0, 0, False), ("RUS>USA", 15, 15, False)],
    ),
    "the 14 days run from the first, not the last": (
        [(0, "RUS>USA", "036"), (10, "RUS>USA", "036"), (20, "RUS>USA", "036")],
        [("RUS>USA", 0, 10, False), ("RUS>USA", 20, 20, False)],
    ),
    "mirrored rows are one": (
        [(0, "RUS>USA", "036"), (0, "USA>RUS", "036")],
        [("RUS>USA", 0, 0, True)],
    ),
    "both sides' own words are two": (
        [(0, "RUS>USA", "036"), (3, "USA>RUS", "036")],
        [("RUS>USA", 0, 0, False), ("USA>RUS", 3, 3, False)],
    ),
    "other codes on one day mirror nothing": (
        [(0, "RUS>USA", "0311"), (0, "USA>RUS", "0312")],
        [("RUS>USA", 0, 0, False), ("USA>RUS", 0, 0, False)],
    ),
    "what is said after a mirrored row belongs to it": (
        [(0, "RUS>USA", "036"), (0, "USA>RUS", "036"), (3, "USA>RUS", "036"), (5, "RUS>USA", "036")],
        [("RUS>USA", 0, 5, True)],
    ),
    "a mirrored row joins the overture that is open": (
        [(0, "USA>RUS", "036"), (4, "RUS>USA", "036"), (4, "USA>RUS", "036"), (6, "RUS>USA", "036")],
        [("USA>RUS", 0, 6, True)],
    ),
    "a mirrored row on day 15 opens a new one": (
        [(0, "USA>RUS", "036"), (15, "RUS>USA", "036"), (15, "USA>RUS", "036")],
        [("RUS>USA", 15, 15, True), ("USA>RUS", 0, 0, False)],
    ),
    "joined, its 14 days still run from the first": (
        [(0, "USA>RUS", "036"), (14, "RUS>USA", "036"), (14, "USA>RUS", "036"), (20, "RUS>USA", "036")],
        [("RUS>USA", 20, 20, False), ("USA>RUS", 0, 14, True)],
    ),
    "two open ones stay two": (
        [(0, "RUS>USA", "036"), (2, "USA>RUS", "036"), (4, "RUS>USA", "036"), (4, "USA>RUS", "036")],
        [("RUS>USA", 0, 4, False), ("USA>RUS", 2, 4, False)],
    ),
    "only 03x": ([(0, "RUS>USA", "04"), (0, "RUS>USA", "020"), (0, "RUS>USA", "130")], []),
}  # fmt: skip


@pytest.fixture(scope="module", params=[None, 1, 2])
def all_cases(request):
    """The overtures of all cases, each case on powers of its own, in one archive; rows in order and shuffled."""
    rows = [
        coded(number, "{}>{}".format(*(f"{code}{case}" for code in dyad.split(">"))), cameo)
        for case, (statements, _) in enumerate(CASES.values())
        for number, dyad, cameo in statements
    ]
    by_case = {}
    for dyad, *rest in found(rows + filler(), shuffle=request.param):
        actor, recipient = dyad.split(">")
        by_case.setdefault(int(actor[3:]), []).append((f"{actor[:3]}>{recipient[:3]}", *rest))
    return by_case


@pytest.mark.parametrize("case", range(len(CASES)), ids=CASES.keys())
def test_collapse(case, all_cases):
    assert all_cases.get(case, []) == list(CASES.values())[case][1]


def test_what_is_no_overture():
    marks = [
        {"is_state_pair": False}, {"is_former": True}, {"is_repeat": True}, {"is_sampled": True},
        {"names_dyads": False}, {"place": "CHE"}, {"known": 50},
    ]  # fmt: skip
    rows = [coded(0, f"RUS{case}>USA", "036", **mark) for case, mark in enumerate(marks)]
    assert found(
        [*rows, coded(0, "RUS>RUS", "036"), coded(0, "GBR>USA", "036"), *filler()], "actor", as_of=day(40)
    ) == [("GBR",)]


def test_a_place_of_either_side_and_an_unknown_one_count():
    rows = [
        coded(0, "RUS>USA", "036", place="USA"),
        coded(30, "RUS>USA", "036", place="RUS"),
        coded(60, "RUS>USA", "036"),
    ]
    assert len(found(rows)) == 3


def test_archives_without_their_biggest_powers_are_for_pooled_figures_only():
    rows = [coded(0, "BRA>ARG", "036", names_dyads=False)]
    assert found(rows) == []
    assert len(found(rows, pooled=True)) == 1


def test_the_first_days_rows_count_before_since():
    rows = [coded(0, "RUS>USA", "036"), coded(10, "RUS>USA", "036"), coded(16, "RUS>USA", "036")]
    assert found(rows, since=day(5)) == [("RUS>USA", 16, 16, False)]


def test_the_most_specific_code_of_the_first_day_names_it():
    rows = [coded(0, "RUS>USA", "031"), coded(0, "RUS>USA", "0312"), coded(1, "RUS>USA", "0311")]
    assert found(rows, "cameo, family, n_statements, reports, is_testable") == [("0312", "material", 3, 3, True)]


@pytest.mark.parametrize(("code", "family", "is_testable"), [("030", "vague", False), ("0354", "easing", True)])
def test_families(code, family, is_testable):
    assert found([coded(0, "RUS>USA", code)], "family, is_testable") == [(family, is_testable)]


# scores of rows on the days before an overture on day 100 -> state and number of reports
STATES = {
    "nine reports are too few": ([(99, -5.0)] * 9, ("unknown", 9)),
    "mean at 0 is cold": ([(99, 2.0)] * 8 + [(99, -8.0)] * 2, ("cold", 10)),
    "mean above 0 with two conflict rows of ten is warm": ([(99, 3.0)] * 8 + [(99, -8.0)] * 2, ("warm", 10)),
    "three conflict rows of ten are cold": ([(99, 9.0)] * 7 + [(99, -1.0)] * 3, ("cold", 10)),
    "day 10 is 90 days before, day 9 is not": ([(10, 1.0)] * 10 + [(9, -9.0)] * 30, ("warm", 10)),
    "the day itself is not before": ([(99, 1.0)] * 10 + [(100, -9.0)] * 10, ("warm", 10)),
}


@pytest.fixture(scope="module")
def all_states():
    rows = [coded(100, f"RUS{case}>USA{case}", "036") for case in range(len(STATES))]
    for case, (before, _) in enumerate(STATES.values()):
        ends = f"RUS{case}>USA{case}", f"USA{case}>RUS{case}"
        rows += [
            coded(number, ends[place % 2], str(111 + place), goldstein=score)
            for place, (number, score) in enumerate(before)
        ]
    return {actor: rest for actor, *rest in found(rows, "actor, dyad_state, reports_90")}


@pytest.mark.parametrize("case", range(len(STATES)), ids=STATES.keys())
def test_dyad_state(case, all_states):
    assert tuple(all_states[f"RUS{case}"]) == list(STATES.values())[case][1]


def test_acts_in_third_places_make_no_dyad_cold():
    strikes = [coded(99, "USA>IRQ", f"19{n}", goldstein=-10.0, place="SYR") for n in range(10)]
    calls = [coded(98, "USA>IRQ", f"04{n}", goldstein=1.0, place="IRQ") for n in range(10)]
    assert found([*strikes, *calls, coded(100, "USA>IRQ", "036")], "dyad_state, reports_90") == [("warm", 10)]


def test_flags_rest_on_the_first_days_only():
    rows = [coded(0, "USA>RUS", "046"), coded(80, "RUS>USA", "0354"), coded(83, "RUS>USA", "0354")]
    assert found([*rows, coded(83, "USA>RUS", "030")], "flags", since=day(80)) == [
        (["machinery_in_place"],),
        (["specific", "repeated", "answered"],),
    ]
    late = [coded(80, "RUS>USA", "036"), coded(84, "RUS>USA", "036"), coded(84, "USA>RUS", "036")]
    assert found(late, "flags, is_mutual") == [([], True)]
