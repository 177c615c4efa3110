"""`olivebranch import`: what it prints, where, and with which exit code."""

import json
from functools import partial

import pytest

from archive_files import gdelt_line, write_file
from olivebranch.ledger.archive import Archive


@pytest.fixture
def run(run):
    """Runs `olivebranch import` in this process; gives exit code, standard output and standard error."""
    return partial(run, "import")


def test_counts_are_printed_and_the_archive_lies_beside_the_ledger(run, tmp_path):
    path = write_file(tmp_path / "a.csv", [gdelt_line(1), gdelt_line(2), "torn"])
    code, out, err = run("gdelt", path, "--ledger", tmp_path / "l.duckdb")
    assert (code, err) == (0, "")
    assert out.splitlines()[1].split() == ["a.csv", "3", "2", "0", "1"]
    assert "both ends a country 100%" in out
    assert not Archive(tmp_path / "l.duckdb.archive").is_empty


def test_json_adds_up(run, tmp_path):
    paths = [write_file(tmp_path / f"{name}.csv", [gdelt_line(1), gdelt_line(n)]) for n, name in enumerate("ab", 2)]
    code, out, _ = run("gdelt", *paths, "--archive", tmp_path / "archive", "--json")
    shown = json.loads(out)
    assert code == 0
    assert shown["total"] == {"read": 4, "written": 3, "known": 1, "rejected": 0}
    assert [file["name"] for file in shown["files"]] == ["a.csv", "b.csv"]
    assert shown["coverage"][0]["rows"] == shown["resolution"][0]["rows"] == 3


def test_exit_codes(run, tmp_path):
    good, bad = write_file(tmp_path / "a.csv", [gdelt_line(1)]), tmp_path / "none.csv"
    archive = ("--archive", tmp_path / "archive")
    assert run("gdelt", good, bad, *archive)[0] == 1
    code, _, err = run("gdelt", bad, *archive)
    assert (code, "none.csv" in err) == (3, True)
    assert run("acled", good, *archive)[0] == 2
    assert run("gdelt", good, "--ledger", ":memory:")[0] == 2
    assert run("csv", good, "--map", "happened_on", *archive)[0] == 2
    (tmp_path / "file").touch()
    assert run("gdelt", good, "--archive", tmp_path / "file")[0] == 4


@pytest.mark.parametrize(
    ("name", "text"), [("m.toml", 'happened_on = "D"\ncameo = "C"\n'), ("m.json", '{"happened_on": "D", "cameo": "C"}')]
)
def test_a_mapping_from_a_file(run, tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    table = write_file(tmp_path / "t.csv", ["2018-03-01,057,RUS"], "D,C,W")
    words = (
        "csv",
        table,
        "--mapping",
        tmp_path / name,
        "--map",
        "actor=W",
        "--archive",
        tmp_path / "archive",
        "--json",
    )
    code, out, _ = run(*words)
    assert (code, json.loads(out)["total"]["written"]) == (0, 1)


def test_no_progress_line_where_nobody_looks(run, tmp_path):
    assert run("gdelt", write_file(tmp_path / "a.csv", [gdelt_line(1)]), "--archive", tmp_path / "archive")[2] == ""
