"""Writes coded rows into the archive, batch by batch: known rows left out, repeats marked, manifest last."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from olivebranch.errors import LedgerError, LedgerLocked, UsageError
from olivebranch.ledger.archive import (
    CODED_EVENTS,
    TABLES,
    Archive,
    ArchiveTable,
    BatchFile,
    ImportedPart,
    open_quietly,
    quote_text,
    scan_files,
)

COMMIT_ROWS = 1_000_000
"""A batch: so many rows are held before they are written, and lost at most when an import is killed."""
SLICE_ROWS = 50_000
"""A month with so many rows gets a file of its own; thinner months of a year share one, so that days prune files."""
MEMORY_LIMIT = "450MB"
ROW_GROUP = 122_880


@dataclass(slots=True)
class _Staged:
    """What of a part is staged and not yet written."""

    part: ImportedPart
    read: int = 0
    rejected: int = 0


class ArchiveWriter:
    """One import run into an archive; a context manager, one at a time for a folder.

    `begin` a part, `stage` its rows and `reject` others, `note` how far it has come, `finish` it; `commit` when
    `is_full` and at the end. What is not committed when it closes is forgotten; the manifest then says where to go on.

    Raises:
        UsageError: the archive has no folder.
        LedgerLocked: another import is writing into it.
        LedgerError: the folder cannot be used.
    """

    def __init__(self, archive: Archive, *, threads: int | None = None, memory_limit: str = MEMORY_LIMIT) -> None:
        if archive.path is None:
            raise UsageError("a ledger in memory has no archive; name a folder with --archive")
        self.archive, self.path = archive, archive.path
        self.staging = self.path / ".staging"
        self._parts: list[_Staged] = []
        self._table = CODED_EVENTS
        with self.told():
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = _lock_folder(self.path)
            shutil.rmtree(self.staging, ignore_errors=True)
            self.staging.mkdir()
            self.manifest = archive.manifest()
            config = {"memory_limit": memory_limit, "temp_directory": str(self.staging / "spill")}
            if threads is not None:
                config["threads"] = str(threads)
            self.connection = open_quietly(config)
            self._make_tables()

    # Staging

    def begin(self, part: ImportedPart, table: ArchiveTable) -> None:
        """The rows that follow are of this part, for this table; what it has counted before is counted on."""
        if table is not self._table:
            self.commit()
            self._table = table
        self._parts.append(_Staged(part))

    def stage(self, query: str) -> None:
        """Takes rows of the table's columns (`is_repeat` left out), in order.

        Raises:
            LedgerError: the disk is full.
        """
        columns = ", ".join(name for name in self._table.columns if name != "is_repeat")
        staged = f"staged_{self._table.name} (part, {columns})"
        with self.told():
            self.connection.execute(f"INSERT INTO {staged} SELECT {self._number}, * FROM ({query})")

    def reject(self, query: str) -> None:
        """Takes rows (line, reason, text) that cannot be used."""
        part = quote_text(self._parts[-1].part.name)
        with self.told():
            self.connection.execute(f"INSERT INTO rejects SELECT {part}, line, reason, text FROM ({query})")

    def note(self, *, offset: int, lines: int, read: int, rejected: int) -> None:
        """How far the part has come with what was staged, and the rows read and rejected since the last note."""
        staged = self._parts[-1]
        staged.part = replace(staged.part, offset=offset, lines=lines)
        staged.read += read
        staged.rejected += rejected

    def finish(self) -> None:
        """The part is read to its end."""
        staged = self._parts[-1]
        staged.part = replace(staged.part, is_done=True)

    @property
    def is_full(self) -> bool:
        """Whether it is time to commit."""
        return self._staged_rows() >= COMMIT_ROWS

    @property
    def _number(self) -> int:
        return len(self._parts) - 1

    def _staged_rows(self) -> int:
        return int(self._value(f"SELECT count(*) FROM staged_{self._table.name}"))

    # Writing

    def commit(self) -> list[ImportedPart]:
        """Writes what is staged: it becomes visible together, or not at all. Gives the parts as they now stand.

        Raises:
            LedgerError: it could not be written; the archive is as it was.
        """
        if not self._parts:
            return []
        with self.told():
            known = self._drop_known()
            self._find_firsts()
            written = self._rows_by_part(f"SELECT part, count(*) FROM staged_{self._table.name} GROUP BY part")
            files = [self._write_slice(number, *days) for number, days in enumerate(self._slice_days())]
            self._write_rejects()
            parts = [_settle(staged, written.get(n, 0), known.get(n, 0)) for n, staged in enumerate(self._parts)]
            self._publish(files, parts)
        self._parts = [_Staged(parts[-1])]
        return parts

    def _drop_known(self) -> dict[int, int]:
        """Takes out the staged rows whose id the archive has, or that are staged twice; counts them by part."""
        staged = f"staged_{self._table.name}"
        seen = self._overlapping("source_row", "first_row", "last_row")
        self.connection.execute("CREATE OR REPLACE TEMP TABLE known (row BIGINT)")
        if seen:
            held = scan_files(self._table, seen, ("source", "source_row"))
            self.connection.execute(
                f"INSERT INTO known SELECT s.rowid FROM {staged} AS s "
                f"SEMI JOIN ({held}) AS h USING (source, source_row)"
            )
        if self._value(f"SELECT count(*) - count(DISTINCT hash(source, source_row)) FROM {staged}"):
            self.connection.execute(
                f"INSERT INTO known SELECT rowid FROM {staged} WHERE rowid NOT IN (SELECT row FROM known) "
                "QUALIFY row_number() OVER (PARTITION BY source, source_row ORDER BY rowid) > 1"
            )
        counts = self._rows_by_part(
            f"SELECT part, count(*) FROM {staged} WHERE rowid IN (SELECT row FROM known) GROUP BY part"
        )
        if counts:
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE kept AS SELECT * FROM {staged} "
                "WHERE rowid NOT IN (SELECT row FROM known) ORDER BY rowid"
            )
            self.connection.execute(f"DROP TABLE {staged}")
            self.connection.execute(f"ALTER TABLE kept RENAME TO {staged}")
        return counts

    def _find_firsts(self) -> None:
        """Makes the table `firsts` of the staged rows that repeat nothing of their day, here or in the archive."""
        self.connection.execute("CREATE OR REPLACE TEMP TABLE firsts (row BIGINT)")
        if not self._table.repeat_key:
            return
        key = f"hash({', '.join(self._table.repeat_key)})"
        seen = self._overlapping(self._table.day, "begins", "ends")
        held = f"SELECT {key} AS key FROM ({scan_files(self._table, seen)}) WHERE NOT is_repeat"
        without = f"WHERE key NOT IN ({held})" if seen else ""
        self.connection.execute(
            f"INSERT INTO firsts SELECT row FROM (SELECT {key} AS key, min(rowid) AS row "
            f"FROM staged_{self._table.name} GROUP BY ALL) {without}"
        )

    def _overlapping(self, column: str, least: str, greatest: str) -> list[str]:
        """The files of the archive that may hold what the staged rows hold in a column."""
        staged = f"staged_{self._table.name}"
        low, high, sources = self.connection.execute(
            f"SELECT min({column})::VARCHAR, max({column})::VARCHAR, list(DISTINCT source) FROM {staged}"
        ).fetchall()[0]
        if low is None:
            return []
        return [
            str(self.path / file.file)
            for file in self.manifest.files_of(self._table.name)
            if file.source in sources and getattr(file, least) <= high and getattr(file, greatest) >= low
        ]

    def _slice_days(self) -> list[tuple[str, date, date]]:
        """The files to write: by source and year a busy month each, or the thin months between two of them together."""
        day, staged = self._table.day, f"staged_{self._table.name}"
        months = self.connection.execute(
            f"SELECT source, year({day}) AS year, month({day}) AS month, min({day}), max({day}), count(*) "
            f"FROM {staged} GROUP BY ALL ORDER BY source, year, month"
        ).fetchall()
        slices: list[tuple[str, int, date, date, bool]] = []
        for source, year, _, first, last, rows in months:
            thin = rows < SLICE_ROWS
            if thin and slices and slices[-1][:2] == (source, year) and slices[-1][4]:
                slices[-1] = (source, year, slices[-1][2], last, True)
            else:
                slices.append((source, year, first, last, thin))
        return [(source, first, last) for source, _, first, last, _ in slices]

    def _write_slice(self, number: int, source: str, first: date, last: date) -> BatchFile:
        """Writes one file of the batch into the staging folder, sorted by dyad and day so that a dyad is found fast."""
        table, day = self._table, self._table.day
        name = f"{table.name}/year={first.year}/{self.manifest.batches + 1:06d}-{number:03d}.parquet"
        draft = self.staging / name.replace("/", "_")
        chosen = f"source = {quote_text(source)} AND {day} BETWEEN '{first}' AND '{last}'"
        columns = ", ".join(name for name in table.columns if name != "is_repeat")
        if "is_repeat" in table.columns:
            columns += ", (f.row IS NULL) AS is_repeat"
        order = "actor, recipient, happened_on" if "actor" in table.columns else "event_row"
        query = (
            f"SELECT {columns} FROM staged_{table.name} AS s LEFT JOIN firsts AS f ON f.row = s.rowid "
            f"WHERE {chosen} ORDER BY {order}"
        )
        self.connection.execute(
            f"COPY ({query}) TO {quote_text(str(draft))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        )
        names = "bool_and(names_dyads)" if "names_dyads" in table.columns else "true"
        rows, low, high, names_dyads = self.connection.execute(
            f"SELECT count(*), min(source_row), max(source_row), {names} FROM staged_{table.name} WHERE {chosen}"
        ).fetchall()[0]
        digest = _hash_file(draft)
        return BatchFile(name, table.name, source, rows, str(first), str(last), low, high, names_dyads, digest)

    def _write_rejects(self) -> None:
        if self._value("SELECT count(*) FROM rejects"):
            draft = self.staging / "rejects.csv"
            self.connection.execute(f"COPY rejects TO {quote_text(str(draft))} (FORMAT csv, HEADER)")

    def _publish(self, files: Sequence[BatchFile], parts: Sequence[ImportedPart]) -> None:
        """Moves the batch's files into place and then says in the manifest that they belong to it."""
        for file in files:
            goal = self.path / file.file
            goal.parent.mkdir(parents=True, exist_ok=True)
            (self.staging / file.file.replace("/", "_")).replace(goal)
        rejects = self.staging / "rejects.csv"
        if rejects.exists():
            (self.path / "rejects").mkdir(exist_ok=True)
            rejects.replace(self.path / "rejects" / f"{self.manifest.batches + 1:06d}.csv")
        manifest = self.manifest.with_batch(files, parts)
        self.archive.write_manifest(manifest)
        self.manifest = manifest
        self.connection.execute(f"TRUNCATE staged_{self._table.name}")
        self.connection.execute("TRUNCATE rejects")

    # Housekeeping

    def _make_tables(self) -> None:
        for table in TABLES:
            columns = ", ".join(f"{name} {kind}" for name, kind in table.columns.items() if name != "is_repeat")
            self.connection.execute(f"CREATE TEMP TABLE staged_{table.name} (part INTEGER, {columns})")
        self.connection.execute("CREATE TEMP TABLE rejects (file VARCHAR, line BIGINT, reason VARCHAR, text VARCHAR)")

    def _value(self, query: str) -> Any:
        return self.connection.execute(query).fetchall()[0][0]

    def _rows_by_part(self, query: str) -> dict[int, int]:
        return dict(self.connection.execute(query).fetchall())

    @contextmanager
    def told(self) -> Iterator[None]:
        """A full disk and the like, told as our error; an interrupt inside DuckDB is the user's."""
        try:
            yield
        except duckdb.InterruptException as error:
            raise KeyboardInterrupt from error
        except (duckdb.Error, OSError) as error:
            why = getattr(error, "strerror", None) or str(error).strip().splitlines()[0]
            raise LedgerError(
                f"{self.path}: could not be written ({why}); what was committed is kept: make room, then run it again"
            ) from error

    def close(self) -> None:
        """Forgets what is not committed and lets others write."""
        self.connection.close()
        shutil.rmtree(self.staging, ignore_errors=True)
        os.close(self._lock)

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _settle(staged: _Staged, written: int, known: int) -> ImportedPart:
    part = staged.part
    return replace(
        part,
        read=part.read + staged.read,
        written=part.written + written,
        known=part.known + known,
        rejected=part.rejected + staged.rejected,
    )


def _lock_folder(path: Path) -> int:
    """Holds the folder for this process; the lock goes when the process does, however it ends."""
    handle = os.open(path / ".lock", os.O_CREAT | os.O_RDWR)
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # not on this system: two imports at once are then the user's to avoid
        pass
    except OSError as error:
        os.close(handle)
        raise LedgerLocked(f"{path}: another import is writing into the archive; wait for it") from error
    return handle


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
