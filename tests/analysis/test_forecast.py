"""A forecast answers by what was known, says no percentage without cases, and is written down once."""

import json
from datetime import timedelta

import pytest
from tests.analysis.made_worlds import AID, MEETING, OFFER, STATES, TALK, make_rows, make_world, on

from olivebranch.analysis.deeds import find_deed_class
from olivebranch.analysis.forecast import Forecaster, make_question, nearest_window, shipped_models
from olivebranch.analysis.likelihood import likelihood_words
from olivebranch.analysis.track_record import make_entry, score_entries, sum_up
from olivebranch.errors import UsageError
from olivebranch.ledger.forecasts import ForecastFile

DAY = 150
QUIET = ("FJI", "PLW")


@pytest.fixture(scope="module")
def rows():
    made = make_rows(1, kept=0.75)
    return [row for row in made if set(row[1:3]) != set(QUIET) or row[0] < 40]


@pytest.fixture(scope="module")
def forecaster(rows):
    made = Forecaster(make_world(rows))
    made.last_known()
    return made


def ask(actor, recipient, deed="meeting", day=DAY, days=30):
    return make_question(actor, recipient, find_deed_class(deed), on(day), on(day + days))


def answer(forecaster, *words, **options):
    return forecaster.answer([ask(*words, **options)])[0]


def busiest(rows):
    pairs = [(a, r) for d, a, r, c in rows if c == MEETING and d <= DAY]
    return max(sorted(set(pairs)), key=pairs.count)


def test_a_busy_pair_is_likelier_than_its_class(rows, forecaster):
    found = answer(forecaster, *busiest(rows))
    assert found.basis == "forecast"
    assert found.probability > found.baselines["class_rate"]["share"] + 0.1
    low, high = found.interval
    assert 0 <= low <= found.probability <= high <= 1
    assert found.likelihood == likelihood_words(found.probability)
    assert found.cases >= 100
    assert found.model["fitted_on"] == "archive"
    assert found.confidence in {"low", "moderate"}
    assert found.rests_on


def test_json_has_every_promised_key(rows, forecaster):
    said = json.loads(json.dumps(answer(forecaster, *busiest(rows)).as_json()))
    assert {
        "dyad", "deed", "as_of", "by", "probability", "interval", "likelihood", "confidence", "cases", "baselines",
        "drivers", "why",
    } <= set(said)  # fmt: skip
    assert set(said["baselines"]) == {
        "dyad_rate", "class_rate", "class_rate_after_offers", "own_record", "last_outcome", "always_half",
    }  # fmt: skip
    for driver in said["drivers"]:
        assert driver["effect"] == ("raises" if driver["odds_ratio"] > 1 else "lowers")
        assert driver["sign"] in {"+", "-"}
        assert "{" not in driver["words"]
    assert any("overture" in line for line in said["why"])


def test_a_pair_without_reports_gets_the_class_rate_marked_so(forecaster):
    found = answer(forecaster, *QUIET)
    assert found.basis == "class_rate"
    assert (found.probability, found.interval, found.likelihood, found.confidence) == (None, None, None, None)
    assert found.baselines["class_rate"]["share"] is not None
    assert any("5 are needed" in line for line in found.why)


def test_a_power_unknown_to_the_archive_gets_the_class_rate(forecaster):
    assert answer(forecaster, "RUS", "USA").basis == "class_rate"


def test_any_cameo_code_may_be_asked(rows, forecaster):
    found = answer(forecaster, *busiest(rows), deed="042")
    assert found.codes == ("042",)
    assert found.probability is not None


def test_later_rows_do_not_change_an_answer(rows):
    question = ask(*busiest(rows))
    full, cut = (Forecaster(make_world(some)) for some in (rows, [row for row in rows if row[0] <= DAY]))
    answers = []
    for forecaster in (full, cut):
        forecaster.last_known()
        answers.append(forecaster.answer([question])[0])
    assert answers[0] == answers[1]


def test_each_question_of_several_is_answered_as_if_alone(rows, forecaster):
    pairs = [busiest(rows), (STATES[0], STATES[1]), QUIET]
    questions = [ask(*pair, day=day) for day in (140, DAY) for pair in pairs]
    assert forecaster.answer(questions) == [forecaster.answer([question])[0] for question in questions]


def test_an_open_overture_is_asked_for_its_own_deed(rows):
    actor, recipient = busiest(rows)
    calm = [row for row in rows if not (row[1:3] == (actor, recipient) and row[3] in {OFFER, AID} and row[0] > 50)]
    forecaster = Forecaster(make_world([*calm, (DAY - 10, actor, recipient, OFFER)]))
    forecaster.last_known()
    questions = forecaster.open_overtures(actor, recipient, on(DAY))
    aid = find_deed_class("aid")
    assert [(q.deed, q.said_on) for q in questions] == [(aid, on(DAY - 10))]
    assert questions[0].by == on(DAY - 10 + aid.window_days)
    assert questions[0].counts_from == on(DAY + 1)
    assert forecaster.answer(questions)[0].overture["said_on"] == on(DAY - 10).isoformat()


def test_the_same_story_does_not_count(rows):
    forecaster = Forecaster(make_world([*rows, (DAY, "FJI", "TON", "0311"), (DAY, "FJI", "TON", TALK)]))
    newest = forecaster.open_overtures("FJI", "TON", on(DAY))[-1]
    assert newest.counts_from == on(DAY) + timedelta(days=4)


def test_a_day_before_the_forecast_is_refused():
    with pytest.raises(UsageError, match="is not after"):
        ask("FJI", "TON", days=0)


@pytest.mark.parametrize(("days", "window"), [(1, 7), (9, 7), (11, 14), (31, 30), (44, 60), (400, 180)])
def test_nearest_window(days, window):
    assert nearest_window(days) == window


def test_shipped_figures_are_whole():
    models = shipped_models()
    assert set(models) == {30, 90, 180}
    for model in models.values():
        assert {"meeting", "aid", "easing", "cooperation", "sanction"} <= set(model.deeds)
        assert all(deed.windows >= 100 for deed in model.deeds.values())


def test_the_shipped_figures_answer_where_the_archive_has_too_few(rows):
    few = [row for row in rows if row[0] > 100 and {row[1], row[2]} <= {"FJI", "TON"}]
    forecaster = Forecaster(make_world(few))
    forecaster.last_known()
    found = answer(forecaster, "FJI", "TON")
    assert found.model["fitted_on"] == "shipped"
    assert found.confidence in {"low", None}
    assert any("too few cases of its own" in line for line in found.why)


def test_a_forecast_is_written_once_and_scored_when_its_window_is_over(rows, forecaster, tmp_path):
    kept = ForecastFile(tmp_path / "record.jsonl")
    found = answer(forecaster, *busiest(rows))
    entry = make_entry(found, "hash")
    assert kept.add([entry, entry]) == 1
    assert kept.add([entry]) == 0
    assert kept.add([make_entry(found, "other hash")]) == 1
    early = make_world([row for row in rows if row[0] <= DAY + 10])
    assert score_entries(early, list(kept.read()), "hash") == []
    scores = score_entries(make_world(rows), list(kept.read()), "hash")
    assert len(scores) == 2
    actor, recipient = busiest(rows)
    either = {(actor, recipient), (recipient, actor)}
    happened = any(DAY < d <= DAY + 30 and (a, r) in either and c == MEETING for d, a, r, c in rows)
    assert {score["happened"] for score in scores} == {happened}
    assert scores[0]["brier"] == pytest.approx((found.probability - happened) ** 2, abs=1e-5)
    assert kept.add(scores) == 2
    assert score_entries(make_world(rows), list(kept.read()), "hash") == []
    summary = sum_up(kept.read())
    assert (summary.forecasts, summary.scored) == (2, 2)
    assert summary.class_rate_brier is not None
