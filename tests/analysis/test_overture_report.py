"""The whole record of a dyad's overtures: ledger and archive, counts, readings, curves, controls, evidence."""

from datetime import date
from typing import NamedTuple

import pytest
from tests.analysis.tiny_archives import coded, day, filler, make_archive

from olivebranch.analysis.base_rates import (
    BaseRate,
    describe_rate,
    find_base_rate,
    measure_base_rates,
    shipped_base_rates,
)
from olivebranch.analysis.deeds import deed_classes, find_deed_class, overture_codes
from olivebranch.analysis.evidence import best_rung
from olivebranch.analysis.likelihood import Rate
from olivebranch.analysis.outcomes import OutcomeJudge
from olivebranch.analysis.overture_report import report_archive, report_ledger, report_overtures, tally
from olivebranch.analysis.survival import survival_curve
from olivebranch.codebook import load_table
from olivebranch.errors import UsageError
from olivebranch.ledger import View
from olivebranch.pipeline import load_chronologies


class Held(NamedTuple):
    source: str
    begins: date
    ends: date
    rows: int
    names_dyads: bool


class TinyArchive:
    """What `report_overtures` asks of an archive, over rows made by hand."""

    def __init__(self, rows):
        self.rows = rows

    def coverage(self):
        days = [row["happened_on"] for row in self.rows]
        return [Held("icews", min(days), max(days), len(days), True)] if days else []

    def connect(self):
        return make_archive(self.rows)


ROWS = [
    coded(10, "RUS>USA", "0354"), coded(60, "RUS>USA", "0851"), coded(60, "RUS>USA", "036"), coded(60, "USA>RUS", "036"),
    coded(70, "USA>RUS", "042"), coded(100, "RUS>USA", "030"), coded(380, "RUS>USA", "033"), coded(5, "USA>RUS", "033"),
    *filler(0, 400),
]  # fmt: skip


def test_an_archive_s_overtures_of_one_side():
    source = report_archive(make_archive(ROWS), "icews", "RUS", "USA")
    assert [(row.family, row.outcome, row.days, row.is_mutual) for row in source.rows] == [
        ("easing", "kept", 50, False),
        ("meet", "met", 10, True),
        ("vague", "untestable", None, False),
        ("aid", "open", None, False),
    ]
    assert source.tally.in_full == Rate(1, 1)
    assert source.tally.met == Rate(1, 1)
    assert source.tally.counts == {"kept": 1, "met": 1, "open": 1, "untestable": 1}
    assert source.tally.readings[30] == Rate(0, 1)
    assert source.tally.readings[90] == Rate(1, 1)
    assert source.rows[0].readings == {30: False, 90: True, 180: True, 365: True}
    assert source.rows[0].evidence == (f"{day(60)} 0851",)
    assert {control.family for control in source.controls} == {"easing", "meet", "aid"}


def test_a_mutual_overture_is_in_the_record_of_both_sides():
    source = report_archive(make_archive(ROWS), "icews", "USA", "RUS")
    assert [(row.family, row.actor) for row in source.rows] == [("aid", "USA"), ("meet", "USA")]


def test_since_and_as_of():
    con = make_archive(ROWS)
    assert [row.family for row in report_archive(con, "icews", "RUS", "USA", since=day(90)).rows] == ["vague", "aid"]
    early = report_archive(con, "icews", "RUS", "USA", as_of=day(50))
    assert [(row.family, row.outcome) for row in early.rows] == [("easing", "open")]
    assert early.tally.in_full == Rate(0, 0)


def test_a_deed_seen_early_is_in_no_rate_before_its_window_is_over():
    early = report_archive(make_archive(ROWS), "icews", "RUS", "USA", as_of=day(65))
    assert early.rows[0].outcome == "kept"
    assert early.tally.in_full == Rate(0, 0)


def test_archives_for_pooled_figures_show_no_dyad():
    rows = [row | {"names_dyads": False} for row in ROWS]
    source = report_archive(make_archive(rows), "icews", "RUS", "USA")
    assert source.rows == ()
    assert "pooled" in source.note


def test_bodies_have_no_overtures_in_archives():
    assert "EU is none" in report_archive(make_archive(ROWS), "icews", "EU", "RUS").note


def test_survival_by_hand():
    """Three promises: done on day 20, seen for 40 days without, done on day 60 -> 1/3 by 30, 1 by 60."""
    rows = [coded(20, "A>B0", "070"), coded(60, "A>B2", "070"), *filler(0, 90)]
    rows += [coded(0, f"A>B{n}", "033") for n in (0, 2)]
    cut = report_archive(make_archive([*rows, coded(50, "A>B1", "033")]), "icews", "A", "B1").rows
    both = [row for n in (0, 2) for row in report_archive(make_archive(rows), "icews", "A", f"B{n}").rows]
    curve = {point.day: (round(point.followed, 3), point.at_risk) for point in survival_curve([*both, *cut])}
    assert curve == {7: (0.0, 3), 14: (0.0, 3), 30: (0.333, 2), 60: (1.0, 1)}
    assert survival_curve([]) == ()


@pytest.fixture
def judge(ledger):
    load_chronologies(ledger)
    return OutcomeJudge(View(ledger), date(2019, 12, 31))


def test_the_ledger_s_own_overtures(judge):
    source = report_ledger(judge, "RUS", "USA")
    assert len(source.rows) > 10
    assert sum(source.tally.counts.values()) == len(source.rows)
    assert all(row.rung for row in source.rows if row.evidence)
    assert all(row.stage for row in source.rows)
    assert source.tally.leniently.hits >= source.tally.in_full.hits


def test_offers_to_a_group_are_listed_and_not_counted(judge):
    apart = [row for row in report_ledger(judge, "RUS", "USA").rows if (row.not_counted_why or "").startswith("to ")]
    assert apart
    assert all("USA" not in row.recipients for row in apart)
    counted = report_ledger(judge, "RUS", "USA", expand_groups=True)
    assert not [row for row in counted.rows if (row.not_counted_why or "").startswith("to ")]


def test_restraint_has_no_day_of_its_deed(judge):
    kept = [row for row in report_ledger(judge, "RUS", "USA").rows if row.is_restraint and row.outcome == "kept"]
    assert kept
    assert survival_curve(kept) == ()
    assert tally(kept).readings[180] == Rate(0, 0)


def test_rungs(judge):
    facts = {fact.reference: fact.fact_id for fact in judge.view.facts() if fact.reference}
    order = next(fact_id for reference, fact_id in facts.items() if reference.startswith("Executive Order"))
    assert best_rung(judge.view, [order]) == "official act"
    assert best_rung(judge.view, []) is None


def test_the_whole_report(judge):
    report = report_overtures(View(judge.view.ledger, day(400)), TinyArchive(ROWS), "RUS", "USA")
    assert [source.name for source in report.sources] == ["ledger", "icews"]
    assert report.as_of == day(400)
    nothing = report_overtures(View(judge.view.ledger, day(400)), TinyArchive([]), "FJI", "TON")
    assert [len(source.rows) for source in nothing.sources] == [0]


# The shipped tables


def test_every_03x_code_has_a_family():
    assert {row.code for row in load_table("cameo") if row.code.startswith("03")} == set(overture_codes())


def test_pairs_name_classes_and_families_share_them():
    pairs = {(row.family, row.deed, row.broad) for row in overture_codes().values()}
    assert len(pairs) == len({family for family, _, _ in pairs})
    assert {deed for _, deed, _ in pairs if deed} <= set(deed_classes())
    assert {broad for _, _, broad in pairs if broad} <= set(deed_classes())


@pytest.mark.parametrize(
    ("code", "prefixes", "window"),
    [("0354", ("085",), 180), ("0356", ("087",), 180), ("0353", ("084",), 90), ("036", ("04",), 30),
     ("035", ("08",), 180), ("0311", ("06",), 90), ("0333", ("07",), 90)],
)  # fmt: skip
def test_pairs_as_the_criteria_have_them(code, prefixes, window):
    deed = deed_classes()[overture_codes()[code].deed]
    assert (deed.prefixes, deed.window_days) == (prefixes, window)


def test_a_bare_code_is_a_class_of_its_own():
    assert find_deed_class("0871").prefixes == ("0871",)
    with pytest.raises(UsageError, match="no deed 'peace'"):
        find_deed_class("peace")


def test_base_rates_of_an_archive():
    rows = filler(0, 400)
    for n in range(12):
        rows += [coded(150 + 5 * n, f"A{n}>B{n}", "033"), coded(160 + 5 * n, f"A{n}>B{n}", "071")]
    rates = list(
        measure_base_rates(make_archive(rows), source="made", since=day(0), until=day(400), pooled=False, draws=50)
    )
    aid = next(
        r
        for r in rates
        if (r.family, r.deed, r.window_days, r.measure, r.controls, r.dyad_state)
        == ("aid", "aid", 30, "followed", "any", "all")
    )
    assert (aid.n_overtures, aid.n_followed, aid.rate, aid.is_paired) == (12, 12, 1.0, True)
    assert aid.control_rate < 1
    assert aid.ratio == pytest.approx(aid.matched_rate / aid.control_rate)
    assert not [r for r in rates if r.family == "meet"]


def test_shipped_base_rates_hold_together():
    keys = set()
    for rate in shipped_base_rates():
        keys.add((rate.source, rate.family, rate.deed, rate.window_days, rate.measure, rate.controls, rate.dyad_state))
        assert 0 <= rate.n_followed <= rate.n_overtures
        assert rate.rate == pytest.approx(rate.n_followed / rate.n_overtures, abs=1e-4)
        assert (rate.control_rate is None) == (rate.n_control_days < 10)
    assert len(keys) == len(shipped_base_rates()) > 500
    meeting = find_base_rate("meet", "meeting", 30)
    assert meeting is not None
    assert "no more and no less" in describe_rate(meeting) or meeting.ratio_low > 1


def test_a_rate_without_control_says_so():
    empty = dict.fromkeys(BaseRate.__dataclass_fields__) | {
        "period": "2018",
        "n_followed": 1,
        "n_overtures": 2,
        "window_days": 90,
    }
    assert describe_rate(BaseRate(**empty)).endswith("no control")
