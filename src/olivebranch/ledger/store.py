"""Opens the ledger file: where it lies, how it is locked, and the transaction that every write runs in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from olivebranch import settings
from olivebranch.errors import LedgerError, LedgerLocked, LedgerMismatch
from olivebranch.ledger.migrations import NEWEST, applied_version, migrate

MEMORY = ":memory:"


def default_path() -> str:
    """The ledger that is used when none is named: OLIVEBRANCH_LEDGER, else a file in the user's data folder."""
    named = settings.env_path("LEDGER")
    if named is not None:
        return str(named.expanduser())
    from platformdirs import user_data_path

    return str(user_data_path("olivebranch", appauthor=False) / "ledger.duckdb")


class Ledger:
    """One DuckDB file, or `:memory:`. A context manager; everything written in it goes through `transaction`.

    Raises:
        LedgerLocked: another process has the file open.
        LedgerMismatch: the file is no ledger, or a newer olivebranch made it.
        LedgerError: the file cannot be opened or made.
    """

    def __init__(self, path: str | Path = MEMORY, *, read_only: bool = False) -> None:
        self.path = str(path)
        self.read_only = read_only and self.path != MEMORY
        self._is_writing = False
        if self.path != MEMORY:
            self._check_place(Path(self.path))
        self.connection = self._connect()
        try:
            self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a query gives; values are bound to its question marks.

        Raises:
            LedgerError: the file cannot be read, or the ledger was closed.
        """
        try:
            return self.connection.execute(sql, list(values)).fetchall()
        except duckdb.Error as error:
            raise LedgerError(f"{self.path}: could not be read: {_first_line(error)}") from error

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """All that is written inside becomes visible together, or not at all; one opened inside another belongs to it.

        Raises:
            LedgerError: it could not be written; the ledger is as it was.
        """
        if self._is_writing:
            yield self.connection
            return
        self._is_writing = True
        try:
            self.connection.execute("BEGIN")
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException as error:
            # A failed COMMIT has ended the transaction already; then there is nothing to roll back.
            with suppress(duckdb.Error):
                self.connection.execute("ROLLBACK")
            if isinstance(error, duckdb.Error):
                raise LedgerError(f"{self.path}: could not be written: {_first_line(error)}") from error
            raise
        finally:
            self._is_writing = False

    def _check_place(self, path: Path) -> None:
        try:
            if self.read_only and not path.exists():
                raise LedgerError(f"{path}: there is no ledger; make one with `olivebranch add STORY`")
            if path.is_dir():
                raise LedgerError(f"{path}: is a folder; name a file with --ledger")
            path.parent.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise LedgerError(f"{path}: its folder cannot be used ({why}); name another with --ledger") from error

    def _connect(self) -> duckdb.DuckDBPyConnection:
        try:
            return duckdb.connect(self.path, read_only=self.read_only, config={"autoinstall_known_extensions": "false"})
        except duckdb.Error as error:
            raise self._open_error(error) from error

    def _open_error(self, error: duckdb.Error) -> LedgerError:
        words = str(error).lower()
        if "could not set lock" in words or "used by another process" in words:
            return LedgerLocked(f"{self.path}: another process has the ledger open; close it and try again")
        if "not a valid duckdb" in words or "magic bytes" in words:
            return LedgerMismatch(f"{self.path}: is not a ledger; name another file with --ledger")
        return LedgerError(f"{self.path}: cannot be opened: {_first_line(error)}")

    def _bring_up_to_date(self) -> None:
        version = applied_version(self.connection)
        if version is None:
            raise LedgerMismatch(f"{self.path}: is a DuckDB file but not a ledger; name another file with --ledger")
        if version > NEWEST:
            raise LedgerMismatch(
                f"{self.path}: was made by a newer olivebranch (version {version}); upgrade olivebranch"
            )
        if version == NEWEST:
            return
        if self.read_only:
            self.close()
            Ledger(self.path).close()
            self.connection = self._connect()
        else:
            migrate(self.connection)

    def close(self) -> None:
        """Closes the file; the ledger can not be used after."""
        self.connection.close()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
