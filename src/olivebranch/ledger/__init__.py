"""Takes readings and chronologies, keeps them in one DuckDB file, gives what was known on a day; codes nothing."""

from olivebranch.ledger.chronology import Chronology, read_chronology
from olivebranch.ledger.store import Ledger, default_path
from olivebranch.ledger.view import View
from olivebranch.ledger.writer import Writer

__all__ = ["Chronology", "Ledger", "View", "Writer", "default_path", "read_chronology"]
