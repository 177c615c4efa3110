"""Reads the code tables: one loader for all of them, each row checked against its schema as it is made."""

import csv
from dataclasses import fields
from functools import cache
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
    return tuple(row_class(*_cells(name, reader.line_num, columns, hints, row)) for row in reader)


def _cells(name: str, line: int, columns: list[str], hints: dict[str, Any], row: list[str]) -> list[Any]:
    if len(row) != len(columns):
        raise CodebookError(f"{name}.csv line {line}: {len(row)} cells, expected {len(columns)}")
    cells = []
    for column, text in zip(columns, row, strict=True):
        try:
            cells.append(_cell(hints[column], text))
        except ValueError as error:
            raise CodebookError(f"{name}.csv line {line}, column {column}: {error}") from error
    return cells


def _cell(kind: Any, text: str) -> Any:
    if get_origin(kind) is UnionType:
        return None if text == "" else _cell(get_args(kind)[0], text)
    if get_origin(kind) is tuple:
        return tuple(part for part in text.split("|") if part)
    if kind is bool:
        if text not in {"yes", "no"}:
            raise ValueError(f"'{text}' is neither yes nor no")
        return text == "yes"
    if kind in (int, float):
        return kind(text)
    if text == "":
        raise ValueError("must not be empty")
    if get_args(kind) and text not in get_args(kind):
        raise ValueError(f"'{text}' is none of {', '.join(get_args(kind))}")
    return text
