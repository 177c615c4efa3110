"""What every room's tests share: a ledger in memory and one in a file, never the user's own."""

import pytest

from olivebranch.ledger import Ledger


@pytest.fixture(autouse=True)
def own_ledger_path(tmp_path, monkeypatch):
    """No test may reach the ledger in the user's data folder."""
    path = tmp_path / "ledger.duckdb"
    monkeypatch.setenv("OLIVEBRANCH_LEDGER", str(path))
    return path


@pytest.fixture
def ledger():
    with Ledger() as opened:
        yield opened
