"""The track record's file: one JSON line for each forecast and each score, only ever added to."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from olivebranch.errors import LedgerError
from olivebranch.ledger.store import MEMORY


class ForecastFile:
    """`<ledger>.forecasts.jsonl`; nowhere for a ledger in memory. Lines are never changed or taken away."""

    def __init__(self, path: str | Path | None) -> None:
        self.path = Path(path) if path is not None else None

    @classmethod
    def beside(cls, ledger_path: str | Path) -> "ForecastFile":
        """The track record of a ledger."""
        return cls(None if str(ledger_path) == MEMORY else f"{ledger_path}.forecasts.jsonl")

    def read(self) -> Iterator[dict[str, Any]]:
        """Every line, oldest first.

        Raises:
            LedgerError: a line is damaged.
        """
        if self.path is None or not self.path.exists():
            return
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                entry = json.loads(line)
                entry["id"]
            except (ValueError, KeyError, TypeError) as error:
                raise LedgerError(
                    f"{self.path}: line {number} is no forecast; put the file back from a copy, or move it away"
                ) from error
            yield entry

    def add(self, entries: Iterable[dict[str, Any]]) -> int:
        """Adds the entries whose (kind, id) are not there yet, and says how many.

        Raises:
            LedgerError: the file cannot be read or written.
        """
        known = {(entry.get("kind"), entry["id"]) for entry in self.read()}
        new = {(entry["kind"], entry["id"]): entry for entry in entries if (entry["kind"], entry["id"]) not in known}
        if self.path is None or not new:
            return 0
        lines = "".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n" for entry in new.values())
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(lines)
        except OSError as error:
            raise LedgerError(f"{self.path}: could not be written: {error.strerror or error}") from error
        return len(new)
