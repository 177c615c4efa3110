"""The trained weights are checked before they are used, and say what to do where they are not sound."""

import hashlib
import json

import pytest

from olivebranch.errors import WeightsError
from olivebranch.extraction import weights


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "vocab.txt").write_text("[PAD]\n", encoding="utf-8")
    digest = hashlib.sha256(b"[PAD]\n").hexdigest()
    (tmp_path / "manifest.json").write_text(json.dumps({"sha256": {"vocab.txt": digest}}), encoding="utf-8")
    monkeypatch.setenv("OLIVEBRANCH_WEIGHTS", str(tmp_path))
    return tmp_path


def test_a_sound_file_is_given(folder):
    assert weights.has_weights()
    assert weights.checked_file("vocab.txt") == folder / "vocab.txt"


def test_a_damaged_file_is_refused(folder):
    (folder / "vocab.txt").write_text("[PAD]\nmore\n", encoding="utf-8")
    with pytest.raises(WeightsError, match=r"damaged.*--coder rules"):
        weights.checked_file("vocab.txt")


def test_a_missing_file_is_told(folder):
    (folder / "vocab.txt").unlink()
    with pytest.raises(WeightsError, match=r"missing.*--coder rules"):
        weights.checked_file("vocab.txt")


def test_no_weights_at_all(tmp_path, monkeypatch):
    monkeypatch.setenv("OLIVEBRANCH_WEIGHTS", str(tmp_path / "nowhere"))
    assert not weights.has_weights()
    with pytest.raises(WeightsError, match="no trained weights"):
        weights.checked_file("vocab.txt")


def test_a_file_that_is_no_network_is_told(folder):
    manifest = {"sha256": {"x.onnx": hashlib.sha256(b"junk").hexdigest()}}
    (folder / "x.onnx").write_bytes(b"junk")
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    weights.load_manifest.cache_clear()
    with pytest.raises(WeightsError, match="could not be opened"):
        weights.Network("x.onnx")
