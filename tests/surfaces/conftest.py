"""The command line, run in this process."""

import io
import sys

import pytest

from olivebranch.surfaces.cli import main


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the command line; gives exit code, standard output and standard error."""

    def run_(*words, stdin=""):
        monkeypatch.setattr(sys, "argv", ["olivebranch", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        return stop.value.code, *capsys.readouterr()

    return run_


@pytest.fixture
def no_weights(monkeypatch, tmp_path):
    """A folder without weights in the place of the shipped ones."""
    from olivebranch.extraction.attribution_model import load_attribution_model
    from olivebranch.extraction.event_model import load_event_model
    from olivebranch.extraction.pieces import load_pieces

    opened = (load_attribution_model, load_event_model, load_pieces)
    for load in opened:
        load.cache_clear()
    monkeypatch.setenv("OLIVEBRANCH_WEIGHTS", str(tmp_path / "none"))
    yield
    for load in opened:
        load.cache_clear()
