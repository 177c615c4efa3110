"""Forecasts and backtests as lines of plain text."""

from collections.abc import Iterator
from typing import Any

from olivebranch.analysis.backtest import Backtest, Scores
from olivebranch.analysis.criteria import day_words
from olivebranch.analysis.forecast import Forecast, shipped_models
from olivebranch.analysis.likelihood import Rate
from olivebranch.analysis.naming import name_code

BASELINE_WORDS = {
    "dyad_rate": "this pair on any day",
    "class_rate": "all pairs on any day",
    "class_rate_after_offers": "all pairs after such an offer",
    "own_record": "this side's offers kept",
    "last_outcome": "as in the last such window",
    "always_half": "always",
}


def lay_out_forecast(answer: Forecast) -> Iterator[str]:
    """A forecast as a reader meets it: the answer first, what stands beside it, then why."""
    actor, recipient = (name_code(code) for code in answer.dyad.split(":"))
    codes = ", ".join(f"{code}x" for code in answer.codes)
    days = f"{day_words(answer.counts_from)} to {day_words(answer.by)}"
    asked = f"{actor} → {recipient}: {answer.deed} (CAMEO {codes}), {days}"
    said = f", offered on {answer.overture['said_on']}" if answer.overture else ""
    yield f"{asked}{said}; as known on {day_words(answer.as_of)}"
    yield f"  {_verdict(answer)}"
    beside = [f"{words} {_cell(answer.baselines[name])}" for name, words in BASELINE_WORDS.items()]
    yield f"  beside it: {'; '.join(beside)}"
    for driver in answer.drivers:
        yield f"  {driver['effect']} it: {driver['words']} (odds × {driver['odds_ratio']})"
    if answer.confidence:
        yield f"  confidence {answer.confidence}: {'; '.join(answer.rests_on)}"
    for line in answer.why:
        yield f"  {line}"


def _verdict(answer: Forecast) -> str:
    if answer.probability is not None and answer.interval is not None:
        low, high = (_percent(end) for end in answer.interval)
        return f"{answer.likelihood}, {_percent(answer.probability)} % ({low}–{high} %), {answer.cases} past cases"
    rate = Rate(answer.hits, answer.cases)
    if answer.basis == "class_rate":
        return f"class rate only: {rate.words()}"
    return f"no percentage: the deed came in {rate.hits} of {rate.cases} past cases"


def _cell(baseline: dict[str, Any]) -> str:
    counts = f"{baseline['hits']} of {baseline['cases']}" if "cases" in baseline else ""
    if baseline["share"] is None:
        return counts or "not known"
    return f"{_percent(baseline['share'])} %" + (f" ({counts})" if counts else "")


def _percent(share: float) -> str:
    return f"{share * 100:.0f}" if 0.01 <= share <= 0.99 or share in {0.0, 1.0} else f"{share * 100:.1f}"


def lay_out_backtest(result: Backtest) -> Iterator[str]:
    """A backtest as a table of figures, one line a class and kind of day."""
    asked = f"from {day_words(result.test_from)} to {day_words(result.test_until)}"
    fits = "one fit" if result.fits == 1 else f"{result.fits} fits"
    yield (
        f"{result.window_days} days: trained on {result.trained} questions to {day_words(result.train_until)}, "
        f"asked {asked}; {fits}"
    )
    yield (
        f"{'deed':12} {'days':9} {'cases':>6} {'came':>5} {'Brier':>6} {'AUC':>5} {'ECE-floor':>12} "
        f"{'skill: class rate':24} {'dyad rate':24} {'own':>6} {'last':>6} {'half':>6}  overture"
    )
    yield from (_score_line(row) for row in result.scores)
    yield "After overtures against placebo days of the same dyads (matched by season and volume):"
    for lift in result.lifts:
        yield (
            f"  {lift.deed:12} after offers {lift.overtures:13} {lift.matched:5} matched, {lift.placebo_days:5} "
            f"placebo days: ratio {_ratio(lift.ratio)} {lift.finding}"
        )


def _ratio(ratio: Any) -> str:
    return "–" if ratio.low is None else f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}];"


def _score_line(row: Scores) -> str:
    start = f"{row.deed:12} {row.days:9} {row.cases:6d} {row.hits / row.cases:5.2f}"
    if row.skill is None or row.brier is None or row.overture_gain is None:
        return f"{start}  too few to score"
    auc = "–" if row.auc is None else f"{row.auc:.2f}"
    error = f"{row.calibration_error:.3f}-{row.calibration_floor:.3f}"
    more = " ".join(f"{row.skill[name].value or 0:+6.2f}" for name in ("own_record", "last_outcome", "always_half"))
    return (
        f"{start} {row.brier:6.3f} {auc:>5} {error:>12} {row.skill['class_rate'].words():24} "
        f"{row.skill['dyad_rate'].words():24} {more}  {row.overture_finding} ({row.overture_gain.words()})"
    )


def shipped_rates(deed: str | None) -> list[dict[str, Any]]:
    """The class rates that ship: deed, window, hits, cases, share, interval."""
    found = []
    for window, model in sorted(shipped_models().items()):
        for name, fitted in sorted(model.deeds.items()):
            if deed in {None, name}:
                rate = Rate(fitted.window_hits, fitted.windows)
                found.append(
                    {
                        "deed": name,
                        "window_days": window,
                        "hits": rate.hits,
                        "cases": rate.cases,
                        "share": rate.share,
                        "interval": list(rate.interval),
                    }
                )
    return found


def lay_out_class_rates(rates: list[dict[str, Any]]) -> Iterator[str]:
    """The class rates as lines."""
    for row in rates:
        rate = Rate(row["hits"], row["cases"])
        yield f"  {row['deed']}, any pair of states, {row['window_days']} days: {rate.words()}"


def track_line(summary: dict[str, Any]) -> str:
    """How the track record stands, on one line."""
    line = f"{summary['forecasts']} forecasts with a probability, {summary['scored']} scored ({summary['new']} new)"
    if summary["brier"] is None:
        return line
    rivals = [f"{words} {summary[name]:.3f}" for name, words in (
        ("class_rate_brier", "class rate"), ("dyad_rate_brier", "dyad's own rate"),
    ) if summary[name] is not None]  # fmt: skip
    return f"{line}; Brier {summary['brier']:.3f}, log score {summary['log_score']:.3f} ({', '.join(rivals)})"
