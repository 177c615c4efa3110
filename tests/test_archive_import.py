"""Event files into the archive: every format, what is counted, what is rejected, and imports that break off."""

import gzip
import json
import subprocess
import sys
import zipfile
from datetime import date

import duckdb
import pytest

from archive_files import ICEWS_HEADER, REDUCED_HEADER, gdelt_line, icews_line, reduced_line, write_file
from olivebranch.archive_import import import_archives
from olivebranch.errors import LedgerError, LedgerLocked, UnreadableArchive, UsageError
from olivebranch.intake.archives import ImportOptions, parts
from olivebranch.ledger import archive_writer
from olivebranch.ledger.archive import CODED_EVENT_COLUMNS, Archive
from olivebranch.ledger.archive_writer import ArchiveWriter


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "archive")


@pytest.fixture
def small_steps(monkeypatch):
    """Blocks of a few rows and batches of a few blocks, so that a small file takes several."""
    monkeypatch.setattr(parts, "BLOCK_BYTES", 4000)
    monkeypatch.setattr(archive_writer, "COMMIT_ROWS", 30)


def rows(archive, columns="source_row", where="true"):
    with archive.connect() as con:
        return con.execute(f"SELECT {columns} FROM coded_events WHERE {where} ORDER BY ALL").fetchall()


def counts(report):
    return tuple(report.total(name) for name in ("read", "written", "known", "rejected"))


def rejects(archive):
    paths = sorted(archive.path.glob("rejects/*.csv"))
    return [row for path in paths for row in duckdb.sql(f"SELECT file, line, reason FROM '{path}'").fetchall()]


# Formats


def test_a_native_icews_row_becomes_a_coded_row(archive, tmp_path):
    path = write_file(tmp_path / "events.tab", [icews_line(5)], ICEWS_HEADER)
    assert counts(import_archives([path], "icews", archive)) == (1, 1, 0, 0)
    with archive.connect() as con:
        found = con.execute("SELECT * FROM coded_events").fetchall()
        names = [column[0] for column in con.description]
    assert names == list(CODED_EVENT_COLUMNS)
    row = dict(zip(names, found[0], strict=True))
    assert row == {
        "source": "icews", "source_row": "5-20180301", "happened_on": date(2018, 3, 1), "known_on": date(2018, 3, 1),
        "actor": "RUS", "actor_name": "Foreign Affairs (Russia)", "actor_sector": "GOV",
        "recipient": "USA", "recipient_name": "United States", "recipient_sector": "GOV",
        "cameo": "036", "type": "AGREE", "mode": None, "is_deed": False, "score": 6.0, "goldstein": 4.0,
        "place": "RUS", "outlet": "The Daily Example", "story": "775", "reports": 1, "is_state_pair": True,
        "is_former": False, "names_dyads": True, "is_sampled": False, "is_repeat": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "day", "expected"),
    [
        (REDUCED_HEADER, "2018-03-01", ("icews", True, False)),
        (f"{REDUCED_HEADER}\tfrom", "2014-03-01", ("icews-0515", False, False)),
        (f"{REDUCED_HEADER}\tfrom", "2011-10-06", ("icews-0515", False, True)),
    ],
)
def test_a_reduced_icews_table_is_known_by_its_columns(archive, tmp_path, header, day, expected):
    path = write_file(tmp_path / "t.tsv.gz", [reduced_line(day) + ("\tset" if "from" in header else "")], header)
    import_archives([path], "icews", archive)
    assert rows(archive, "source, names_dyads, is_sampled") == [expected]


def test_the_user_may_say_what_cannot_be_seen(archive, tmp_path):
    path = write_file(tmp_path / "t.tsv", [reduced_line()], REDUCED_HEADER)
    import_archives([path], "icews", archive, ImportOptions(names_dyads=False, sampled_before=date(2018, 4, 1)))
    assert rows(archive, "names_dyads, is_sampled") == [(False, True)]


@pytest.mark.parametrize(("version", "columns"), [(1, 57), (1, 58), (2, 60), (2, 61)])
@pytest.mark.parametrize("name", ["e.csv", "e.CSV.gz", "e.CSV.zip"])
def test_gdelt_of_both_versions_and_every_packing(archive, tmp_path, name, version, columns):
    lines = [gdelt_line(7, added="20180302", version=version, columns=columns)]
    import_archives([write_file(tmp_path / name, lines)], "gdelt", archive)
    wanted = (
        "source_row, happened_on, known_on, actor, recipient, actor_name, cameo, place, reports, is_state_pair, story"
    )
    url = "http://e.org/a" if columns in (58, 61) else None
    day, added = date(2018, 3, 1), date(2018, 3, 2)
    assert rows(archive, wanted) == [("7", day, added, "RUS", "USA", "NAME OF RUSGOV", "036", "RUS", 5, True, url)]


def test_ragged_rows_of_one_gdelt_file(archive, tmp_path):
    lines = [gdelt_line(n, columns=c) for n, c in enumerate((57, 58, 56, 59, 62), 1)]
    report = import_archives([write_file(tmp_path / "e.csv", lines)], "gdelt", archive)
    assert counts(report) == (5, 3, 0, 2)
    assert [(line, why) for _, line, why in rejects(archive)] == [
        (3, "56 columns, expected 57 to 61"),
        (5, "62 columns, expected 57 to 61"),
    ]


def test_gdelt_mentions_have_a_table_of_their_own(archive, tmp_path):
    cells = [
        "7",
        "20180301101500",
        "20180302120000",
        "1",
        "e.org",
        "http://e.org/a",
        "4",
        "-1",
        "9",
        "8",
        "1",
        "80",
        "2",
        "0",
        "",
        "",
    ]
    path = write_file(
        tmp_path / "m.csv", ["\t".join(cells), "\t".join(cells), "\t".join([*cells[:5], "http://e.org/b", *cells[6:]])]
    )
    assert counts(import_archives([path], "gdelt", archive)) == (3, 2, 1, 0)
    with archive.connect() as con:
        found = con.execute("SELECT event_row, mentioned_on, outlet, confidence FROM mentions").fetchall()
    assert found == [("7", date(2018, 3, 2), "e.org", 80)] * 2
    assert archive.is_empty
    assert rows(archive) == []


def test_polecat_columns_in_any_order(archive, tmp_path):
    header = ["Event Type", "Event ID", "event_date", "Event Mode", "Recipient Name", "Recipient Country", "Actor Name",
              "Actor COW", "Actor Country", "Primary Actor Sector", "Recipient Sectors", "Contexts", "Source"]  # fmt: skip
    cells = ["CONSULT", "w1-77", "2022-05-01", "visit", "Government of Japan", "JPN", "Emmanuel Macron", "FRN", "FRA",
             "GOV", "GOV;LEG", "diplomatic", "Kyodo"]  # fmt: skip
    import_archives([write_file(tmp_path / "w.txt", ["\t".join(cells)], "\t".join(header))], "polecat", archive)
    wanted = "source_row, actor, recipient, type, mode, cameo, score, outlet, is_state_pair, is_deed"
    assert rows(archive, wanted) == [("w1-77", "FRA", "JPN", "CONSULT", "visit", "042", 3.0, "Kyodo", True, False)]


def test_a_csv_of_any_columns_by_a_mapping(archive, tmp_path):
    path = tmp_path / "acts.csv"
    path.write_text(
        'Date,Who,"To, whom",Code\n01/03/2018,Russia,"Japan",057\n02/03/2018,FRA,European Union,\'x\n', encoding="utf-8"
    )
    mapping = {"happened_on": "Date", "actor": "Who", "recipient": "To, whom", "cameo": "Code"}
    report = import_archives([path], "csv", archive, ImportOptions(mapping=mapping, day_format="%d/%m/%Y", name="acts"))
    assert counts(report) == (2, 1, 0, 1)
    assert rows(archive, "source, happened_on, actor, recipient, type") == [
        ("csv:acts", date(2018, 3, 1), "RUS", "JPN", "SUPPORT")
    ]


def test_a_parquet_of_our_own_columns_needs_no_mapping(archive, tmp_path):
    path = tmp_path / "acts.parquet"
    duckdb.sql(
        "COPY (SELECT DATE '2018-03-01' + n::INT AS happened_on, 'RUS' AS actor, 'JPN' AS recipient, '057' AS cameo, "
        f"n AS source_row FROM range(5) AS t(n)) TO '{path}'"
    )
    assert counts(import_archives([path], "csv", archive)) == (5, 5, 0, 0)
    assert rows(archive, "source_row, cameo", "happened_on = '2018-03-03'") == [("2", "057")]


def test_a_csv_with_torn_rows_keeps_the_others(archive, tmp_path):
    path = tmp_path / "acts.csv"
    path.write_text(
        'happened_on,actor,recipient,cameo\n2018-03-01,RUS,"JPN\nand more",057\n2018-03-02,RUS\n\n2018-03-03,RUS,JPN,057,x\n'
        "2018-03-04,RUS,JPN,057\n",
        encoding="utf-8",
    )
    assert counts(import_archives([path], "csv", archive)) == (4, 2, 0, 2)
    assert rows(archive, "happened_on") == [(date(2018, 3, 1),), (date(2018, 3, 4),)]


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ({"happened_on": "Day"}, "no such column"),
        ({"happened": "Date"}, "no column of ours"),
        ({"happened_on": "Date"}, "which code|the code"),
    ],
)
def test_a_mapping_that_does_not_fit(archive, tmp_path, mapping, complaint):
    path = write_file(tmp_path / "a.csv", ["2018-03-01,RUS"], "Date,Who")
    with pytest.raises(UsageError, match=complaint):
        import_archives([path], "csv", archive, ImportOptions(mapping=mapping))


# Known rows and repeats


def test_the_same_file_twice_adds_nothing_whatever_its_name(archive, tmp_path):
    lines = [gdelt_line(n) for n in range(20)]
    first = write_file(tmp_path / "a.csv", lines)
    assert counts(import_archives([first], "gdelt", archive)) == (20, 20, 0, 0)
    digest = archive.digest()
    assert counts(import_archives([first], "gdelt", archive)) == (20, 0, 20, 0)
    assert counts(import_archives([write_file(tmp_path / "b.zip", lines)], "gdelt", archive)) == (20, 0, 20, 0)
    assert len(rows(archive)) == 20
    assert archive.digest() == digest


def test_an_id_is_kept_once_within_a_file_and_across_days(archive, tmp_path):
    lines = [gdelt_line(1), gdelt_line(1), gdelt_line(1, day="20180305"), gdelt_line(2)]
    assert counts(import_archives([write_file(tmp_path / "a.csv", lines)], "gdelt", archive)) == (4, 2, 2, 0)
    again = write_file(tmp_path / "b.csv", [gdelt_line(2, day="20190101"), gdelt_line(3)])
    assert counts(import_archives([again], "gdelt", archive)) == (2, 1, 1, 0)


def test_repeats_of_a_day_are_marked_here_and_across_batches(archive, tmp_path):
    first = [gdelt_line(1), gdelt_line(2), gdelt_line(3, code="057"), gdelt_line(4, day="20180302")]
    import_archives([write_file(tmp_path / "a.csv", first)], "gdelt", archive)
    assert rows(archive, "source_row", "is_repeat") == [("2",)]
    later = [gdelt_line(5), gdelt_line(6, code="040"), gdelt_line(7, actor="RUSCVL"), gdelt_line(8, actor="RUSCVL")]
    import_archives([write_file(tmp_path / "b.csv", later)], "gdelt", archive)
    # 7 is a citizen's act: it repeats no act of the government, and 8 repeats it.
    assert rows(archive, "source_row", "is_repeat") == [("2",), ("5",), ("8",)]


def test_acts_within_one_country_repeat_only_by_name(archive, tmp_path):
    lines = [reduced_line(source=who, cameo="010", target="India") for who in ("Citizen (India)", "Police (India)")]
    import_archives([write_file(tmp_path / "t.tsv", lines, REDUCED_HEADER)], "icews", archive)
    assert rows(archive, "is_repeat") == [(False,), (False,)]


# Rows that cannot be used


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (icews_line(1, day="1397-04-01"), "another calendar"),
        (icews_line(1, day="2991-04-01"), "in the future"),
        (icews_line(1, day="2018-02-30"), "no day that can be read"),
        (icews_line(1, day="soon"), "no day that can be read"),
        (icews_line(1, cameo="999"), "no such event code: 999"),
        (icews_line(1, cameo=""), "no event code"),
        (icews_line(""), "no id"),
        (icews_line(1) + "\tmore", "21 columns, expected 20"),
        ("1\t2018-03-01", "2 columns, expected 20"),
    ],
)
def test_a_bad_row_is_rejected_with_its_line_and_reason(archive, tmp_path, line, reason):
    path = write_file(tmp_path / "events.tab", [icews_line(8), "", line, icews_line(9)], ICEWS_HEADER)
    assert counts(import_archives([path], "icews", archive)) == (3, 2, 0, 1)
    ((file, number, why),) = rejects(archive)
    assert (file, number) == ("events.tab", 4)
    assert reason in why


def test_an_event_dated_after_it_was_known_is_rejected(archive, tmp_path):
    lines = [gdelt_line(1, day="20180310", added="20180301"), gdelt_line(2, day="20180302", added="20180301")]
    assert counts(import_archives([write_file(tmp_path / "a.csv", lines)], "gdelt", archive)) == (2, 1, 0, 1)
    assert rows(archive, "happened_on, known_on") == [(date(2018, 3, 2), date(2018, 3, 2))]


def test_unknown_actors_are_kept_unresolved(archive, tmp_path):
    path = write_file(tmp_path / "t.tsv", [reduced_line(source="Nobody We Know")], REDUCED_HEADER)
    import_archives([path], "icews", archive)
    assert rows(archive, "actor, actor_name, is_state_pair") == [(None, "Nobody We Know", False)]


def test_latin_1_within_utf_8_and_windows_line_ends(archive, tmp_path):
    path = tmp_path / "t.tsv"
    good, bad = (
        reduced_line(source="Dalia Grybauskaitė").encode(),
        reduced_line(source="Petro Málaga").encode("latin-1"),
    )
    path.write_bytes(b"\r\n".join([REDUCED_HEADER.encode(), good, bad, b"", b""]))
    assert counts(import_archives([path], "icews", archive)) == (2, 2, 0, 0)
    assert rows(archive, "actor_name") == [("Dalia Grybauskaitė",), ("Petro Málaga",)]


# Files that cannot be used


def told(report):
    return [why for _, why in report.failures]


def test_a_missing_an_empty_and_a_foreign_file_do_not_stop_the_others(archive, tmp_path):
    good = write_file(tmp_path / "good.csv", [gdelt_line(1)])
    (tmp_path / "empty.csv").touch()
    (tmp_path / "binary.csv").write_bytes(b"\x7fELF\x00\x00\x01\n")
    icews = write_file(tmp_path / "icews.tab", [icews_line(1)], ICEWS_HEADER)
    torn = tmp_path / "torn.zip"
    torn.write_bytes(write_file(tmp_path / "x.zip", [gdelt_line(2)]).read_bytes()[:200])
    names = [tmp_path / name for name in ("none.csv", "empty.csv", "binary.csv")]
    report = import_archives([*names, icews, torn, good], "gdelt", archive)
    assert counts(report) == (1, 1, 0, 0)
    complaints = ("cannot be read", "is empty", "is no text", "looks like icews", "damaged zip")
    assert len(report.failures) == len(complaints)
    assert all(complaint in why for complaint, why in zip(complaints, told(report), strict=True))


def test_a_wrong_format_name(archive):
    with pytest.raises(UsageError, match="icews, gdelt, polecat, csv"):
        import_archives([], "acled", archive)


def test_a_zip_with_several_members(archive, tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as both:
        both.writestr("a.csv", gdelt_line(1) + "\n")
        both.writestr("deep/b.csv", gdelt_line(2) + "\n")
    report = import_archives([path], "gdelt", archive)
    assert [(part.name, part.written) for part in report.parts] == [("two.zip/a.csv", 1), ("two.zip/deep/b.csv", 1)]


def test_a_truncated_gz_gives_what_lay_whole_and_the_whole_file_then_adds_the_rest(archive, tmp_path, small_steps):
    whole = write_file(tmp_path / "whole.csv.gz", [gdelt_line(n, url=f"http://e.org/{n * n * n}") for n in range(300)])
    torn = tmp_path / "torn.csv.gz"
    torn.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    report = import_archives([torn], "gdelt", archive)
    assert "cut off" in told(report)[0]
    read, written, known, rejected = counts(report)
    assert (known, rejected) == (0, 0)
    assert 0 < written == read < 300
    assert counts(import_archives([whole], "gdelt", archive)) == (300, 300 - written, written, 0)
    assert len(rows(archive)) == 300


# Imports that break off


def many(tmp_path, count=200):
    lines = [gdelt_line(n, day=f"201803{1 + n % 28:02d}", code="040" if n % 3 else "057") for n in range(count)]
    return write_file(tmp_path / "many.csv.gz", [*lines, "torn\trow", *lines[:5]])


def test_an_interrupted_import_goes_on_where_it_was(archive, tmp_path, small_steps):
    path = many(tmp_path)
    calls = []

    def interrupt(name, read):
        calls.append(read)
        if len(calls) == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_archives([path], "gdelt", archive, progress=interrupt)
    kept = len(rows(archive))
    assert 0 < kept < 200
    assert not (archive.path / ".staging").exists()
    again = []
    report = import_archives([path], "gdelt", archive, progress=lambda name, read: again.append(read))
    assert again[0] > kept / 2
    assert counts(report) == (206, 200, 5, 1)
    whole = Archive(tmp_path / "whole")
    import_archives([path], "gdelt", whole)
    everything = ", ".join(CODED_EVENT_COLUMNS)
    assert rows(archive, everything) == rows(whole, everything)
    assert [line for _, line, _ in rejects(archive)] == [201]


KILLED = """
import os, signal, sys
from pathlib import Path
from olivebranch.archive_import import import_archives
from olivebranch.intake.archives import parts
from olivebranch.ledger import archive_writer
from olivebranch.ledger.archive import Archive
parts.BLOCK_BYTES, archive_writer.COMMIT_ROWS = 4000, 30
calls = []
def kill(name, read):
    calls.append(read)
    if len(calls) == 9:
        {how}
import_archives([Path(sys.argv[1])], "gdelt", Archive(sys.argv[2]), progress=kill)
"""


@pytest.mark.parametrize("name", ["SIGKILL", "SIGINT"])
def test_a_killed_import_leaves_an_archive_that_can_be_read_and_gone_on_with(archive, tmp_path, small_steps, name):
    path = many(tmp_path)
    script = KILLED.format(how=f"os.kill(os.getpid(), signal.{name})")
    died = subprocess.run(
        [sys.executable, "-c", script, str(path), str(archive.path)], capture_output=True, text=True, check=False
    )
    assert died.returncode != 0
    kept = len(rows(archive))
    assert 0 < kept < 200
    assert counts(import_archives([path], "gdelt", archive)) == (206, 200, 5, 1)
    assert len(rows(archive)) == len(set(rows(archive))) == 200


def test_a_kill_between_files_and_manifest_doubles_nothing(archive, tmp_path, monkeypatch):
    path = many(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Archive, "write_manifest", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            import_archives([path], "gdelt", archive)
    assert list(archive.path.glob("coded_events/*/*.parquet"))
    assert rows(archive) == []
    import_archives([path], "gdelt", archive)
    assert len(rows(archive)) == 200


FULL = """
import resource, sys
from pathlib import Path
from olivebranch.archive_import import import_archives
from olivebranch.errors import LedgerError
from olivebranch.ledger.archive import Archive
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    import_archives([Path(sys.argv[1])], "gdelt", Archive(sys.argv[2]))
except LedgerError as error:
    print(error)
"""


def test_a_full_disk_is_told_and_the_archive_is_as_it_was(archive, tmp_path):
    import_archives([write_file(tmp_path / "a.csv", [gdelt_line(900)])], "gdelt", archive)
    before = archive.digest()
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(many(tmp_path)), str(archive.path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "could not be written" in done.stdout, done.stderr
    assert archive.digest() == before
    assert len(rows(archive)) == 1


def test_two_imports_at_once(archive):
    with ArchiveWriter(archive), pytest.raises(LedgerLocked, match="another import"):
        ArchiveWriter(archive)


def test_an_archive_that_is_nowhere_takes_nothing(tmp_path):
    with pytest.raises(UsageError, match="--archive"):
        import_archives([], "gdelt", Archive.beside(":memory:"))


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="could not be written"):
        ArchiveWriter(Archive(tmp_path / "file" / "archive"))


def test_a_gz_is_known_by_its_bytes_not_its_name(archive, tmp_path):
    path = tmp_path / "events.csv"
    path.write_bytes(gzip.compress((gdelt_line(1) + "\n").encode()))
    assert counts(import_archives([path], "gdelt", archive)) == (1, 1, 0, 0)


def test_the_manifest_is_json_that_adds_up(archive, tmp_path):
    import_archives([many(tmp_path)], "gdelt", archive)
    held = json.loads((archive.path / "manifest.json").read_text(encoding="utf-8"))
    assert sum(file["rows"] for file in held["files"]) == sum(part["written"] for part in held["imports"]) == 200


def test_a_line_longer_than_any_event(archive, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(parts, "MAX_LINE_BYTES", 5000)
    path = write_file(tmp_path / "a.csv", [gdelt_line(1), "x" * 20_000, gdelt_line(2)])
    assert "longer than" in told(import_archives([path], "gdelt", archive))[0]
    with pytest.raises(UnreadableArchive):
        list(parts.iter_blocks(parts.Part(path)))
