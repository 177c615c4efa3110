"""Reads the code tables: one loader for all of them, each row checked against its schema as it is made."""

import csv
from collections.abc import Callable
from dataclasses import fields
from functools import cache, partial
from importlib.resources import files
from sys import intern
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from olivebranch.codebook.cache import recall
from olivebranch.codebook.tables import TABLES
from olivebranch.errors import CodebookError


@cache
def load_table(name: str) -> tuple[Any, ...]:
    """The rows of one code table, in file order, as instances of `TABLES[name]`.

    Raises:
        CodebookError: no such table, or a cell that does not fit its column (the message names file, line and column).
    """
    if name not in TABLES:
        raise CodebookError(f"no code table '{name}': there are {', '.join(sorted(TABLES))}")
    stored = _stored_cells()
    rows = _read_cells(name) if stored is None else stored[name]
    row_class = TABLES[name]
    return tuple(row_class(*row) for row in rows)


@cache
def _stored_cells() -> dict[str, list[tuple[Any, ...]]] | None:
    """The cells of all tables, read once and kept in the cache; None where one is damaged, so that it alone fails."""
    try:
        found: dict[str, list[tuple[Any, ...]]] = recall("tables", lambda: {name: _read_cells(name) for name in TABLES})
    except CodebookError:
        return None
    return found


def _read_cells(name: str) -> list[tuple[Any, ...]]:
    """The cells of a table's file as values of their columns, equal words being one object."""
    row_class = TABLES[name]
    hints = get_type_hints(row_class)
    columns = [field.name for field in fields(row_class)]
    text = files("olivebranch.codebook").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines())
    header = next(reader, [])
    if header != columns:
        raise CodebookError(f"{name}.csv: columns are {','.join(header)}; expected {','.join(columns)}")
    readers = [_choose_reader(hints[column]) for column in columns]
    return [_cells(name, reader.line_num, columns, readers, [*map(intern, row)]) for row in reader]


def _cells(
    name: str, line: int, columns: list[str], readers: list[Callable[[str], Any]], row: list[str]
) -> tuple[Any, ...]:
    if len(row) != len(columns):
        raise CodebookError(f"{name}.csv line {line}: {len(row)} cells, expected {len(columns)}")
    try:
        return tuple(read(text) for read, text in zip(readers, row, strict=True))
    except ValueError:
        return tuple(_read_cell(name, line, *cell) for cell in zip(columns, readers, row, strict=True))


def _read_cell(name: str, line: int, column: str, read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise CodebookError(f"{name}.csv line {line}, column {column}: {error}") from error


def _choose_reader(kind: Any) -> Callable[[str], Any]:
    """What turns a cell into a value of its column: asked once a column, not once a cell."""
    if get_origin(kind) is UnionType:
        return partial(_read_optional, _choose_reader(get_args(kind)[0]))
    if get_origin(kind) is tuple:
        return _read_several
    if get_args(kind):
        return partial(_read_one_of, get_args(kind))
    readers: dict[Any, Callable[[str], Any]] = {bool: _read_bool, str: _read_text, int: int, float: float}
    return readers[kind]


def _read_optional(read: Callable[[str], Any], text: str) -> Any:
    return read(text) if text else None


def _read_several(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part) if text else ()


def _read_one_of(words: tuple[str, ...], text: str) -> str:
    if text not in words:
        raise ValueError(f"'{text}' is none of {', '.join(words)}")
    return text


def _read_bool(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"'{text}' is neither yes nor no")
    return text == "yes"


def _read_text(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text
