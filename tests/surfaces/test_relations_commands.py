"""`olivebranch relations` and `linkage`: what they print and draw, where, and with which exit code."""

import json
from pathlib import Path

import pytest
from tests.analysis.test_relations import WEEKS, cooling, word
from tests.analysis.tiny_archives import coded, day, make_archive

from olivebranch.ledger.archive import CODED_EVENTS, Archive, BatchFile, Manifest


@pytest.fixture
def run(run, monkeypatch):
    """Runs the command line in this process, 100 columns wide; gives exit code, standard output, standard error."""
    monkeypatch.setenv("COLUMNS", "100")
    return run


def write_archive(folder, rows):
    """An archive of these rows in a folder, as the import would leave it."""
    file = folder / "coded_events" / "year=2018" / "1.parquet"
    file.parent.mkdir(parents=True)
    make_archive(rows).execute(f"COPY (FROM coded_events ORDER BY actor, recipient, happened_on) TO '{file}'")
    first, last = (str(pick(row["happened_on"] for row in rows)) for pick in (min, max))
    batch = BatchFile(
        str(file.relative_to(folder)), CODED_EVENTS.name, "icews", len(rows), first, last, "0", "9", True, ""
    )
    Archive(folder).write_manifest(Manifest(1, (batch,)))
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A year of two dyads, one of which cools in July, and one evil name."""
    rows = cooling() + cooling(dyad="RUS>CHN", seed=2) + [word(3, actor_name="[bold]<script>alert(1)</script>\x1b[2J")]
    rows += [coded(7 * 26, "RUS>USA", "163", type="SANCTION", is_deed=True, score=-9.0, actor_name="[red]<b>x</b>")]
    return write_archive(tmp_path_factory.mktemp("archive"), rows)


def test_the_answer_in_the_terminal(run, archive):
    code, out, err = run("relations", "RUS:USA", "--archive", archive)
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    out = " ".join(out.split())
    assert "Russia → United States" in out
    assert "United States → Russia" in out
    assert "colder than " in out
    assert "its own 51 weeks since 2018-01" in out
    assert "● deeds colder from 2 Jul 2018" in out
    assert "accepted (3 of 3 penalties" in out
    assert "Archive icews: 1 Jan 2018 to" in out
    assert "[red]<b>x</b>" in out


def test_json_holds_both_bases_and_every_period(run, archive):
    code, out, _ = run("relations", "RUS:USA", "--archive", archive, "--json", "--counts")
    found = json.loads(out)
    one = found["directions"][0]
    assert code == 0
    assert found["basis"] == "counts"
    assert len(one["periods"]) == WEEKS
    assert {"count", "mean", "net", "share", "per_report"} == set(one["periods"][0]["deeds"])
    assert {change["basis"] for change in one["changes"]} == {"share", "counts"}
    assert one["changes"][0]["rows"][0]["source_row"]
    assert found["coverage"][0]["source"] == "icews"


def test_the_page_needs_nothing_else_and_escapes_names(run, archive, tmp_path):
    page = tmp_path / "page.html"
    code, out, _ = run("relations", "RUS:USA", "--archive", archive, "--plot", page)
    text = page.read_text(encoding="utf-8")
    assert code == 0
    assert f"drawn: {page.name}" in out.replace("\n", "").replace(str(tmp_path) + "/", "")
    assert "<script src=" not in text
    assert "<b>x</b>" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert text.count("Plotly.newPlot") >= 1


@pytest.mark.parametrize("name", ["page.png", "page", "missing/page.html"])
def test_a_page_that_cannot_be_drawn(run, archive, tmp_path, name):
    code, _, err = run("relations", "RUS:USA", "--archive", archive, "--plot", tmp_path / name)
    assert code == 2
    assert err.startswith("olivebranch: ")


def test_the_archive_beside_the_ledger(run, tmp_path):
    ledger = tmp_path / "my.duckdb"
    write_archive(Path(f"{ledger}.archive"), cooling(weeks=8))
    code, out, _ = run("relations", "RUS:USA", "--ledger", ledger)
    assert code == 0
    assert "Too few weeks to rank" in out


def test_grey_weeks_only(run, tmp_path):
    write_archive(tmp_path / "thin", [word(7 * week) for week in range(20)] + [word(7 * 20 - 1)])
    code, out, _ = run("relations", "RUS:USA", "--archive", tmp_path / "thin")
    assert code == 0
    assert "Every period is grey" in out
    assert "No change of level found" in out


def test_nothing_to_read(run, archive, tmp_path):
    code, out, err = run("relations", "RUS:USA", "--archive", tmp_path / "none")
    assert (code, out) == (3, "")
    assert "archive is empty" in err
    code, out, err = run("relations", "FRA:DEU", "--archive", archive, "--json")
    assert (code, out) == (3, "")
    assert "no row on FRA:DEU" in err
    assert run("linkage", "RUS:USA", "FRA:DEU", "--archive", archive)[0] == 3


@pytest.mark.parametrize(
    "words",
    [
        ["relations", "RUS"],
        ["relations", "RUS:XXX"],
        ["relations", "RUS:USA", "--by", "day"],
        ["relations", "RUS:USA", "--since", "2018-06-01", "--as-of", "2018-05-01"],
        ["relations", "WEST:RUS"],
        ["relations", "RUS:USA", "--source", "gdelt"],
        ["linkage", "RUS:USA", "RUS:USA"],
        ["linkage", "RUS:USA", "RUS:CHN", "--max-lag", "40"],
    ],
)
def test_wrong_use(run, archive, words):
    code, out, err = run(*words, "--archive", archive)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_since_and_as_of_bound_the_series(run, archive):
    words = ("relations", "RUS:USA", "--archive", archive, "--json", "--since", "2018-02-05", "--as-of", "2018-06-03")
    found = json.loads(run(*words)[1])
    periods = found["directions"][0]["periods"]
    assert (periods[0]["begins"], periods[-1]["ends"]) == ("2018-02-05", "2018-06-03")


def test_linkage_in_the_terminal_and_as_json(run, archive):
    code, out, _ = run("linkage", "RUS:USA", "RUS:CHN", "--archive", archive, "--max-lag", "3")
    assert code == 0
    assert "RUS>USA leads RUS>CHN" in out
    assert "Response to one point more" in out
    assert "cause" not in out
    found = json.loads(run("linkage", "RUS:USA", "RUS:CHN", "--archive", archive, "--json", "--of", "deeds")[1])
    assert len(found["found"]["tests"]) == 8
    assert len(found["found"]["responses"][0]) == 9
    assert len(found["series"][0]["values"]) == len(found["weeks"])
    assert found["weeks"][0] == str(day(0))


@pytest.mark.parametrize("command", ["relations", "linkage"])
def test_help_has_an_example(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"Example: olivebranch {command} " in " ".join(out.split())
