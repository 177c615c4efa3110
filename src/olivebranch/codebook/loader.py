"""Reads the code tables: one loader for all of them, each row checked against its schema as it is made."""

import csv
from collections.abc import Callable
from dataclasses import fields
from functools import cache, partial
from importlib.resources import files
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

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
    row_class = TABLES[name]
    hints = get_type_hints(row_class)
    columns = [field.name for field in fields(row_class)]
    text = files("olivebranch.codebook").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines())
    header = next(reader, [])
    if header != columns:
        raise CodebookError(f"{name}.csv: columns are {','.join(header)}; expected {','.join(columns)}")
    readers = [_choose_reader(hints[column]) for column in columns]
    return tuple(row_class(*_cells(name, reader.line_num, columns, readers, row)) for row in reader)


def _cells(name: str, line: int, columns: list[str], readers: list[Callable[[str], Any]], row: list[str]) -> list[Any]:
    if len(row) != len(columns):
        raise CodebookError(f"{name}.csv line {line}: {len(row)} cells, expected {len(columns)}")
    try:
        return [read(text) for read, text in zip(readers, row, strict=True)]
    except ValueError:
        return [_read_cell(name, line, *cell) for cell in zip(columns, readers, row, strict=True)]


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
