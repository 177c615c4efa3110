"""The cache gives what the tables give, whatever state its folder and its files are in."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from olivebranch.codebook import cache


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("OLIVEBRANCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def count_calls(value):
    calls = []

    def make():
        calls.append(1)
        return value

    return make, calls


def test_it_is_made_once_and_then_remembered(folder):
    make, calls = count_calls({"a": [("x", None, 1.5, True, ("y",))]})
    assert cache.recall("things", make) == cache.recall("things", make) == {"a": [("x", None, 1.5, True, ("y",))]}
    assert len(calls) == 1
    assert [path.suffix for path in folder.iterdir()] == [".bin"]


@pytest.mark.parametrize("damage", [b"", b"rubbish", None], ids=["empty", "rubbish", "cut short"])
def test_a_damaged_file_is_as_good_as_none(folder, damage):
    make, calls = count_calls([1, 2, 3])
    cache.recall("things", make)
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-2] if damage is None else damage)
    assert cache.recall("things", make) == [1, 2, 3]
    assert len(calls) == 2
    assert cache.recall("things", make) == [1, 2, 3]
    assert len(calls) == 2, "it was not written anew"


def test_a_flipped_byte_is_noticed(folder):
    make, calls = count_calls(["a" * 100])
    cache.recall("things", make)
    (path,) = folder.iterdir()
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    assert cache.recall("things", make) == ["a" * 100]
    assert len(calls) == 2


def test_other_tables_make_another_file(folder, monkeypatch):
    cache.recall("things", lambda: 1)
    monkeypatch.setattr(cache, "hash_tables", lambda: b"x" * 32)
    assert cache.recall("things", lambda: 2) == 2
    assert len(list(folder.iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_no_hindrance(folder, monkeypatch):
    folder.write_text("a file stands where the folder should")
    assert cache.recall("things", lambda: 7) == 7
    monkeypatch.setenv("OLIVEBRANCH_CACHE", "x" * 5000)
    assert cache.recall("things", lambda: 8) == 8


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_no_hindrance(folder):
    folder.mkdir(mode=0o500)
    assert cache.recall("things", lambda: 7) == 7


def test_what_cannot_be_kept_is_given_all_the_same():
    thing = object()
    assert cache.recall("things", lambda: thing) is thing


def test_several_at_once_leave_one_whole_file(folder):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: cache.recall("things", lambda: list(range(10_000))), range(24)))
    assert all(made == list(range(10_000)) for made in found)
    assert len(list(folder.iterdir())) == 1


def test_old_files_go_and_the_newest_stay(folder, monkeypatch):
    monkeypatch.setattr(cache, "KEPT", 3)
    for number in range(6):
        monkeypatch.setattr(cache, "hash_tables", lambda number=number: bytes([number]) * 32)
        cache.recall("things", lambda: 1)
    assert len(list(folder.iterdir())) == 3
