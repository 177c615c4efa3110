"""What became of an overture, the record of a side, and the dyad's other days beside it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from factories import make_chronology, make_coverage, make_fact, make_ledger_overture, make_outcome
from olivebranch.analysis.controls import control_days, control_rate
from olivebranch.analysis.outcomes import OutcomeJudge
from olivebranch.analysis.record import class_rate, make_record
from olivebranch.ledger import View, Writer
from olivebranch.ledger.rows import Criterion

SAID = date(2014, 1, 10)
LATER = date(2015, 1, 1)
YEAR = make_coverage(date(2014, 1, 1), date(2014, 12, 31), "easing")


def judge(ledger, overture, *, day=LATER, as_of=None, **chronology):
    Writer(ledger).add_chronology(make_chronology(overtures=[overture], **chronology))
    return OutcomeJudge(View(ledger, as_of), day).judge(View(ledger, as_of).overtures()[0])


def deed(days, cameo="0851", **changes):
    return make_fact(f"deed{days}", SAID + timedelta(days=days), cameo=cameo, **changes)


EASING = make_ledger_overture("o1", SAID)
RESTRAINT = make_ledger_overture("o1", SAID, family="restraint_sanctions", cameo=("163",))
MEETING = make_ledger_overture("o1", SAID, family="meeting", cameo=("04",), days=30)
SANCTIONS = make_coverage(date(2014, 1, 1), date(2014, 12, 31), "SANCTION")


@pytest.mark.parametrize(
    ("overture", "facts", "coverage", "outcome"),
    [
        (EASING, [], [], "not_examined"),
        (EASING, [], [YEAR], "lapsed"),
        (EASING, [], [make_coverage(date(2014, 2, 1), date(2014, 12, 31), "easing")], "not_examined"),
        (EASING, [], [make_coverage(date(2014, 1, 1), date(2014, 12, 31), "trade")], "not_examined"),
        (EASING, [deed(20)], [], "kept"),
        (EASING, [deed(180)], [YEAR], "kept"),
        (EASING, [deed(181)], [YEAR], "lapsed"),
        (EASING, [deed(3)], [YEAR], "lapsed"),
        (EASING, [deed(4)], [YEAR], "kept"),
        (EASING, [deed(20, cameo="087")], [YEAR], "lapsed"),
        (EASING, [deed(20, factuality="alleged")], [YEAR], "lapsed"),
        (EASING, [deed(20, factuality="planned")], [YEAR], "lapsed"),
        (EASING, [deed(20, actor_sectors=("REB",))], [YEAR], "lapsed"),
        (EASING, [deed(20, actors=("POL",), recipients=("RUS",))], [YEAR], "lapsed"),
        (EASING, [deed(20, happened_to=date(2016, 1, 1))], [YEAR], "lapsed"),
        (EASING, [deed(20, happened_from=None, happened_to=None)], [YEAR], "lapsed"),
        (RESTRAINT, [], [], "not_examined"),
        (RESTRAINT, [], [SANCTIONS], "kept"),
        (RESTRAINT, [deed(20, cameo="163", type_="SANCTION")], [], "reversed"),
        (MEETING, [deed(20, cameo="046", type_="CONSULT")], [], "met"),
        (MEETING, [deed(20, cameo="046", type_="CONSULT", actors=("POL",), recipients=("RUS",))], [], "met"),
        (MEETING, [deed(40, cameo="046", type_="CONSULT")], [], "not_examined"),
        (make_ledger_overture("o1", SAID, family=None), [deed(20)], [YEAR], "untestable"),
        (make_ledger_overture("o1", SAID, to=("POL", "USA")), [], [YEAR], "not_examined"),
    ],
)
def test_outcome_after_its_window(ledger, overture, facts, coverage, outcome):
    assert judge(ledger, overture, facts=facts, coverage=coverage).outcome == outcome


@pytest.mark.parametrize(
    ("days", "outcome"), [(0, "open"), (179, "open"), (180, "open"), (181, "lapsed")]
)  # the last day of the window still belongs to it
def test_window_that_is_not_over_is_open(ledger, days, outcome):
    assert judge(ledger, EASING, day=SAID + timedelta(days=days), coverage=[YEAR]).outcome == outcome


def test_recorded_outcome_holds_as_of(ledger):
    outcomes = [("o1", make_outcome("partly", date(2014, 3, 1), date(2014, 2, 9)))]
    early = judge(ledger, EASING, day=date(2014, 2, 1), as_of=date(2014, 2, 1), outcomes=outcomes)
    assert early.outcome == "open"
    late = judge(ledger, EASING, day=date(2014, 3, 1), as_of=date(2014, 3, 1), outcomes=outcomes)
    assert (late.outcome, late.days) == ("partly", 30)


def test_meeting_is_never_kept_and_untestable_never_judged(ledger):
    assert judge(ledger, MEETING, outcomes=[("o1", make_outcome("kept", SAID))]).outcome == "met"


def test_untestable_stays_so_whatever_is_recorded(ledger):
    vague = make_ledger_overture("o1", SAID, family=None)
    assert judge(ledger, vague, outcomes=[("o1", make_outcome("kept", SAID))]).outcome == "untestable"


def fill(ledger, *cases, coverage=(), facts=()):
    """Overtures with their recorded outcomes: (outcome, changes)."""
    overtures, outcomes = [], []
    for number, (outcome, changes) in enumerate(cases):
        overtures.append(make_ledger_overture(f"o{number}", SAID + timedelta(days=number), **changes))
        if outcome:
            outcomes.append((f"o{number}", make_outcome(outcome, SAID + timedelta(days=50))))
    Writer(ledger).add_chronology(
        make_chronology(overtures=overtures, outcomes=outcomes, coverage=coverage, facts=facts)
    )
    return OutcomeJudge(View(ledger), LATER)


MEET = {"family": "meeting", "cameo": ("04",), "days": 30}


def test_rates_rest_on_checked_resolved_rows(ledger):
    found = make_record(
        fill(
            ledger, ("kept", {}), ("partly", {}), ("late", {}), ("reversed", {}), ("lapsed", {}), (None, {}),
            ("kept", {"basis": "stated"}), ("kept", {"to": ("WEST", "POL")}), (None, {"family": None}),
            ("met", MEET), ("lapsed", MEET), ("kept", {"dyad_state": "warm"}),
        ),
        "RUS", {"POL"}, LATER,
    )  # fmt: skip
    assert (found.in_full.hits, found.in_full.cases) == (3, 7)
    assert (found.leniently.hits, found.leniently.cases) == (5, 7)
    assert (found.met.hits, found.met.cases) == (1, 2)
    assert found.counts == {"kept": 4, "partly": 1, "late": 1, "reversed": 1, "lapsed": 2, "not_examined": 1,
                            "untestable": 1, "met": 1}  # fmt: skip
    assert found.states == {"cold": 11, "warm": 1}


def test_groups_are_listed_apart_and_never_expanded(ledger):
    judged = fill(ledger, ("kept", {"to": ("WEST",)}), ("kept", {"to": ("EU",)}))
    west = make_record(judged, "RUS", {"WEST"}, LATER)
    assert (len(west.rows), west.in_full.cases, west.rows[0].not_counted_why) == (1, 0, "to a group")
    assert make_record(judged, "RUS", {"EU"}, LATER).in_full.cases == 1
    assert make_record(judged, "RUS", {"DEU"}, LATER).rows == ()


def test_record_is_of_earlier_overtures_only(ledger):
    judged = fill(ledger, ("kept", {}), ("kept", {}), ("kept", {}))
    assert len(make_record(judged, "RUS", {"POL"}, SAID + timedelta(days=1)).rows) == 1
    assert make_record(judged, "POL", {"RUS"}, LATER).rows == ()


def test_class_is_family_and_window_of_any_dyad(ledger):
    judged = fill(ledger, ("kept", {}), ("lapsed", {"source": "USA"}), ("kept", {"days": 90}), ("met", MEET),
                  ("kept", {"basis": "stated"}))  # fmt: skip
    rate = class_rate(judged, Criterion("easing", ("085",), 180, None, None, ""), LATER)
    assert (rate.hits, rate.cases) == (1, 2)
    assert class_rate(judged, Criterion("meeting", ("04",), 30, None, None, ""), LATER).hits == 1


CRITERION = Criterion("easing", ("085",), 30, SAID, None, "a deed")


def control(ledger, begins, ends, *, said=(), facts=(), targets=("POL",), criterion=CRITERION, types=("easing",)):
    overtures = [make_ledger_overture(f"o{n}", day) for n, day in enumerate(said)]
    coverage = [make_coverage(begins, ends, *types, two=target) for target in targets]
    Writer(ledger).add_chronology(make_chronology(coverage=coverage, overtures=overtures, facts=facts))
    return OutcomeJudge(View(ledger), date(2020, 1, 1))


def test_control_days_do_not_overlap_and_ten_are_needed(ledger):
    judged = control(ledger, date(2014, 1, 1), date(2014, 10, 27))
    assert len(list(control_days(judged, "RUS", "POL", CRITERION))) == 9
    assert control_rate(judged, "RUS", {"POL"}, CRITERION) is None


def test_control_days_are_of_the_season_of_an_overture(ledger):
    judged = control(ledger, date(2010, 1, 1), date(2014, 12, 31), said=[date(2012, 7, 1)])
    days = list(control_days(judged, "RUS", "POL", CRITERION))
    assert days
    assert all(5 <= day.month <= 8 for day in days)


def test_control_days_have_about_as_many_reports_before_them(ledger):
    busy = [make_fact(f"f{n}", date(2013, 6, 1 + n)) for n in range(20)]
    quiet = control(ledger, date(2010, 1, 1), date(2014, 12, 31), said=[date(2012, 7, 1)], facts=busy)
    days = list(control_days(quiet, "RUS", "POL", CRITERION))
    assert days
    assert not [day for day in days if date(2013, 6, 5) <= day <= date(2013, 8, 31)]


def test_control_rate_counts_windows_with_the_deed(ledger):
    facts = [make_fact("f1", date(2014, 1, 20)), make_fact("f2", date(2014, 1, 25)), make_fact("f3", date(2014, 5, 15))]
    judged = control(ledger, date(2014, 1, 1), date(2014, 10, 28), facts=facts)
    rate = control_rate(judged, "RUS", {"POL"}, CRITERION)
    assert (rate.hits, rate.cases) == (2, 10)
    assert control_rate(judged, "POL", {"RUS"}, CRITERION) is None


def test_control_rate_of_restraint_is_that_of_the_act_not_coming(ledger):
    criterion = Criterion("restraint_sanctions", ("163",), 30, SAID, None, "no sanction")
    facts = [make_fact("f1", date(2014, 1, 20), cameo="163", type_="SANCTION")]
    judged = control(ledger, date(2014, 1, 1), date(2014, 12, 31), facts=facts, types=("SANCTION",))
    rate = control_rate(judged, "RUS", {"POL"}, criterion)
    assert (rate.hits, rate.cases) == (rate.cases - 1, 12)


@pytest.mark.parametrize(("days", "hits"), [(0, 0), (3, 0), (4, 1), (30, 1)])
def test_deeds_of_the_first_three_days_prove_nothing(ledger, days, hits):
    fact = make_fact("f", date(2014, 1, 1) + timedelta(days=days))
    judged = control(ledger, date(2014, 1, 1), date(2014, 10, 28), facts=[fact])
    assert control_rate(judged, "RUS", {"POL"}, CRITERION).hits == hits


def test_control_days_keep_away_from_overtures_of_either_side(ledger):
    judged = control(ledger, date(2014, 1, 1), date(2015, 12, 31), said=[date(2014, 1, 1), date(2014, 3, 1)])
    days = list(control_days(judged, "RUS", "POL", CRITERION))
    assert days[0] == date(2014, 1, 16)
    for day in days:
        assert not any(0 <= (day - said).days <= 14 for said in (date(2014, 1, 1), date(2014, 3, 1)))
    assert days == list(control_days(judged, "RUS", "POL", CRITERION))
    assert all((later - day).days >= 30 for day, later in pairwise(days))


def test_overlapping_stretches_give_no_day_twice(ledger):
    stretch = make_coverage(date(2014, 1, 1), date(2014, 12, 31), "easing")
    Writer(ledger).add_chronology(make_chronology(coverage=[stretch, stretch]))
    judged = OutcomeJudge(View(ledger), date(2020, 1, 1))
    assert len(list(control_days(judged, "RUS", "POL", CRITERION))) == 12
