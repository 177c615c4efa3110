"""The archive of coded events beside the ledger: Parquet by year, a manifest of what belongs to it, DuckDB over it.

Only files that the manifest names are read, and the manifest is written last; so an import that was broken off leaves
the archive as it was.
"""

import hashlib
import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from olivebranch import settings
from olivebranch.codebook import load_codebook
from olivebranch.errors import LedgerError, LedgerMismatch
from olivebranch.ledger.store import MEMORY

MANIFEST_VERSION = 1


@dataclass(frozen=True, slots=True)
class ArchiveTable:
    """A table of the archive: its columns with their DuckDB types, the column of its day, and what marks a repeat."""

    name: str
    columns: Mapping[str, str]
    day: str
    repeat_key: tuple[str, ...] = ()


CODED_EVENT_COLUMNS: dict[str, str] = {
    "source": "VARCHAR", "source_row": "VARCHAR", "happened_on": "DATE", "known_on": "DATE",
    "actor": "VARCHAR", "actor_name": "VARCHAR", "actor_sector": "VARCHAR",
    "recipient": "VARCHAR", "recipient_name": "VARCHAR", "recipient_sector": "VARCHAR",
    "cameo": "VARCHAR", "type": "VARCHAR", "mode": "VARCHAR", "is_deed": "BOOLEAN",
    "score": "DOUBLE", "goldstein": "DOUBLE", "place": "VARCHAR", "outlet": "VARCHAR", "story": "VARCHAR",
    "reports": "INTEGER", "is_state_pair": "BOOLEAN", "is_former": "BOOLEAN",
    "names_dyads": "BOOLEAN", "is_sampled": "BOOLEAN", "is_repeat": "BOOLEAN",
}  # fmt: skip
"""The columns of `coded_events` and their types, in order; docs/archives.md says what each holds."""

MENTION_COLUMNS: dict[str, str] = {
    "source": "VARCHAR", "source_row": "VARCHAR", "event_row": "VARCHAR", "mentioned_on": "DATE",
    "outlet": "VARCHAR", "story": "VARCHAR", "confidence": "INTEGER",
}  # fmt: skip

CODED_EVENTS = ArchiveTable(
    "coded_events",
    CODED_EVENT_COLUMNS,
    "happened_on",
    # An end that is no state or body is told by its name. Acts of the state and of others stay apart, so that a
    # citizen's act never hides the government's of the same day; and within one country names tell acts apart.
    (
        "source", "happened_on", "coalesce(actor, actor_name, '')", "coalesce(recipient, recipient_name, '')",
        "coalesce(cameo, type || coalesce(mode, ''))", "is_state_pair",
        "CASE WHEN actor = recipient THEN actor_name || '>' || recipient_name END",
    ),
)  # fmt: skip
MENTIONS = ArchiveTable("mentions", MENTION_COLUMNS, "mentioned_on")
TABLES = (CODED_EVENTS, MENTIONS)


class Stretch(NamedTuple):
    """What an archive holds of one source, from one day to another, both inclusive."""

    source: str
    begins: date
    ends: date
    rows: int
    names_dyads: bool


class Resolution(NamedTuple):
    """How far the rows of one source were resolved, as shares of its rows from 0 to 1.

    Both ends a country; both ends the same one; organs of two different states; repeats of the same day, of all rows
    and of those between two states.
    """

    source: str
    rows: int
    both_countries: float
    within_country: float
    state_pairs: float
    repeats: float
    state_pair_repeats: float | None


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A Parquet file of the archive; days and ids are the least and greatest in it."""

    file: str
    table: str
    source: str
    rows: int
    begins: str
    ends: str
    first_row: str
    last_row: str
    names_dyads: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class ImportedPart:
    """How far the import of a file went; `read` = `written` + `known` + `rejected`.

    `offset` and `lines` say where to go on: the bytes (rows, for Parquet) and the lines that are done with.
    """

    fingerprint: str
    name: str
    format: str
    read: int = 0
    written: int = 0
    known: int = 0
    rejected: int = 0
    offset: int = 0
    lines: int = 0
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What belongs to the archive, and what was imported into it."""

    batches: int = 0
    files: tuple[BatchFile, ...] = ()
    imports: Mapping[str, ImportedPart] = field(default_factory=dict)

    def files_of(self, table: str) -> tuple[BatchFile, ...]:
        """The files of one table."""
        return tuple(file for file in self.files if file.table == table)

    def with_batch(self, files: Sequence[BatchFile], parts: Sequence[ImportedPart]) -> "Manifest":
        """The manifest after one more batch."""
        imports = {**self.imports, **{part.fingerprint: part for part in parts}}
        return replace(self, batches=self.batches + 1, files=(*self.files, *files), imports=imports)


class Archive:
    """The folder of coded events; it need not exist yet. Without a path it is nowhere, and empty.

    Example: Archive.beside("my.duckdb").connect().execute("SELECT count(*) FROM coded_events").fetchall()
    """

    def __init__(self, path: str | Path | None) -> None:
        self.path = Path(path) if path is not None else None

    @classmethod
    def beside(cls, ledger_path: str | Path) -> "Archive":
        """The archive of a ledger: OLIVEBRANCH_ARCHIVE, else `<ledger>.archive/`; nowhere for `:memory:`."""
        named = settings.env_path("ARCHIVE")
        if named is not None:
            return cls(named.expanduser())
        return cls(None if str(ledger_path) == MEMORY else f"{ledger_path}.archive")

    @property
    def is_empty(self) -> bool:
        """Whether it holds no coded event."""
        return not self.manifest().files_of(CODED_EVENTS.name)

    def connect(self, *, memory_limit: str | None = None, threads: int | None = None) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection in memory with the views `coded_events` and `mentions` over the archive's files.

        Raises:
            LedgerError: the archive is damaged, or a limit is not understood.
        """
        manifest = self.manifest()
        wanted = {"memory_limit": memory_limit, "threads": threads}
        config = {name: str(value) for name, value in wanted.items() if value is not None}
        try:
            con = open_quietly(config)
            con.execute("SET parquet_metadata_cache = true")
            for table in TABLES:
                paths = [str(self._path_of(file)) for file in manifest.files_of(table.name)]
                con.execute(f"CREATE VIEW {table.name} AS {scan_files(table, paths)}")
        except duckdb.Error as error:
            raise LedgerError(f"{self.path}: the archive cannot be opened: {error}") from error
        return con

    def coverage(self) -> list[Stretch]:
        """What is held of each source: first day, last day, rows, and whether its named dyads may be shown."""
        found: dict[tuple[str, bool], list[BatchFile]] = {}
        for file in self.manifest().files_of(CODED_EVENTS.name):
            found.setdefault((file.source, file.names_dyads), []).append(file)
        return [
            Stretch(
                source,
                date.fromisoformat(min(file.begins for file in files)),
                date.fromisoformat(max(file.ends for file in files)),
                sum(file.rows for file in files),
                names_dyads,
            )
            for (source, names_dyads), files in sorted(found.items())
        ]

    def resolution(self, sources: Collection[str]) -> list[Resolution]:
        """How far the rows of these sources were resolved to states, sectors and single events."""
        states = [row.iso3 for row in load_codebook().table("countries")]
        with self.connect() as con:
            rows = con.execute(
                "SELECT source, count(*), avg(is_between::INT), avg((is_between AND actor = recipient)::INT), "
                "avg(is_state_pair::INT), avg(is_repeat::INT), avg(is_repeat::INT) FILTER (is_state_pair) "
                "FROM (SELECT *, coalesce(actor IN (SELECT unnest($states)) AND recipient IN (SELECT unnest($states)), "
                "false) AS is_between FROM coded_events WHERE source IN (SELECT unnest($sources))) "
                "GROUP BY source ORDER BY source",
                {"states": states, "sources": list(sources)},
            ).fetchall()
        return [Resolution(*row) for row in rows]

    def digest(self) -> str:
        """The sha256, in hex, of what the archive holds: the inputs' hash of a track record."""
        held = sorted((file.file, file.rows, file.sha256) for file in self.manifest().files)
        return hashlib.sha256(json.dumps(held).encode()).hexdigest()

    def manifest(self) -> Manifest:
        """What belongs to the archive.

        Raises:
            LedgerMismatch: the manifest is damaged or was written by a newer olivebranch.
        """
        path = self.path / "manifest.json" if self.path else None
        if path is None or not path.exists():
            return Manifest()
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            if held["version"] > MANIFEST_VERSION:
                raise LedgerMismatch(f"{path}: was made by a newer olivebranch; upgrade olivebranch")
            return Manifest(
                held["batches"],
                tuple(BatchFile(**row) for row in held["files"]),
                {row["fingerprint"]: ImportedPart(**row) for row in held["imports"]},
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LedgerMismatch(f"{path}: is no manifest of an archive ({error}); import into a new folder") from error

    def write_manifest(self, manifest: Manifest) -> None:
        """Puts a manifest in the place of the old one, in one step."""
        assert self.path is not None
        held: dict[str, Any] = {
            "version": MANIFEST_VERSION,
            "batches": manifest.batches,
            "files": [asdict(file) for file in manifest.files],
            "imports": [asdict(part) for part in manifest.imports.values()],
        }
        replace_file(self.path / "manifest.json", json.dumps(held, indent=1, ensure_ascii=False).encode())

    def _path_of(self, file: BatchFile) -> Path:
        assert self.path is not None
        path = self.path / file.file
        if not path.exists():
            raise LedgerError(f"{path}: is missing from the archive; put it back, or import again into a new folder")
        return path


def open_quietly(config: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    """DuckDB in memory that fetches nothing and draws no progress bar of its own into what we print."""
    con = duckdb.connect(config={"autoinstall_known_extensions": "false", **config})
    con.execute("SET enable_progress_bar = false")
    return con


def scan_files(table: ArchiveTable, paths: Sequence[str], columns: Sequence[str] = ()) -> str:
    """SQL that reads these columns (all of them by default) of the files of a table; no rows where there is no file."""
    names = ", ".join(columns or table.columns)
    if not paths:
        empty = ", ".join(f"NULL::{kind} AS {name}" for name, kind in table.columns.items())
        return f"SELECT {names} FROM (SELECT {empty}) WHERE false"
    listed = ", ".join(quote_text(path) for path in sorted(paths))
    return f"SELECT {names} FROM read_parquet([{listed}], hive_partitioning = false)"


def quote_text(text: str) -> str:
    """A text as an SQL literal, for places where DuckDB takes no bound value (views, COPY)."""
    return "'" + text.replace("'", "''") + "'"


def replace_file(path: Path, data: bytes) -> None:
    """Writes a file beside the old one, flushed to the disk, then puts it in its place."""
    draft = path.with_name(f".{path.name}.tmp")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
