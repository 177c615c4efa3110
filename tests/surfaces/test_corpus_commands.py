"""`olivebranch add`: what it takes, what it prints, and with which exit code."""

import json
from functools import partial

import duckdb
import pytest

from olivebranch.ledger import Ledger

TEXT = "Poland is ready to reopen its border with Lithuania, Foreign Minister Anna Nowak said on {}."
DAYS = ("Monday", "Tuesday", "Wednesday")


@pytest.fixture
def run(run, monkeypatch):
    """Runs `olivebranch add` in this process; gives exit code, standard output and standard error."""
    monkeypatch.setattr("olivebranch.settings.CODER", "rules")  # what is tested here hangs on no weights
    return partial(run, "add")


@pytest.fixture
def corpus(tmp_path):
    """A folder with a text, a page and JSON Lines below it, and files that are none of its own."""
    folder = tmp_path / "corpus"
    (folder / "later").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "draft.txt").write_text(TEXT.format("Sunday"), encoding="utf-8")
    (folder / "a.txt").write_text(TEXT.format(DAYS[0]), encoding="utf-8")
    page = f"<html><body><article><h1>Border</h1><p>{TEXT.format(DAYS[1])}</p></article></body></html>"
    (folder / "b.html").write_text(page, encoding="utf-8")
    row = {"text": TEXT.format(DAYS[2]), "published_on": "2014-05-08"}
    (folder / "later" / "c.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder


def kept(path):
    with Ledger(path) as ledger:
        return ledger.rows("SELECT article_id, story_id, published_on, fingerprint, reading FROM articles ORDER BY 1")


def test_folder_is_read_and_workers_give_the_same(run, corpus, tmp_path):
    code, out, err = run(corpus, "--ledger", tmp_path / "one.duckdb", "--json")
    assert (code, err) == (0, "")
    shown = json.loads(out)
    assert [shown[count] for count in ("stories", "new", "known", "failed")] == [3, 3, 0, 0]
    assert shown["rows"]["articles"] == 3
    code, out, err = run(corpus, "--ledger", tmp_path / "two.duckdb", "--workers", "1")
    assert (code, err) == (0, "")
    assert out.startswith("3 new or changed, 0 known, 0 failed; 3 articles")
    assert kept(tmp_path / "one.duckdb") == kept(tmp_path / "two.duckdb")
    assert all(day in str(kept(tmp_path / "two.duckdb")) for day in DAYS)
    assert run(corpus, "--ledger", tmp_path / "two.duckdb")[1].startswith("0 new or changed, 3 known, 0 failed")


def test_bad_story_is_told_and_the_others_are_kept(run, corpus, own_ledger_path):
    with (corpus / "later" / "c.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"title": "no text"}\nnot JSON\n')
    code, out, err = run(corpus / "later", "--json")
    assert code == 1
    shown = json.loads(out)
    assert [shown[count] for count in ("stories", "new", "known", "failed")] == [3, 1, 0, 2]
    assert [failure["message"] for failure in shown["failures"]] == [
        line.removeprefix("olivebranch: ") for line in err.splitlines()
    ]
    assert "c.jsonl, line 2: has no 'text'" in err
    assert len(kept(own_ledger_path)) == 1


def write_nothing(path):
    path.mkdir()


def write_empty(path):
    path.write_text("", encoding="utf-8")


def write_wrong_parquet(path):
    duckdb.execute(f"COPY (SELECT 'a story' AS body) TO '{path}' (FORMAT parquet)")


@pytest.mark.parametrize(
    ("write", "words"),
    [(write_nothing, ""), (write_empty, "corpus.parquet"), (write_wrong_parquet, "has no column 'text'")],
)
def test_nothing_read_is_exit_3_and_makes_no_ledger(run, tmp_path, own_ledger_path, write, words):
    write(tmp_path / "corpus.parquet")
    code, _, err = run(tmp_path / "corpus.parquet")
    assert code == 3
    assert words in err
    assert not own_ledger_path.exists()


@pytest.mark.parametrize(
    "words", [["--workers", "0"], ["--workers", "two"], ["--workers", "2", "--ray", "local"], ["--coder", "poet"]]
)
def test_wrong_use_is_exit_2(run, corpus, words):
    code, out, err = run(corpus, *words)
    assert (code, out) == (2, "")
    assert err.startswith("olivebranch: ")
