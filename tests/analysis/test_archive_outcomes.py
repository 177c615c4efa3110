"""What followed in a coded archive: window edges, whose deed counts, what could be seen, and the other days."""

from datetime import date
from itertools import pairwise

import pytest
from tests.analysis.tiny_archives import coded, day, fetch, filler, make_archive

from olivebranch.analysis.archive_controls import find_control_days, measure_lift
from olivebranch.analysis.archive_events import gather_events
from olivebranch.analysis.archive_outcomes import follow_criteria, follow_up
from olivebranch.analysis.archive_overtures import find_archive_overtures
from olivebranch.errors import UsageError

FAR = {"since": date(2017, 1, 1), "until": date(2020, 1, 1)}

# deeds on days after an overture of day 0, within 90 days -> outcome, days to the deed, number of deed days, same story
WINDOWS = {
    "day 3 is the same story": ([3], ("lapsed", None, 0, True)),
    "day 4 is the first that counts": ([4], ("kept", 4, 1, False)),
    "day 90 is the last": ([90], ("kept", 90, 1, False)),
    "day 91 is late": ([91], ("late", None, 0, False)),
    "a deed before is none after": ([-1], ("lapsed", None, 0, False)),
    "on the day itself": ([0], ("lapsed", None, 0, True)),
    "the first of several": ([2, 20, 40, 95], ("kept", 20, 2, True)),
    "day 181 is too late": ([181], ("lapsed", None, 0, False)),
    "nothing": ([], ("lapsed", None, 0, False)),
}


@pytest.fixture(scope="module", params=[None, 7])
def windows(request):
    rows = filler(-30, 400)
    for case, (days, _) in enumerate(WINDOWS.values()):
        rows.append(coded(0, f"RUS{case}>UKR", "033"))
        rows += [coded(number, f"RUS{case}>UKR", "071") for number in days]
    con = make_archive(rows, request.param)
    find_archive_overtures(con, **FAR)
    follow_criteria(con)
    return {row[0]: row[1:] for row in fetch(con, "outcomes", "actor, outcome, days_to_deed, n_deeds, is_same_story")}


@pytest.mark.parametrize("case", range(len(WINDOWS)), ids=WINDOWS.keys())
def test_window(case, windows):
    assert windows[f"RUS{case}"] == list(WINDOWS.values())[case][1]


def outcomes(rows, columns="actor, outcome", **options):
    con = make_archive(rows)
    find_archive_overtures(con, **(FAR | options))
    follow_criteria(con)
    return fetch(con, "outcomes", columns)


def test_each_family_by_its_own_deed_within_its_own_window():
    pairs = [("0354", "085"), ("0356", "0871"), ("0353", "0841"), ("036", "042"), ("035", "081"), ("0312", "062")]
    rows = [coded(0, f"A{n}>B", said) for n, (said, _) in enumerate(pairs)]
    rows += [coded(20, f"A{n}>B", done) for n, (_, done) in enumerate(pairs)]
    expected = [("A0", "kept", "easing", 180), ("A1", "kept", "withdrawal", 180), ("A2", "kept", "release", 90),
                ("A3", "met", "meeting", 30), ("A4", "kept", "yielding", 180), ("A5", "kept", "material", 90)]  # fmt: skip
    assert outcomes(rows + filler(), "actor, outcome, deed, window_days") == expected


def test_another_deed_keeps_nothing():
    assert outcomes([coded(0, "RUS>USA", "0354"), coded(20, "RUS>USA", "071"), *filler()]) == [("RUS", "lapsed")]


def test_an_overture_that_names_no_measure_has_no_outcome():
    assert outcomes([coded(0, "RUS>USA", "030"), coded(20, "RUS>USA", "061"), *filler()]) == []


def test_the_other_side_s_aid_keeps_nothing_but_its_visit_is_a_meeting():
    rows = [coded(0, "RUS>USA", "033"), coded(0, "RUS>USA", "036")]
    rows += [coded(20, "USA>RUS", "070"), coded(20, "USA>RUS", "042")]
    assert outcomes(rows + filler(), "outcome, family") == [("lapsed", "aid"), ("met", "meet")]


def test_a_mutual_promise_is_kept_by_either():
    rows = [coded(0, "PRK>KOR", "0356"), coded(0, "KOR>PRK", "0356"), coded(9, "PRK>KOR", "0873")]
    assert outcomes(rows + filler()) == [("KOR", "kept")]


def test_a_repeat_of_a_deed_counts_once():
    rows = [coded(0, "RUS>UKR", "033"), coded(9, "RUS>UKR", "071"), coded(9, "RUS>UKR", "071", is_repeat=True)]
    rows += [coded(9, "RUS>UKR", "073"), coded(9, "RUS>UKR", "071", is_former=True)]
    assert outcomes(rows + filler(), "n_deeds") == [(1,)]


@pytest.mark.parametrize(
    ("as_of", "outcome"), [(19, "open"), (20, "kept"), (89, "kept")],
)  # fmt: skip
def test_as_of_a_day(as_of, outcome):
    rows = [coded(0, "RUS>UKR", "033"), coded(15, "RUS>UKR", "071", known=20)]
    assert outcomes(rows + filler(), as_of=day(as_of)) == [("RUS", outcome)]


@pytest.mark.parametrize(("as_of", "outcome"), [(89, "open"), (90, "lapsed"), (None, "lapsed")])
def test_a_window_is_open_until_it_is_over(as_of, outcome):
    rows = [coded(0, "RUS>UKR", "033"), *filler()]
    assert outcomes(rows, as_of=None if as_of is None else day(as_of)) == [("RUS", outcome)]


def test_where_the_archive_has_no_rows_nothing_was_examined():
    rows = [coded(0, "RUS>UKR", "033"), *filler(0, 60), *filler(200, 400)]
    assert outcomes(rows) == [("RUS", "not_examined")]
    seen = [coded(0, "RUS>UKR", "033"), coded(40, "RUS>UKR", "071"), *filler(0, 60), *filler(200, 400)]
    assert outcomes(seen) == [("RUS", "kept")]


def test_any_days_can_be_followed_up():
    con = make_archive([coded(10, "RUS>UKR", "0851"), *filler()])
    gather_events(con)
    con.execute(
        "CREATE TABLE origins AS SELECT 'RUS' AS actor, 'UKR' AS recipient, DATE '2018-01-05' AS on_day, 7 AS mine"
    )
    follow_up(con, "origins", deed=["085"], window_days=30, first_day=1, into="seen")
    assert fetch(con, "seen", "mine, days_to_deed, deed_code, outcome") == [(7, 6, "0851", "kept")]


def test_more_than_the_dyad_s_past_leads_to_expect():
    past = [coded(number, "RUS>UKR", "190") for number in range(0, 360, 4)]
    busy = [coded(number, "RUS>USA", "190") for number in range(380, 395)]
    rows = [coded(365, f"RUS>{code}", "030") for code in ("UKR", "USA")] + past + busy
    con = make_archive([*rows, *[coded(n, "RUS>UKR", "190") for n in (370, 380)], *filler(0, 500)])
    find_archive_overtures(con, **FAR)
    follow_up(con, "overtures", deed=["19"], window_days=30, into="seen")
    assert fetch(con, "seen", "recipient, n_deeds, round(expected_deeds, 1)::DOUBLE, is_above") == [
        ("UKR", 2, 6.7, False),
        ("USA", 15, 0.0, True),
    ]


@pytest.mark.parametrize("prefix", ["", "0", "8x", "04'; DROP", "08555"])
def test_a_prefix_must_begin_a_code(prefix):
    con = make_archive(filler())
    gather_events(con)
    with pytest.raises(UsageError, match="no beginning of a CAMEO code"):
        follow_up(con, "overtures", deed=[prefix], window_days=30)


def controls(rows, window_days=30, dyad="RUS>UKR"):
    con = make_archive(rows)
    find_archive_overtures(con, **FAR)
    find_control_days(con, window_days=window_days)
    actor = dyad.split(">")[0]
    return con, [number for (number,) in fetch(con, "control_days", "on_day - DATE '2018-01-01'", f"actor = '{actor}'")]


def test_control_days_keep_away_from_overtures_and_from_one_another():
    rows = [coded(50, "RUS>UKR", "033"), coded(70, "UKR>RUS", "030"), *filler(0, 200)]
    con, days = controls(rows, window_days=10)
    assert days
    assert all(later - earlier >= 10 for earlier, later in pairwise(days))
    assert not [number for number in days if 50 <= number <= 64 or 70 <= number <= 84]
    assert set(range(40, 50)) & set(days)
    find_control_days(con, window_days=10, is_clear=True)
    clear = [number for (number,) in fetch(con, "control_days", "on_day - DATE '2018-01-01'", "actor = 'RUS'")]
    assert clear
    assert not [number for number in clear if 40 <= number <= 50]
    assert max(days) <= 95  # 45 days after the overture is the last of its season
    assert min(days) >= 5


def test_control_days_have_about_as_many_reports():
    busy = [coded(number, "RUS>UKR", "190") for number in range(85, 100)]
    _, days = controls([*busy, coded(100, "RUS>UKR", "033"), *filler(0, 250)], window_days=10)
    assert days
    assert min(days) == 95  # ten reports by then; on day 90 only five, against fifteen on the overture's


def test_control_days_lie_within_the_archive_with_their_whole_window():
    _, days = controls([coded(50, "RUS>UKR", "033"), *filler(0, 100)], window_days=30)
    assert max(days) <= 70


def test_lift_by_hand():
    """Four dyads with one overture each, three of them followed; of their quiet days one in four is."""
    rows = filler(0, 400)
    for n in range(4):
        rows.append(coded(200, f"A{n}>B{n}", "033"))
        rows += [coded(210, f"A{n}>B{n}", "071")] * (n < 3) + [coded(170, f"A{n}>B{n}", "071")] * (n < 1)
    con, _ = controls(rows, window_days=20)
    for table in ("overtures", "control_days"):
        follow_up(con, table, deed=["07"], window_days=20, into=f"followed_{table}")
    lift = measure_lift(con, "followed_overtures", "followed_control_days", draws=200)
    days = con.execute(
        "SELECT actor, count(*), count(*) FILTER (n_deeds > 0) FROM followed_control_days GROUP BY 1"
    ).fetchall()
    expected = sum(hits / count for _, count, hits in days) / 4
    assert (lift.overtures.hits, lift.overtures.cases, lift.n_dyads) == (3, 4, 4)
    assert lift.control_rate == pytest.approx(expected)
    assert lift.ratio == pytest.approx(3 / 4 / expected)
    assert lift.ratio_interval is None or lift.ratio_interval[0] <= lift.ratio <= lift.ratio_interval[1]
    assert lift.difference_interval[0] <= lift.difference <= lift.difference_interval[1]
    assert measure_lift(con, "followed_overtures", "followed_control_days", draws=200) == lift


def test_under_ten_control_days_there_is_no_control():
    con, days = controls([coded(50, "RUS>UKR", "033"), *filler(0, 200)], window_days=30)
    for table in ("overtures", "control_days"):
        follow_up(con, table, deed=["07"], window_days=30, into=f"followed_{table}")
    lift = measure_lift(con, "followed_overtures", "followed_control_days")
    assert 0 < lift.n_control_days == len(days) < 10
    assert lift.control_rate is None
    assert lift.ratio is None


# deeds after a promise to ease sanctions (window 180): (day, code) -> outcome
LENIENT = {
    "the deed itself": ([(100, "085")], "kept"),
    "a lesser easing in time": ([(100, "0811")], "partly"),
    "the deed itself after its time": ([(200, "085")], "late"),
    "too late even so": ([(361, "085")], "lapsed"),
    "a lesser easing too late": ([(200, "0811")], "lapsed"),
}


def test_lenient_outcomes():
    rows = [coded(0, f"RUS{n}>UKR", "0354") for n in range(len(LENIENT))]
    rows += [
        coded(*deed[:1], f"RUS{n}>UKR", deed[1]) for n, (deeds, _) in enumerate(LENIENT.values()) for deed in deeds
    ]
    assert [outcome for _, outcome in outcomes(rows + filler(0, 500))] == [outcome for _, outcome in LENIENT.values()]
