"""Opens the ledger file: where it lies, how it is locked, and the transaction that every write runs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import duckdb

from olivebranch.errors import LedgerError, LedgerLocked, LedgerMismatch
from olivebranch.ledger.migrations import NEWEST, applied_version, migrate

MEMORY = ":memory:"


def default_path() -> str:
    """The ledger that is used when none is named: OLIVEBRANCH_LEDGER, else a file in the user's data folder."""
    import os

    named = os.environ.get("OLIVEBRANCH_LEDGER", "").strip()
    if named:
        return named
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
        self.connection = self._connect()
        self._check()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        if self.path != MEMORY:
            if self.read_only and not Path(self.path).exists():
                raise LedgerError(f"{self.path}: there is no ledger; make one with `olivebranch ledger add STORY`")
            try:
                Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise LedgerError(
                    f"{self.path}: its folder cannot be made ({error.strerror}); name another with --ledger"
                ) from error
        try:
            return duckdb.connect(self.path, read_only=self.read_only, config={"autoinstall_known_extensions": "false"})
        except duckdb.IOException as error:
            raise self._open_error(error) from error
        except duckdb.Error as error:
            raise LedgerError(f"{self.path}: cannot be opened: {_first_line(error)}") from error

    def _open_error(self, error: duckdb.IOException) -> LedgerError:
        words = str(error).lower()
        if "lock" in words:
            return LedgerLocked(f"{self.path}: another process has the ledger open; close it and try again")
        if "not a valid duckdb" in words or "magic bytes" in words:
            return LedgerMismatch(f"{self.path}: is not a ledger; name another file with --ledger")
        return LedgerError(f"{self.path}: cannot be opened: {_first_line(error)}")

    def _check(self) -> None:
        version = applied_version(self.connection)
        if version is None:
            self.close()
            raise LedgerMismatch(f"{self.path}: is a DuckDB file but not a ledger; name another file with --ledger")
        if version > NEWEST:
            self.close()
            raise LedgerMismatch(
                f"{self.path}: was made by a newer olivebranch (version {version}); upgrade olivebranch"
            )
        if version < NEWEST and not self.read_only:
            migrate(self.connection)

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """All that is written inside becomes visible together, or not at all."""
        self.connection.execute("BEGIN")
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException as error:
            self.connection.execute("ROLLBACK")
            if isinstance(error, duckdb.Error):
                raise LedgerError(f"{self.path}: could not be written: {_first_line(error)}") from error
            raise

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
