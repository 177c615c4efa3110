"""The file: made, upgraded, refused, locked; a killed writer leaves it as it was."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import date

import duckdb
import pytest

from factories import make_chronology, make_fact
from olivebranch.errors import LedgerError, LedgerLocked, LedgerMismatch
from olivebranch.ledger import Ledger, View, Writer, default_path, migrations, store


def test_new_file_has_the_newest_version_and_folders_are_made(tmp_path):
    path = tmp_path / "deep" / "er" / "ledger.duckdb"
    with Ledger(path) as opened:
        assert migrations.applied_version(opened.connection) == migrations.NEWEST
    assert path.exists()


def test_older_file_is_upgraded_and_keeps_its_rows(tmp_path, monkeypatch):
    path = tmp_path / "old.duckdb"
    with Ledger(path) as opened:
        Writer(opened).add_chronology(make_chronology(facts=[make_fact("f1", date(2014, 1, 1))]))

    def add_note(connection):
        connection.execute("ALTER TABLE facts ADD COLUMN note VARCHAR")

    number = migrations.NEWEST + 1
    newer = (*migrations.MIGRATIONS, (number, "add_note", add_note))
    for module in (migrations, store):
        monkeypatch.setattr(module, "NEWEST", number)
    monkeypatch.setattr(migrations, "MIGRATIONS", newer)
    with Ledger(path, read_only=True) as opened:
        assert opened.rows("SELECT fact_id, note FROM facts") == [("f1", None)]
        assert opened.rows("SELECT version, name FROM migrations ORDER BY 1")[-1] == (number, "add_note")


def test_failed_migration_changes_nothing(tmp_path, monkeypatch):
    path = tmp_path / "old.duckdb"
    Ledger(path).close()

    def break_down(connection):
        connection.execute("CREATE TABLE half (id INTEGER)")
        raise RuntimeError("no")

    number = migrations.NEWEST + 1
    monkeypatch.setattr(store, "NEWEST", number)
    monkeypatch.setattr(migrations, "NEWEST", number)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, (number, "break_down", break_down)))
    with pytest.raises(RuntimeError):
        Ledger(path)
    monkeypatch.undo()
    with Ledger(path) as opened:
        assert opened.rows("SELECT table_name FROM duckdb_tables() WHERE table_name = 'half'") == []


def test_newer_file_is_refused(tmp_path):
    path = tmp_path / "newer.duckdb"
    with Ledger(path) as opened:
        opened.connection.execute("INSERT INTO migrations VALUES (99, 'later', now()::TIMESTAMP)")
    with pytest.raises(LedgerMismatch, match="newer olivebranch"):
        Ledger(path)


@pytest.mark.parametrize("sql", ["CREATE TABLE birds (name VARCHAR)", "CREATE TABLE migrations (id INTEGER)"])
def test_other_duckdb_is_refused_and_left_alone(tmp_path, sql):
    path = tmp_path / "birds.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
    with pytest.raises(LedgerMismatch, match="not a ledger"):
        Ledger(path)
    with duckdb.connect(str(path)) as connection:
        assert len(connection.execute("SELECT * FROM duckdb_tables()").fetchall()) == 1


def test_text_file_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text("A story, not a ledger. " * 500)
    with pytest.raises(LedgerMismatch, match="not a ledger"):
        Ledger(path)
    assert path.read_text().startswith("A story")


@pytest.mark.parametrize("make", [lambda p: p, lambda p: p / "file" / "ledger.duckdb"], ids=["folder", "under a file"])
def test_impossible_place_is_one_clear_error(tmp_path, make):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LedgerError, match=r"--ledger"):
        Ledger(make(tmp_path))


def test_reading_a_ledger_that_is_not_there_says_how_to_make_one(tmp_path):
    with pytest.raises(LedgerError, match="olivebranch add"):
        Ledger(tmp_path / "none.duckdb", read_only=True)
    assert not (tmp_path / "none.duckdb").exists()


def test_closed_ledger_gives_our_error(ledger):
    ledger.close()
    with pytest.raises(LedgerError):
        View(ledger).facts()


def test_transaction_undoes_everything_on_an_error(ledger):
    def add_one_twice():
        with ledger.transaction() as connection:
            for _ in range(2):
                connection.execute("INSERT INTO chronologies VALUES ('a', 'b', now()::TIMESTAMP)")

    with pytest.raises(LedgerError, match="could not be written"):
        add_one_twice()
    assert View(ledger).counts()["chronologies"] == 0
    Writer(ledger).add_chronology(make_chronology())
    assert View(ledger).counts()["chronologies"] == 1


def test_default_path(monkeypatch, tmp_path):
    monkeypatch.setenv("OLIVEBRANCH_LEDGER", "~/my.duckdb")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_path() == str(tmp_path / "my.duckdb")
    monkeypatch.setenv("OLIVEBRANCH_LEDGER", "")
    assert default_path().endswith("ledger.duckdb")


def _start_child(path, body):
    code = f"from olivebranch.ledger import Ledger\nledger = Ledger({str(path)!r})\n" + body
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline().strip() == "ready"
    return child


WAITS = "print('ready', flush=True)\nimport time\ntime.sleep(60)\n"


def test_locked_file_gives_ledger_locked(tmp_path):
    path = tmp_path / "ledger.duckdb"
    child = _start_child(path, WAITS)
    try:
        with pytest.raises(LedgerLocked, match="another process"):
            Ledger(path)
    finally:
        child.kill()
        child.communicate()
    Ledger(path).close()


def test_killed_writer_leaves_the_ledger_as_it_was(tmp_path):
    path = tmp_path / "ledger.duckdb"
    with Ledger(path) as opened:
        Writer(opened).add_chronology(make_chronology(facts=[make_fact("kept", date(2014, 1, 1))]))
    body = (
        "with ledger.transaction() as connection:\n"
        "    connection.execute('DELETE FROM facts')\n"
        "    rows = \"SELECT 'c' || range, 'x', now()::TIMESTAMP FROM range(50000)\"\n"
        "    connection.execute(f'INSERT INTO chronologies {rows}')\n"
    )
    child = _start_child(path, body + textwrap.indent(WAITS, "    "))
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    with Ledger(path) as opened:
        assert [fact.fact_id for fact in View(opened).facts()] == ["kept"]
        assert View(opened).counts()["chronologies"] == 1
