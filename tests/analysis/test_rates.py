"""Wilson intervals against known values, ICD 203's words, the dyad's state, forecasts by number of cases."""

from datetime import date, timedelta

import pytest

from factories import make_chronology, make_fact
from olivebranch.analysis.dyads import dyad_state
from olivebranch.analysis.likelihood import Rate, likelihood_words
from olivebranch.analysis.prospects import forecast_words
from olivebranch.ledger import View, Writer

DAY = date(2014, 9, 29)


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    # Newcombe (1998), table I, method 3: the score interval of 81/263, 15/148, 0/20 and 1/29.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval(hits, cases, low, high):
    assert Rate(hits, cases).interval == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("cases", [1, 7, 300])
def test_interval_holds_its_share_and_stays_within_bounds(cases):
    for hits in range(cases + 1):
        low, high = Rate(hits, cases).interval
        assert 0 <= low <= hits / cases <= high <= 1


def test_no_case_says_nothing():
    assert Rate(0, 0).share is None
    assert Rate(0, 0).interval == (0.0, 1.0)
    assert Rate(0, 0).words() == "no case"


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.01, "almost no chance"), (0.049, "almost no chance"), (0.05, "very unlikely"), (0.19, "very unlikely"),
        (0.2, "unlikely"), (0.44, "unlikely"), (0.45, "roughly even chance"), (0.5, "roughly even chance"),
        (0.55, "likely"), (0.79, "likely"), (0.8, "very likely"), (0.94, "very likely"), (0.95, "almost certain"),
        (1.0, "almost certain"), (0.0, "almost no chance"),
    ],
)  # fmt: skip
def test_likelihood_words_of_icd_203(probability, words):
    assert likelihood_words(probability) == words


@pytest.mark.parametrize(
    ("hits", "cases", "reports", "begin"),
    [
        (10, 19, 50, "no percentage: 19 resolved cases"),
        (10, 20, 50, "class rate only: roughly even chance, 50 %"),
        (50, 99, 50, "class rate only"),
        (50, 100, 4, "class rate only"),
        (50, 100, 5, "roughly even chance, 50 % (40–60 %), n 100"),
    ],
)
def test_percentages_only_from_enough_cases(hits, cases, reports, begin):
    words = forecast_words(Rate(hits, cases), reports)
    assert words.startswith(begin)
    assert ("%" in words) == (cases >= 20)


def add_facts(ledger, *scores, **changes):
    """Facts of RUS and POL in turn, one a day before DAY, of these scores."""
    facts = [
        make_fact(
            f"f{n}", DAY - timedelta(days=n), *(("RUS", "POL") if n % 2 else ("POL", "RUS")), score=score, **changes
        )
        for n, score in enumerate(scores, 1)
    ]
    Writer(ledger).add_chronology(make_chronology(facts=facts))


@pytest.mark.parametrize(
    ("scores", "state"),
    [
        ([5.0] * 9, "unknown"),
        ([5.0] * 10, "warm"),
        ([5.0] * 8 + [-1.0] * 2, "warm"),
        ([5.0] * 7 + [-1.0] * 3, "cold"),
        ([1.0] * 8 + [-4.0] * 2, "cold"),
        ([-1.0] * 9, "unknown"),
    ],
)
def test_dyad_is_cold_warm_or_unknown(ledger, scores, state):
    add_facts(ledger, *scores)
    found = dyad_state(View(ledger), "RUS", {"POL"}, DAY)
    assert (found.state, found.reports) == (state, len(scores))
    assert dyad_state(View(ledger), "POL", {"RUS"}, DAY).state == state
    assert dyad_state(View(ledger), "POL", {"USA"}, DAY).reports == 0


def test_dyad_state_counts_the_90_days_before_and_asserted_facts_only(ledger):
    add_facts(ledger, *[5.0] * 100)
    assert dyad_state(View(ledger), "RUS", {"POL"}, DAY).reports == 90
    assert dyad_state(View(ledger), "RUS", {"POL"}, DAY - timedelta(days=95)).reports == 5
    assert dyad_state(View(ledger, DAY - timedelta(days=50)), "RUS", {"POL"}, DAY).reports == 41


def test_alleged_facts_are_no_reports(ledger):
    add_facts(ledger, *[5.0] * 20, factuality="alleged")
    assert dyad_state(View(ledger), "RUS", {"POL"}, DAY).state == "unknown"
