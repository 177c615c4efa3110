"""`olivebranch overtures` on the command line: text, JSON, archives, wrong use."""

import json

import pytest
from tests.analysis.tiny_archives import NAMES, coded, day, filler, make_archive
from typer.testing import CliRunner

from olivebranch.errors import UsageError
from olivebranch.ledger.archive import CODED_EVENTS, Archive, BatchFile, Manifest
from olivebranch.surfaces.cli import app

ROWS = [coded(10, "RUS>USA", "0354"), coded(60, "RUS>USA", "0851"), coded(60, "RUS>USA", "036"), *filler(0, 400)]


@pytest.fixture
def archive_path(tmp_path):
    """A folder laid out as an import leaves it."""
    (tmp_path / "archive").mkdir()
    path = tmp_path / "archive" / "rows.parquet"
    make_archive(ROWS).execute(f"COPY (SELECT {', '.join(NAMES)} FROM coded_events) TO '{path}' (FORMAT parquet)")
    file = BatchFile(
        "rows.parquet", CODED_EVENTS.name, "icews", len(ROWS), str(day(0)), str(day(400)), "0", "9", True, ""
    )
    Archive(tmp_path / "archive").write_manifest(Manifest(1, (file,), {}))
    return str(tmp_path / "archive")


def run(*words):
    return CliRunner().invoke(app, ["overtures", *words], catch_exceptions=False)


def test_text(archive_path):
    result = run("RUS:USA", "--archive", archive_path)
    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    assert "What followed the overtures of Russia to United States" in words
    assert "easing after 50 days" in words
    assert "day 30" in words


def test_json(archive_path):
    result = run("RUS:USA", "--archive", archive_path, "--json", "--as-of", "2018-12-31")
    report = json.loads(result.stdout)
    ledger, icews = report["sources"]
    assert ledger["rows"]
    assert [row["outcome"] for row in icews["rows"]] == ["kept", "lapsed"]
    assert icews["tally"]["in_full"]["share"] == 1.0
    assert len(icews["tally"]["in_full"]["interval"]) == 2
    assert report["as_of"] == "2018-12-31"


def test_without_an_archive():
    report = json.loads(run("PRK:KOR", "--json").stdout)
    assert [source["name"] for source in report["sources"]] == ["ledger"]


@pytest.mark.parametrize("dyad", ["RUS", "RUS:RUS", "RUS:XYZ"])
def test_wrong_use(dyad):
    with pytest.raises(UsageError):
        run(dyad)
