"""Turns blocks of an archive's table into coded rows: all in SQL, names and codes resolved once each."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from olivebranch.codebook import Codebook
from olivebranch.errors import UnreadableArchive
from olivebranch.intake.archives.actors import ActorResolver, ResolvedActor
from olivebranch.intake.archives.drafts import EVENT_COLUMNS, MENTION_COLUMNS, Draft, Header
from olivebranch.intake.archives.event_codes import EventCode, resolve_event_code
from olivebranch.intake.archives.parts import MAX_LINE_BYTES, Block, Part, iter_blocks

FIRST_YEAR = 1900
"""Days before are of another calendar (1397 is 2018 in Iran) or torn cells."""
TEXT_CHARS = 300
"""So much of a rejected row is shown beside the reason."""
PARQUET_ROWS = 250_000
BLANK = "''"
KNOWN_TABLES = {
    "actors": "key VARCHAR, begins DATE, ends DATE, code VARCHAR, sector VARCHAR, is_organ BOOLEAN, is_former BOOLEAN",
    "events": "key VARCHAR, cameo VARCHAR, type VARCHAR, mode VARCHAR, is_deed BOOLEAN, score DOUBLE, "
    "goldstein DOUBLE, is_known BOOLEAN",
    "places": "key VARCHAR, code VARCHAR",
}


@dataclass(frozen=True, slots=True)
class CodedBlock:
    """A block as SQL over its connection: the rows of the archive's table, those that are rejected, and both counts.

    `end` and `lines` say where the next block begins: bytes (rows, for Parquet) and lines before it.
    """

    rows: str
    rejects: str
    read: int
    rejected: int
    end: int = 0
    lines: int = 0


class BlockReader:
    """Reads blocks with one DuckDB connection; keeps what it learnt of actors, codes and places from block to block."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, codebook: Codebook, folder: Path) -> None:
        self.connection = connection
        self.codebook = codebook
        self.folder = folder
        self._resolver: ActorResolver | None = None
        for name, columns in KNOWN_TABLES.items():
            connection.execute(f"CREATE OR REPLACE TEMP TABLE known_{name} ({columns})")

    def parquet_columns(self, part: Part) -> tuple[str, ...]:
        """The columns of a Parquet file.

        Raises:
            UnreadableArchive: it is none, or damaged.
        """
        return tuple(row[0] for row in self._ask_parquet(part, "DESCRIBE FROM read_parquet(?)"))

    def iter_coded(self, part: Part, draft: Draft, start: int, lines: int) -> Iterator[CodedBlock]:
        """The coded blocks of a table from the byte (for Parquet the row) `start`, after so many lines.

        Raises:
            UnreadableArchive: it is cut off or damaged; the blocks before are given first.
        """
        if part.is_parquet:
            rows = self._ask_parquet(part, "SELECT count(*) FROM read_parquet(?)")[0][0]
            for first in range(start, rows, PARQUET_ROWS):
                last = min(rows, first + PARQUET_ROWS)
                yield replace(self._read_rows(part, draft, first, last), end=last, lines=last)
            return
        for block in iter_blocks(part, quoted=draft.header.kind == "csv", start=start, first_line=lines + 1):
            coded = self._read_lines(part, block, draft)
            yield replace(coded, end=block.end, lines=block.first_line - 1 + block.lines)

    def _read_lines(self, part: Part, block: Block, draft: Draft) -> CodedBlock:
        data, first = block.data, block.first_line
        if first == 1 and draft.has_header:
            blank = len(data) - len(data.lstrip(b"\n"))
            data, first = data[blank:].partition(b"\n")[2], first + blank + 1
        path = self.folder / "block.tsv"
        try:
            if draft.header.kind == "lines":
                path.write_bytes(data)
                self._make_raw(draft, _lines_source(path))
            else:
                self._read_csv(path, data, draft)
        except duckdb.InvalidInputException as error:
            raise UnreadableArchive(f"{part.path}: cannot be taken apart ({str(error).splitlines()[0]})") from error
        return self._code(draft, first)

    def _read_rows(self, part: Part, draft: Draft, first: int, last: int) -> CodedBlock:
        names = draft.header.names
        cells = ", ".join(f'"{name}"::VARCHAR AS c{n}' for n, name in enumerate(names, 1))
        source = (
            f"SELECT {cells}, {len(names)} AS width, NULL AS damage FROM read_parquet('{_escaped(part.path)}', "
            f"file_row_number = true) WHERE file_row_number >= {first} AND file_row_number < {last}"
        )
        self._make_raw(draft, source)
        return self._code(draft, first + 1)

    def _ask_parquet(self, part: Part, query: str) -> list[tuple[Any, ...]]:
        try:
            return self.connection.execute(query, [str(part.path)]).fetchall()
        except duckdb.Error as error:
            raise UnreadableArchive(f"{part.path}: is no Parquet file, or damaged; fetch it again") from error

    # From bytes to a table `raw` of one row a line, in order

    def _read_csv(self, path: Path, data: bytes, draft: Draft) -> None:
        """Reads well-formed blocks straight; one with a torn row is first gone through cell by cell."""
        path.write_bytes(data)
        try:
            self._make_raw(draft, _csv_source(path, draft.header, has_damage=False))
            if self._count("raw") == data.count(b"\n") + (not data.endswith(b"\n") and bool(data)):
                return
        except duckdb.Error:
            pass
        path.write_bytes(screen_rows(data, draft.header))
        self._make_raw(draft, _csv_source(path, replace(draft.header, delimiter=","), has_damage=True))

    def _make_raw(self, draft: Draft, source: str) -> None:
        wanted = MENTION_COLUMNS if draft.is_mentions else EVENT_COLUMNS
        nothing = {"happened_on": "NULL::DATE", "known_on": "NULL::DATE", "mentioned_on": "NULL::DATE"}
        cells = ", ".join(
            f"{draft.columns.get(name) or nothing.get(name, 'NULL::VARCHAR')} AS {name}" for name in wanted
        )
        has_text = draft.header.kind == "lines"
        whole = ", ".join(f"c{number}" for number in range(1, len(draft.header.names) + 1))
        text = "line" if has_text else f"concat_ws(',', {whole})"
        columns = ", ".join(wanted)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE raw AS SELECT {columns}, reason, "
            f"CASE WHEN reason IS NOT NULL THEN left(text, {TEXT_CHARS}) END AS text FROM ("
            f"SELECT *, {_reason(draft)} AS reason FROM "
            f"(SELECT {cells}, width, damage, {text} AS text FROM ({source})))"
        )

    # From raw rows to coded rows

    def _code(self, draft: Draft, first_line: int) -> CodedBlock:
        if draft.is_mentions:
            columns = ", ".join(MENTION_COLUMNS[1:])
            rows = f"SELECT '{draft.source}', source_row, {columns} FROM raw WHERE reason IS NULL"
        else:
            self._learn(draft)
            rows = _coded_rows(draft)
        rejects = f"SELECT rowid + {first_line} AS line, reason, text FROM raw WHERE reason <> {BLANK}"
        read = self._count(f"raw WHERE reason IS DISTINCT FROM {BLANK}")
        return CodedBlock(rows, rejects, read, self._count(f"raw WHERE reason <> {BLANK}"))

    def _learn(self, draft: Draft) -> None:
        """Resolves the actors, codes and places that no block had before, and rejects rows whose code means nothing."""
        if self._resolver is None or self._resolver.archive != draft.names:
            self._resolver = ActorResolver(self.codebook, draft.names)
            self.connection.execute("TRUNCATE known_actors")
            self.connection.execute("TRUNCATE known_places")
        resolver = self._resolver
        actors = [actor for key in self._new("actors", "actor_key", "recipient_key") for actor in resolver.resolve(key)]
        self._insert("actors", [_actor_row(actor) for actor in actors])
        self._insert("places", [(key, resolver.place(key)) for key in self._new("places", "place_key")])
        codes = [resolve_event_code(key, self.codebook) for key in self._new("events", _EVENT_KEY)]
        self._insert("events", [_code_row(code) for code in codes])
        self.connection.execute(
            f"UPDATE raw SET reason = 'no such event code: ' || {_EVENT_KEY}, "
            "text = concat_ws(' ', source_row, happened_on, actor_name, cameo, recipient_name) "
            f"WHERE reason IS NULL AND {_EVENT_KEY} IN (SELECT key FROM known_events WHERE NOT is_known)"
        )

    def _new(self, table: str, *columns: str) -> list[str]:
        union = " UNION ".join(f"SELECT DISTINCT {column} AS key FROM raw WHERE reason IS NULL" for column in columns)
        query = f"SELECT key FROM ({union}) WHERE key IS NOT NULL AND key NOT IN (SELECT key FROM known_{table})"
        return [row[0] for row in self.connection.execute(f"{query} ORDER BY key").fetchall()]

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Column by column: one bound list a column is far faster than a row at a time."""
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            marks = ", ".join("unnest(?)" for _ in columns)
            self.connection.execute(f"INSERT INTO known_{table} SELECT {marks}", columns)

    def _count(self, what: str) -> int:
        return int(self.connection.execute(f"SELECT count(*) FROM {what}").fetchall()[0][0])


_EVENT_KEY = "coalesce(cameo, type || '/' || coalesce(mode, ''))"


def screen_rows(data: bytes, header: Header) -> bytes:
    """A quoted table written anew with as many cells in each row, and a last one that says what was wrong with it."""
    width, out = len(header.names), io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in csv.reader(io.StringIO(data.decode(), newline=""), delimiter=header.delimiter):
        fault = "" if len(row) in (0, width) else f"{len(row)} columns, expected {width}"
        writer.writerow([*row[:width], *[""] * (width - len(row)), fault or ("" if row else "blank")])
    return out.getvalue().encode()


def _lines_source(path: Path) -> str:
    """Whole lines, split by us: DuckDB's own padding of ragged rows runs on one core and takes ten times as long."""
    return (
        "SELECT cells, len(cells) AS width, NULL AS damage, line FROM "
        "(SELECT line, string_split(line, chr(9)) AS cells FROM "
        f"read_csv('{_escaped(path)}', delim = chr(1), header = false, quote = '', escape = '', auto_detect = false, "
        f"columns = {{'line': 'VARCHAR'}}, max_line_size = {MAX_LINE_BYTES}))"
    )


def _csv_source(path: Path, header: Header, *, has_damage: bool) -> str:
    names = [f"c{n}" for n in range(1, len(header.names) + 1)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in [*names, *(["fault"] if has_damage else [])])
    damage = "fault" if has_damage else "NULL::VARCHAR"
    return (
        f"SELECT {', '.join(names)}, {len(names)} AS width, {damage} AS damage FROM read_csv('{_escaped(path)}', "
        f"delim = '{header.delimiter}', header = false, quote = '\"', escape = '\"', auto_detect = false, "
        f"columns = {{{columns}}}, max_line_size = {MAX_LINE_BYTES}, null_padding = false)"
    )


def _reason(draft: Draft) -> str:
    """SQL for why a row cannot be used: NULL where it can, empty where the line is blank."""
    least, most = draft.widths
    expected = f"{least}" if least == most else f"{least} to {most}"
    checks = [
        ("width IS NULL OR damage = 'blank'", BLANK),
        ("damage IS NOT NULL", "damage"),
        (f"width NOT BETWEEN {least} AND {most}", f"width || ' columns, expected {expected}'"),
        ("source_row IS NULL", "'no id'"),
    ]
    if draft.is_mentions:
        checks.append(("mentioned_on IS NULL", "'no day of the mention'"))
    else:
        checks += [
            ("happened_on IS NULL", "'no day that can be read'"),
            (f"year(happened_on) < {FIRST_YEAR}", "'the day ' || happened_on || ' is of another calendar, or damaged'"),
            ("happened_on > today()", "'the day ' || happened_on || ' is in the future'"),
            *draft.checks,
            (
                "happened_on > known_on + 1",
                "'the day ' || happened_on || ' is after the day it was known, ' || known_on",
            ),
            (f"{_EVENT_KEY} IS NULL", "'no event code'"),
        ]
    whens = " ".join(f"WHEN {condition} THEN {reason}" for condition, reason in checks)
    return f"CASE {whens} END"


def _coded_rows(draft: Draft) -> str:
    """The rows of `raw` in the columns of `coded_events`, less `is_repeat`."""
    sampled = f"r.happened_on < DATE '{draft.sampled_before}'" if draft.sampled_before else "false"
    on_day = "" if draft.names == "gdelt" else "AND r.happened_on BETWEEN {0}.begins AND {0}.ends"
    actors = "\n".join(
        f"LEFT JOIN known_actors AS {alias} ON {alias}.key = r.{side}_key {on_day.format(alias)}"
        for alias, side in (("a", "actor"), ("b", "recipient"))
    )
    return f"""
        SELECT '{draft.source.replace("'", "''")}', r.source_row, r.happened_on,
            greatest(coalesce(r.known_on, r.happened_on), r.happened_on),
            a.code, r.actor_name, a.sector, b.code, r.recipient_name, b.sector,
            e.cameo, e.type, e.mode, e.is_deed, e.score, e.goldstein,
            p.code, r.outlet, r.story, greatest(coalesce(try_cast(r.reports AS INTEGER), 1), 1),
            coalesce(a.is_organ AND b.is_organ AND a.code <> b.code, false),
            coalesce(a.is_former, false) OR coalesce(b.is_former, false),
            {str(draft.names_dyads).lower()}, {sampled}
        FROM raw AS r
        JOIN known_events AS e ON e.key = coalesce(r.cameo, r.type || '/' || coalesce(r.mode, ''))
        LEFT JOIN known_places AS p ON p.key = r.place_key
        {actors}
        WHERE r.reason IS NULL"""


def _actor_row(actor: ResolvedActor) -> tuple[object, ...]:
    return (actor.key, actor.begins, actor.ends, actor.code, actor.sector, actor.is_organ, actor.is_former)


def _code_row(code: EventCode) -> tuple[object, ...]:
    return (code.key, code.cameo, code.type, code.mode, code.is_deed, code.score, code.goldstein, code.is_known)


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
