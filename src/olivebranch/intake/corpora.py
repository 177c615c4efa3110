"""Reads corpora, a row a story: JSON Lines and Parquet, both streamed, a bad row failing alone."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from olivebranch import settings
from olivebranch.errors import IntakeError, StoryTooLarge, UnreadableStory
from olivebranch.intake.articles import Given, make_article, parse_day
from olivebranch.intake.text import decode_text
from olivebranch.records import Article

COLUMNS = ("text", "title", "published_on", "outlet", "url", "id")
"""The columns that are read; only `text` must be there."""

_LONGEST_LINE = 8 * settings.MAX_STORY_BYTES
"""Bytes: JSON may write a character in six or more."""

_ROWS_AT_ONCE = 64


def read_jsonl(lines: BinaryIO, name: str, given: Given) -> Iterator[Article | tuple[str, IntakeError]]:
    """The articles of JSON Lines; a bad line gives (its name, the error) and the others go on."""
    for number, line in enumerate(_iter_lines(lines), start=1):
        row_name = f"{name}, line {number}"
        if line is None:
            yield row_name, StoryTooLarge(f"{row_name}: is far too long; give one story a line")
        elif line.strip():
            yield _read_row(_parse_row(line, row_name), row_name, given)


def read_json(data: bytes, name: str, given: Given) -> Iterator[Article | tuple[str, IntakeError]]:
    """The articles of one JSON document: a row, or an array of rows.

    Raises:
        UnreadableStory: it is not JSON.
    """
    rows = _parse_row(data, name)
    if isinstance(rows, IntakeError):
        raise rows
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], start=1):
        row_name = f"{name}, row {number}"
        yield _read_row(row, row_name, given)


def read_parquet(path: Path, name: str, given: Given) -> Iterator[Article | tuple[str, IntakeError]]:
    """The articles of a Parquet file, read by DuckDB a few rows at a time; a bad row gives (its name, the error).

    Raises:
        UnreadableStory: a damaged file, or one without a column `text`.
    """
    import duckdb

    with closing(duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})) as connection:
        try:
            columns = [
                row[0] for row in connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
            ]
            known = [column for column in COLUMNS if column in columns]
            if "text" not in known:
                raise UnreadableStory(f"{name}: has no column 'text'; name the story's column so")
            connection.execute(f"SELECT {', '.join(known)} FROM read_parquet(?)", [str(path)])
            number = 0
            while rows := connection.fetchmany(_ROWS_AT_ONCE):
                for cells in rows:
                    number += 1
                    row_name = f"{name}, row {number}"
                    yield _read_row(dict(zip(known, cells, strict=True)), row_name, given)
        except duckdb.Error as error:
            raise UnreadableStory(
                f"{name}: is a damaged Parquet file; write it again ({_first_line(error)})"
            ) from error


def _read_row(row: Any, name: str, given: Given) -> Article | tuple[str, IntakeError]:
    if isinstance(row, IntakeError):
        return name, row
    try:
        return _make_row_article(row, name, given)
    except IntakeError as error:
        return name, error


def _make_row_article(row: Any, name: str, given: Given) -> Article:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise UnreadableStory(f"{name}: has no 'text'; give every row the story's text under that name")
    published_on = parse_day(row.get("published_on"), name)
    return make_article(
        row["text"],
        name,
        given,
        article_id=_cell(row, "id"),
        title=_cell(row, "title"),
        outlet=_cell(row, "outlet"),
        url=_cell(row, "url"),
        published_on=published_on,
        published_on_why=f"published_on of the row: {row['published_on']}" if published_on else None,
    )


def _cell(row: dict[str, Any], column: str) -> str | None:
    value = row.get(column)
    return None if value is None else str(value)


def _parse_row(line: bytes, name: str) -> Any:
    """The JSON of `line`, or the error that it makes."""
    try:
        return json.loads(decode_text(line, name))
    except IntakeError as error:
        return error
    except (ValueError, RecursionError) as error:
        return UnreadableStory(f"{name}: is not JSON ({_first_line(error)}); mend or drop it")


def _iter_lines(lines: BinaryIO) -> Iterator[bytes | None]:
    """The lines, None for one that is longer than any story's."""
    while line := lines.readline(_LONGEST_LINE):
        if len(line) < _LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while (rest := lines.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
