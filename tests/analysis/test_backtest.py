"""The backtest finds a planted signal, and shows no skill where there can be none: nothing of the future leaks in."""

import json

import numpy as np
import pytest
from tests.analysis.made_worlds import AID, DAYS, make_rows, make_world, on

from olivebranch.analysis.backtest import run_backtest
from olivebranch.analysis.deeds import deed_classes
from olivebranch.analysis.forecast_model import ForecastModel, fit_model
from olivebranch.analysis.forecast_questions import ask_past
from olivebranch.errors import UsageError

DEEDS = tuple(deed_classes()[name] for name in ("aid", "meeting"))
CUT, FIRST, LAST, WINDOW = 130, 131, 205, 30


def score_world(con, **options):
    dates = {"train_until": on(CUT), "test_from": on(FIRST), "test_until": on(LAST), "window_days": WINDOW}
    result = run_backtest(con, deeds=DEEDS, **(dates | options))
    return {(row.deed, row.days): row for row in result.scores}, result


@pytest.fixture(scope="module")
def kept():
    return make_rows(1, kept=0.75)


@pytest.fixture(scope="module")
def found(kept):
    return score_world(make_world(kept))


def train(con, until=CUT):
    return ask_past(con, DEEDS, since=None, until=on(until), window_days=WINDOW)


def fit(con, until=CUT):
    return fit_model(train(con, until), ["aid", "meeting"], window_days=WINDOW, until=on(until), origin="archive")


def test_pairs_that_differ_are_told_apart(found):
    skill = found[0]["meeting", "any_day"].skill["class_rate"]
    assert skill.low > 0.05


def test_offers_that_are_kept_are_found(found):
    rows, result = found
    aid = rows["aid", "overture"]
    assert aid.overture_gain.low > 0.02
    assert aid.overture_finding == "the overture adds to the forecast"
    lift = next(row for row in result.lifts if row.deed == "aid" and row.overtures == "of this deed")
    assert lift.ratio.low > 1
    assert lift.finding == "likelier than on other days"


def test_offers_say_nothing_of_other_deeds(found):
    assert found[0]["meeting", "overture"].overture_finding != "the overture adds to the forecast"


def test_every_figure_is_there(found):
    row = found[0]["aid", "any_day"]
    assert set(row.skill) == {"class_rate", "dyad_rate", "dyad_hazard", "own_record", "last_outcome", "always_half"}
    parts = row.murphy
    assert parts.reliability - parts.resolution + parts.uncertainty + parts.within == pytest.approx(row.brier)
    assert sum(b.cases for b in row.reliability) == row.cases
    assert row.calibration_floor > 0
    json.dumps(found[1].as_json())


def test_a_shuffled_future_cannot_be_foreseen(kept):
    """After the cut each act is given to another pair: what a pair did before says nothing of it."""
    chance = np.random.default_rng(2)
    pairs = sorted({(a, r) for _, a, r, _ in kept})
    shuffled = [(d, *(pairs[chance.integers(len(pairs))] if d > CUT else (a, r)), c) for d, a, r, c in kept]
    rows, _ = score_world(make_world(shuffled))
    for key in (("meeting", "any_day"), ("aid", "any_day")):
        assert rows[key].skill["class_rate"].low < 0.02, key
        assert rows[key].skill["class_rate"].value < 0.03, key


def test_shifted_dates_take_the_offers_meaning_away(kept):
    """Each pair's aid is moved round the calendar by its own number of days: no offer has its deed after it."""
    chance = np.random.default_rng(3)
    shift = {pair: int(chance.integers(40, DAYS - 40)) for pair in sorted({(a, r) for _, a, r, _ in kept})}
    moved = [((d + shift[a, r]) % DAYS if c == AID else d, a, r, c) for d, a, r, c in kept]
    rows, result = score_world(make_world(moved))
    assert rows["aid", "overture"].overture_gain.low <= 0.01
    lift = next(row for row in result.lifts if row.deed == "aid" and row.overtures == "of this deed")
    assert lift.finding == "no more likely than on other days"


def test_duplicated_reports_change_nothing(kept, found):
    rows, _ = score_world(make_world(kept, copies=3))
    for key, row in found[0].items():
        assert rows[key].brier == pytest.approx(row.brier, abs=1e-9), key
        assert rows[key].cases == row.cases


def test_no_window_crosses_the_cut(kept):
    cases = train(make_world(kept))
    assert cases["on_day"].max() <= np.datetime64(on(CUT - WINDOW))
    assert len(cases["question"])


def test_what_comes_after_the_cut_does_not_touch_the_model(kept):
    whole, cut = fit(make_world(kept)), fit(make_world([row for row in kept if row[0] <= CUT]))
    assert whole.as_json() == cut.as_json()


def test_what_was_known_later_does_not_touch_the_model(kept):
    """Acts before the cut that became public after it are as good as not there."""
    late = [row for row in kept if row[0] > CUT - 50 and (ord(row[1][0]) + ord(row[2][1])) % 2]
    told_late = fit(make_world(kept, known_late=late))
    never = fit(make_world([row for row in kept if row not in set(late)]))
    assert told_late.as_json() == never.as_json()


def test_features_are_of_the_day_itself(kept):
    """A question of day 60 reads the same, whether the archive ends then or a hundred days later."""
    names = ["reports_90", "deeds_45", "days_since", "actor_any", "offers_30", "talks_30"]

    def on_day(until):
        con = make_world([row for row in kept if row[0] <= until])
        cases = train(con, until)
        mine = (cases["on_day"] == np.datetime64(on(60))) & ~cases["is_overture"]
        keys = zip(cases["actor"][mine], cases["recipient"][mine], cases["deed"][mine], strict=True)
        return dict(zip(keys, zip(*(cases[name][mine] for name in names), strict=True), strict=True))

    early, late = on_day(95), on_day(200)
    both = set(early) & set(late)
    assert both
    assert all(early[key] == pytest.approx(late[key]) for key in both)


def test_refitting_looks_only_at_closed_windows(kept):
    rows, result = score_world(make_world(kept), refit_days=40)
    assert result.fits == 2
    assert rows["meeting", "any_day"].skill["class_rate"].low > 0.05


def test_the_model_survives_its_file(kept):
    con = make_world(kept)
    model, cases = fit(con), train(con)
    again = ForecastModel.from_json(json.loads(json.dumps(model.as_json())))
    some = {name: column[cases["deed"] == "aid"] for name, column in cases.items()}
    window = np.full(len(some["deed"]), 27.0)
    assert (again.chance("aid", some, window) == model.chance("aid", some, window)).all()


def test_longer_windows_are_likelier(kept):
    con = make_world(kept)
    model, cases = fit(con), train(con)
    some = {name: column[cases["deed"] == "meeting"] for name, column in cases.items()}
    short, long = (model.chance("meeting", some, np.full(len(some["deed"]), days)) for days in (10.0, 40.0))
    assert (long > short).all()


def test_days_out_of_order_are_refused(kept):
    with pytest.raises(UsageError, match="must lie before"):
        score_world(make_world(kept), test_from=on(100))


def test_an_archive_without_a_past_is_refused():
    with pytest.raises(UsageError, match="no question of the training"):
        score_world(make_world(make_rows(1, days=20)))
