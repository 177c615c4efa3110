"""The archive's folder: where it lies, what its views hold, and what is told of a damaged one."""

import json
from datetime import date

import pytest

from olivebranch.errors import LedgerError, LedgerMismatch
from olivebranch.ledger import archive_writer
from olivebranch.ledger.archive import CODED_EVENT_COLUMNS, CODED_EVENTS, Archive, ImportedPart, Stretch
from olivebranch.ledger.archive_writer import ArchiveWriter

PART = ImportedPart("print", "a.csv", "icews")


def coded(number, day="2018-03-01", source="icews", actor="RUS", recipient="USA", names_dyads="true"):
    """SQL for one coded row."""
    return (
        f"SELECT '{source}', '{number}', DATE '{day}', DATE '{day}', '{actor}', 'A', 'GOV', '{recipient}', 'B', 'GOV', "
        f"'036', 'AGREE', NULL, false, 6.0, 4.0, NULL, NULL, NULL, 1, true, false, {names_dyads}, false"
    )


def fill(archive, *queries):
    with ArchiveWriter(archive) as writer:
        writer.begin(PART, CODED_EVENTS)
        for query in queries:
            writer.stage(query)
        writer.note(offset=1, lines=1, read=len(queries), rejected=0)
        return writer.commit()


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "archive")


def test_an_archive_lies_beside_its_ledger(monkeypatch, tmp_path):
    monkeypatch.delenv("OLIVEBRANCH_ARCHIVE", raising=False)
    assert str(Archive.beside(tmp_path / "my.duckdb").path) == f"{tmp_path / 'my.duckdb'}.archive"
    assert Archive.beside(":memory:").path is None
    monkeypatch.setenv("OLIVEBRANCH_ARCHIVE", str(tmp_path / "elsewhere"))
    assert Archive.beside(":memory:").path == tmp_path / "elsewhere"


@pytest.mark.parametrize("path", [None, "none"])
def test_where_nothing_is_there_is_an_empty_view_of_the_right_columns(tmp_path, path):
    archive = Archive(path and tmp_path / path)
    assert archive.is_empty
    assert archive.coverage() == []
    with archive.connect(memory_limit="1GB", threads=1) as con:
        assert con.execute("SELECT * FROM coded_events").fetchall() == []
        described = con.execute("DESCRIBE coded_events").fetchall()
        assert con.execute("SELECT count(*) FROM mentions").fetchall() == [(0,)]
    assert {row[0]: row[1] for row in described} == CODED_EVENT_COLUMNS


def test_what_is_committed_is_seen_and_counted(archive):
    parts = fill(archive, coded(1), coded(2, "2017-12-31"), coded(1))
    assert [(part.read, part.written, part.known, part.rejected) for part in parts] == [(3, 2, 1, 0)]
    assert archive.coverage() == [Stretch("icews", date(2017, 12, 31), date(2018, 3, 1), 2, True)]
    assert sorted(path.parent.name for path in archive.path.glob("coded_events/*/*.parquet")) == [
        "year=2017",
        "year=2018",
    ]
    with archive.connect() as con:
        assert con.execute("SELECT source_row FROM coded_events ORDER BY happened_on").fetchall() == [("2",), ("1",)]
    (row,) = archive.resolution(["icews"])
    assert (row.rows, row.both_countries, row.within_country, row.state_pairs, row.repeats) == (2, 1, 0, 1, 0)


def test_sources_are_covered_apart(archive):
    fill(archive, coded(1), coded(1, "2014-05-01", "icews-0515", names_dyads="false"))
    assert [(stretch.source, stretch.rows, stretch.names_dyads) for stretch in archive.coverage()] == [
        ("icews", 1, True),
        ("icews-0515", 1, False),
    ]


def test_the_digest_tells_archives_apart_and_is_the_same_for_the_same_rows(tmp_path):
    one, same, other = (Archive(tmp_path / name) for name in ("one", "same", "other"))
    empty = one.digest()
    fill(one, coded(1))
    fill(same, coded(1))
    fill(other, coded(2))
    assert len({empty, one.digest(), other.digest()}) == 3
    assert one.digest() == same.digest()
    assert len(one.digest()) == 64


def test_rows_are_sorted_by_dyad_and_thin_months_share_a_file(archive, monkeypatch):
    monkeypatch.setattr(archive_writer, "SLICE_ROWS", 3)
    days = ["2018-01-05", "2018-02-05", "2018-04-01", "2018-04-02", "2018-04-03", "2018-06-01"]
    fill(archive, *[coded(n, day, actor="USA" if n % 2 else "FRA") for n, day in enumerate(days)])
    held = archive.manifest().files
    assert [(file.begins, file.ends, file.rows) for file in held] == [
        ("2018-01-05", "2018-02-05", 2),
        ("2018-04-01", "2018-04-03", 3),
        ("2018-06-01", "2018-06-01", 1),
    ]
    with archive.connect() as con:
        path = archive.path / held[1].file
        actors = con.execute("SELECT actor FROM read_parquet(?)", [str(path)]).fetchall()
    assert actors == sorted(actors)


def test_a_file_that_is_gone_is_named(archive):
    fill(archive, coded(1))
    next(archive.path.glob("coded_events/*/*.parquet")).unlink()
    with pytest.raises(LedgerError, match="is missing"):
        archive.connect()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"version": 99, "batches": 0, "files": [], "imports": []}'])
def test_a_damaged_or_newer_manifest_is_told(archive, text):
    archive.path.mkdir()
    (archive.path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(LedgerMismatch, match=r"manifest\.json"):
        archive.manifest()


def test_the_manifest_reads_as_it_was_written(archive):
    fill(archive, coded(1))
    manifest = archive.manifest()
    archive.write_manifest(manifest)
    assert archive.manifest() == manifest
    assert json.loads((archive.path / "manifest.json").read_text(encoding="utf-8"))["version"] == 1


def test_a_limit_that_is_none(archive):
    with pytest.raises(LedgerError, match="cannot be opened"):
        archive.connect(memory_limit="a lot")
