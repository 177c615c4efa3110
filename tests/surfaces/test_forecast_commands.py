"""`forecast` and `backtest` on the command line: what they print, what they refuse, with which exit code."""

import json

import pytest
from tests.analysis.made_worlds import make_rows, make_world, on

from olivebranch.ledger.archive import Archive


@pytest.fixture
def world(monkeypatch):
    """Every archive is a made world."""
    rows = make_rows(1, kept=0.75)
    monkeypatch.setattr(Archive, "is_empty", False)
    monkeypatch.setattr(Archive, "digest", lambda self: "digest")
    monkeypatch.setattr(Archive, "connect", lambda self, **_: make_world(rows))


ASK = ("forecast", "FJI:TON", "--deed", "meeting", "--as-of", on(150), "--by", on(180))


def test_a_forecast_is_printed_with_what_stands_beside_it(run, world):
    code, out, _ = run(*ASK)
    assert code == 0
    assert out.startswith("Fiji → Tonga: meeting (CAMEO 04x)")
    for words in (
        "this pair on any day",
        "all pairs on any day",
        "this side's offers kept",
        "always 50 %",
        "confidence",
    ):
        assert words in out


def test_json_of_one_deed_is_an_object_and_of_open_overtures_an_array(run, world):
    code, out, _ = run(*ASK, "--json")
    assert code == 0
    assert json.loads(out)["dyad"] == "FJI:TON"
    code, out, _ = run("forecast", "FJI:TON", "--as-of", on(150), "--json")
    assert code == 0
    assert all(said["overture"] for said in json.loads(out))


def test_questions_of_a_file_are_answered_in_order(run, world, tmp_path):
    file = tmp_path / "questions.csv"
    file.write_text(f"dyad,deed,as_of,by\nFJI:TON,aid,{on(150)},{on(170)}\nTON:FJI,042,{on(150)},{on(180)}\n")
    code, out, _ = run("forecast", "--questions", file, "--json")
    assert code == 0
    assert [(said["dyad"], said["deed"]) for said in json.loads(out)] == [("FJI:TON", "aid"), ("TON:FJI", "042")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("FJI:TON,aid,soon,2018-06-01", "line 2"),
        ("FJI,aid,2018-05-01,2018-06-01", "is not a dyad"),
        ("FJI:TON,love,2018-05-01,2018-06-01", "there is no deed 'love'"),
        ("FJI:TON,aid,2018-05-01,2018-04-01", "is not after"),
    ],
)
def test_a_bad_question_is_named_with_its_line(run, world, tmp_path, line, words):
    file = tmp_path / "questions.csv"
    file.write_text(f"dyad,deed,as_of,by\n{line}\n")
    code, _, err = run("forecast", "--questions", file)
    assert code == 2
    assert words in err
    assert "line 2" in err


def test_forecasts_are_kept_beside_the_ledger_and_scored(run, world, own_ledger_path):
    run(*ASK)
    run(*ASK)
    lines = (own_ledger_path.parent / f"{own_ledger_path.name}.forecasts.jsonl").read_text().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["inputs"] == "digest"
    code, out, _ = run("forecast", "--score", "--json")
    assert code == 0
    assert json.loads(out)["scored"] == 1
    code, out, _ = run("forecast", "--score")
    assert "1 scored (0 new)" in out


def test_no_record_writes_nothing(run, world, own_ledger_path):
    run(*ASK, "--no-record")
    assert not list(own_ledger_path.parent.glob("*.jsonl"))


def test_without_an_archive_the_class_rates_that_ship_are_told(run):
    code, out, _ = run("forecast", "RUS:USA", "--deed", "meeting")
    assert code == 0
    assert "No archive" in out
    assert "olivebranch import" in out
    assert "meeting, any pair of states, 30 days" in out
    code, out, _ = run("forecast", "RUS:USA", "--json")
    said = json.loads(out)
    assert said["probability"] is None
    assert len(said["class_rates"]) > 20


@pytest.mark.parametrize(
    "words",
    [
        ("forecast",),
        ("forecast", "RUS:USA", "--score"),
        ("forecast", "RUSUSA"),
        ("forecast", "RUS:USA", "--by", "2018-01-01"),
        ("forecast", "RUS:USA", "--as-of", "yesterday"),
        ("backtest",),
        ("backtest", "--train-until", "2018-04-30", "--test-from", "2018-05-01"),
    ],
)
def test_wrong_words_are_exit_code_2_and_one_line(run, words):
    code, _, err = run(*words)
    assert code == 2
    assert len(err.splitlines()) == 1


def test_a_backtest_is_printed_and_given_as_json(run, world):
    words = ("backtest", "--train-until", on(130), "--test-from", on(131), "--test-until", on(190), "--deed", "aid")
    code, out, _ = run(*words)
    assert code == 0
    assert "aid" in out
    assert "placebo" in out
    code, out, _ = run(*words, "--window", 20, "--window", 30, "--json")
    said = json.loads(out)
    assert [window["window_days"] for window in said["windows"]] == [20, 30]
    row = next(row for row in said["windows"][1]["scores"] if row["deed"] == "aid" and row["days"] == "any_day")
    assert {
        "brier",
        "murphy",
        "log_score",
        "auc",
        "calibration_error",
        "calibration_floor",
        "reliability",
        "skill",
    } <= set(row)
