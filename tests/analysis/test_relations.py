"""Relations of a dyad from hand-made archives: series, changes with their rows, ranks, and what must change nothing."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from tests.analysis.tiny_archives import coded, day, make_archive

from olivebranch.analysis.dyad_rows import Coverage, DyadQuestion
from olivebranch.analysis.linkage import find_linkage
from olivebranch.analysis.relations import MIN_WEEKS_RANK, find_relations, relation_line
from olivebranch.errors import UsageError

ASKED = DyadQuestion("RUS", "USA")
WEEKS = 52


def word(number, dyad="RUS>USA", score=3.0, **fields):
    return coded(number, dyad, "040", type="CONSULT", score=score, **fields)


def deed(number, dyad="RUS>USA", score=-6.0, cameo="161", **fields):
    return coded(number, dyad, cameo, type="SANCTION", is_deed=True, score=score, **fields)


def cooling(weeks=WEEKS, turn=26, dyad="RUS>USA", seed=1):
    """Seven or eight words a week of many kinds; one deed a week, from week `turn` on five."""
    draw, rows = Random(seed), []
    for week in range(weeks):
        for place in range(draw.choice((7, 8))):
            rows.append(word(7 * week + place % 7, dyad, score=draw.choice((-2.0, 3.0, 5.5, 6.0))))
        rows += [deed(7 * week + place, dyad) for place in range(5 if week >= turn else 1)]
    return rows


def relate(rows, asked=ASKED, **options):
    return find_relations(make_archive(rows), asked, **options)


def test_words_and_deeds_add_up_to_the_mean_score():
    rows = [word(0), word(1, score=6.0), word(2), deed(6), deed(3, cameo="163", score=-7.0)]
    found = relate(rows)
    (period,) = found.directions[0].periods
    assert (period.begins, period.ends, period.reports) == (date(2018, 1, 1), date(2018, 1, 7), 5)
    assert period.words.count == 3
    assert period.words.mean == pytest.approx(4.0)
    assert period.words.net == pytest.approx(12.0)
    assert period.words.share == pytest.approx(0.6)
    assert period.deeds.per_report == pytest.approx(-13 / 5)
    assert period.words.per_report + period.deeds.per_report == pytest.approx(period.score)
    assert period.is_enough
    assert period.is_whole


def test_the_mirror_is_given_apart():
    found = relate([word(0), word(1, "USA>RUS"), word(2, "USA>RUS")])
    assert [(one.actor, one.recipient, one.reports) for one in found.directions] == [
        ("RUS", "USA", 1), ("USA", "RUS", 2)
    ]  # fmt: skip


def test_weeks_run_from_monday_to_sunday_and_empty_ones_are_grey():
    found = relate([word(6), word(21)])
    periods = found.directions[0].periods
    assert [period.begins.weekday() for period in periods] == [0, 0, 0, 0]
    assert [period.reports for period in periods] == [1, 0, 0, 1]
    assert not any(period.is_enough for period in periods)
    assert periods[1].score is None
    assert not periods[0].is_whole


def test_months_are_of_the_calendar():
    periods = relate([word(0), word(30), word(31), word(400)], by="month").directions[0].periods
    assert periods[0].ends == date(2018, 1, 31)
    assert [period.reports for period in periods[:3]] == [2, 1, 0]
    assert periods[-1].begins == date(2019, 2, 1)


def test_a_known_change_is_accepted_with_the_rows_that_moved_it():
    change = next(one for one in relate(cooling()).directions[0].changes if one.series == "deeds")
    assert change.basis == "share"
    assert (change.series, change.status, change.day) == ("deeds", "accepted", day(7 * 26))
    assert change.low <= change.day <= change.high
    assert change.after < change.before
    assert change.until is None
    assert len(change.rows) == 5
    assert {row.cameo for row in change.rows} == {"161"}
    assert all(row.is_after and row.happened_on >= change.day for row in change.rows)
    assert all(row.moved < 0 for row in change.rows)
    assert change.rows[0].act_moved == pytest.approx(change.after - change.before, abs=0.3)


def test_what_was_as_common_before_as_after_moved_nothing():
    rows = cooling() + [deed(7 * week, cameo="190", score=-9.5) for week in range(WEEKS)]
    change = next(one for one in relate(rows).directions[0].changes if one.series == "deeds")
    assert {row.cameo for row in change.rows} == {"161"}


def test_no_act_fills_the_list_where_several_moved_the_level():
    rows = cooling() + [
        deed(7 * week + place, cameo="163", score=-7.0) for week in range(26, WEEKS) for place in (1, 2)
    ]
    change = next(one for one in relate(rows).directions[0].changes if one.series == "deeds")
    assert [row.cameo for row in change.rows] == ["161", "161", "163", "163", "161"]
    assert change.rows[0].act_moved < change.rows[2].act_moved < 0


def test_words_that_deeds_crowd_out_did_not_change_their_tone():
    found = [one for one in relate(cooling()).directions[0].changes if one.basis == "share" and one.series == "words"]
    assert all(one.status == "candidate" for one in found)
    assert "share of words" in found[0].reasons[-1]


def test_an_act_that_ceased_is_told_by_rows_of_before():
    warm = [row for row in cooling(turn=0) if not (row["is_deed"] and row["happened_on"] >= day(7 * 26))]
    change = next(one for one in relate(warm).directions[0].changes if one.series == "deeds")
    assert change.after > change.before
    assert not any(row.is_after for row in change.rows)


@pytest.mark.parametrize("basis", ["share", "counts"])
def test_both_bases_are_worked_out_whichever_is_shown(basis):
    found = relate(cooling(), basis=basis)
    assert found.basis == basis
    assert {one.basis for one in found.directions[0].changes} == {"share", "counts"}


def test_a_change_of_traffic_alone_changes_nothing_per_report():
    draw, rows = Random(3), []
    for week in range(WEEKS):
        for place in range(10 if week < 26 else 30):
            acts = word if place % 5 else deed
            rows.append(acts(7 * week + draw.randrange(7)))
    changes = relate(rows).directions[0].changes
    assert not [one for one in changes if one.basis == "share" and one.status == "accepted"]
    assert [one.day for one in changes if one.basis == "counts" and one.series == "words"] == [day(7 * 26)]


def test_noise_of_a_whole_dyad_is_hardly_ever_accepted():
    runs, accepted = 20, 0
    for seed in range(runs):
        draw, rows = Random(seed), []
        for week in range(40):
            for _ in range(draw.randint(4, 16)):
                acts, scores = draw.choice(((word, (3.0, 6.0, -2.0, -6.0)), (word, (3.0, 5.5)), (deed, (-6.0, 7.0))))
                dyad = draw.choice(("RUS>USA", "USA>RUS"))
                rows.append(acts(7 * week + draw.randrange(7), dyad, score=draw.choice(scores)))
        found = relate(rows)
        accepted += any(
            change.status == "accepted" and change.basis == "share"
            for one in found.directions
            for change in one.changes
        )
    assert accepted / runs < 0.10


def test_nothing_known_later_is_used():
    rows = cooling()
    cut = day(7 * 30 + 3)
    late = [deed(number, cameo="163", known=7 * 30 + 10) for number in range(0, 200, 3)]
    asked = replace(ASKED, as_of=cut)
    known = [row for row in rows if row["known_on"] <= cut]
    assert relate(rows + late, asked) == relate(known, asked)
    assert max(period.begins for period in relate(rows, asked).directions[0].periods) <= cut
    line = relation_line(make_archive(rows + late), ("RUS", "USA"), cut)
    assert line == relation_line(make_archive(known), ("RUS", "USA"), cut)
    assert line.ends <= cut


def test_the_order_of_rows_changes_nothing():
    rows = [row | {"source_row": str(number)} for number, row in enumerate(cooling())]
    first, second = (find_relations(make_archive(rows, shuffle), ASKED) for shuffle in (1, 2))
    assert first == second


@pytest.mark.parametrize("mark", [{"is_repeat": True}, {"is_sampled": True}, {"names_dyads": False},
                                  {"is_former": True}, {"is_state_pair": False}, {"score": None}])  # fmt: skip
def test_rows_that_do_not_count_change_nothing(mark):
    rows = [row | {"source_row": str(number)} for number, row in enumerate(cooling())]
    doubled = rows + [row | {"source_row": f"again-{row['source_row']}"} | mark for row in rows if row["is_deed"]]
    assert relate(doubled) == relate(rows)


def test_two_archives_are_never_summed():
    rows = cooling()
    other = [row | {"source": "gdelt"} for row in rows[:50]]
    found = relate(rows + other)
    assert (found.source, found.others) == ("icews", {"gdelt": 50})
    assert found.directions == relate(rows).directions
    assert relate(rows + other, replace(ASKED, source="gdelt")).directions[0].reports == 50
    with pytest.raises(UsageError, match="polecat"):
        relate(rows, replace(ASKED, source="polecat"))


def test_weeks_that_the_archive_covers_are_told_from_those_it_does_not():
    held = Coverage("icews", date(2018, 1, 1), day(7 * 60 - 1), 1000, True)
    assert len(relate(cooling()).directions[0].periods) == WEEKS
    assert len(relate(cooling(), coverage=[held]).directions[0].periods) == 60


def test_the_rank_says_how_cold_the_last_week_is():
    rows = cooling() + [deed(7 * WEEKS - 3) for _ in range(9)]
    rank = relate(rows).directions[0].rank
    assert rank.colder_than > 90
    assert (rank.week, rank.weeks, rank.since) == (day(7 * (WEEKS - 1)), WEEKS - 1, day(0))
    assert rank.words().startswith("colder than ")
    assert rank.words().endswith(f"its own {WEEKS - 1} weeks since 2018-01")


def test_few_weeks_are_not_ranked():
    one = relate(cooling(weeks=MIN_WEEKS_RANK, turn=20)).directions[0]
    assert one.rank is None
    assert "26 whole weeks" in one.rank_why


def test_a_body_speaks_for_itself_until_it_is_expanded():
    by_body = [word(number, "EU>RUS", is_state_pair=False) for number in range(7)]
    by_citizen = [word(number, "EU>RUS", is_state_pair=False, recipient_sector="CVL") for number in range(7)]
    by_member = [word(number, "FRA>RUS") for number in range(7)] + [word(2, "NOR>RUS")]
    asked = DyadQuestion("EU", "RUS")
    rows = by_body + by_citizen + by_member
    assert relate(rows, asked).directions[0].reports == 7
    expanded = relate(rows, replace(asked, expand_groups=True)).directions[0]
    assert expanded.reports == 7
    with pytest.raises(UsageError, match="--expand-groups"):
        relate(rows, DyadQuestion("WEST", "RUS"))
    assert relate(rows, DyadQuestion("WEST", "RUS", expand_groups=True)).directions[0].reports == 8


def test_a_member_counts_only_while_it_is_one():
    brexit = (date(2020, 1, 31) - day(0)).days
    rows = [word(brexit, "GBR>RUS"), word(brexit + 1, "GBR>RUS")]
    assert relate(rows, DyadQuestion("EU", "RUS", expand_groups=True)).directions[0].reports == 1


def test_no_row_is_no_answer():
    assert relate([word(0, "FRA>DEU")]) is None
    assert relation_line(make_archive([word(0, "FRA>DEU")]), ("RUS", "USA")) is None


def test_the_line_of_a_brief():
    line = relation_line(make_archive(cooling()), ("RUS", "USA"), day(7 * WEEKS - 1))
    assert (line.last_change.series, line.last_change.day) == ("deeds", day(7 * 26))
    text = line.text()
    assert "of its own 51 weeks since 2018-01" in text
    assert f"in the 90 days to {day(7 * WEEKS - 1)}" in text
    assert f"deeds colder from {day(7 * 26)}" in text
    assert line.deeds.mean == pytest.approx(-6.0)


def moods(dyad, levels):
    """A week of ten words for each level, their mean the level."""
    return [
        word(7 * week + place % 7, dyad, score=float(level + (1 if place % 2 else -1)))
        for week, level in enumerate(levels)
        for place in range(10)
    ]


def test_a_dyad_that_leads_another_is_told_with_its_weeks():
    draw = np.random.default_rng(1)
    lead = draw.normal(size=80)
    after = np.concatenate([draw.normal(size=2), 0.9 * lead[:-2]]) + draw.normal(scale=0.4, size=80)
    con = make_archive(moods("RUS>USA", lead) + moods("RUS>CHN", after))
    found = find_linkage(con, ASKED, DyadQuestion("RUS", "CHN"))
    assert found.sentences[0].startswith("RUS>USA leads RUS>CHN by 2 weeks: warmer is followed by warmer (80 weeks, 8 ")
    assert "cause" not in " ".join(found.sentences)
    assert [one.is_stationary for one in found.series] == [True, True]


def test_strangers_have_no_evidence():
    draw = np.random.default_rng(2)
    con = make_archive(moods("RUS>USA", draw.normal(size=60)) + moods("RUS>CHN", draw.normal(size=60)))
    (sentence,) = find_linkage(con, ASKED, DyadQuestion("RUS", "CHN")).sentences
    assert sentence.startswith("no evidence that RUS>USA or RUS>CHN leads the other (60 weeks, 8 tests, smallest p ")


def test_too_little_is_said_to_be_too_little():
    con = make_archive(cooling(weeks=20) + cooling(weeks=20, dyad="RUS>CHN"))
    found = find_linkage(con, ASKED, DyadQuestion("RUS", "CHN"))
    assert found.found is None
    assert found.sentences == ("too few weeks to say: 20 whole weeks, 30 are needed for lags up to 4 weeks",)
    thin = make_archive(cooling() + [word(7 * week, "RUS>CHN") for week in range(WEEKS)])
    assert "too few reports to say" in find_linkage(thin, ASKED, DyadQuestion("RUS", "CHN")).sentences[0]


def test_linkage_of_nothing_or_of_itself():
    con = make_archive(cooling())
    assert find_linkage(con, ASKED, DyadQuestion("RUS", "CHN")) is None
    with pytest.raises(UsageError, match="two different"):
        find_linkage(con, ASKED, ASKED)
    with pytest.raises(UsageError, match="1 to 26"):
        find_linkage(con, ASKED, DyadQuestion("RUS", "CHN"), max_lag=0)
    apart = make_archive(cooling() + [row | {"source": "gdelt"} for row in cooling(dyad="RUS>CHN")])
    with pytest.raises(UsageError, match="no archive"):
        find_linkage(apart, ASKED, DyadQuestion("RUS", "CHN"))


def test_a_week_is_seven_days_of_the_calendar_over_a_new_year():
    found = relate([word((date(2018, 12, 31) - day(0)).days), word((date(2019, 1, 6) - day(0)).days)])
    (period,) = found.directions[0].periods
    assert period.ends - period.begins == timedelta(days=6)
    assert period.reports == 2
