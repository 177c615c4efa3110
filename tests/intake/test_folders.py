"""Corpora named by their folder."""

import os

import duckdb
import pytest

from olivebranch.intake.folders import count_stories, iter_files


@pytest.fixture
def folder(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/b/c.html", ".cache/x.txt", "a/.DS_Store", "d.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one\ntwo\n", encoding="utf-8")
    return tmp_path


def test_files_come_in_the_same_order_everywhere_and_hidden_ones_not_at_all(folder):
    found = [os.path.relpath(path, folder) for path in iter_files([str(folder)])]
    assert found == ["b.txt", "d.jsonl", "a/z.txt", "a/b/c.html"]


def test_what_is_no_folder_stays_as_it_was_named():
    assert list(iter_files(["-", "none.txt"])) == ["-", "none.txt"]


def test_stories_are_counted_before_they_are_read(folder):
    assert count_stories([str(folder)]) == 3 + 2
    duckdb.execute(f"COPY (SELECT 'a' AS text FROM range(7)) TO '{folder / 'e.parquet'}' (FORMAT parquet)")
    assert count_stories([str(folder / "e.parquet"), str(folder / "b.txt")]) == 8
    (folder / "f.parquet").write_bytes(b"PAR1")
    assert count_stories([str(folder / "f.parquet")]) == 1


def test_of_a_pipe_nobody_can_say(folder):
    os.mkfifo(folder / "pipe")
    assert count_stories([str(folder / "b.txt"), str(folder / "pipe")]) is None
    assert count_stories(["-"]) is None
