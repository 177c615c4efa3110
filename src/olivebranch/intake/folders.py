"""Finds the files of a corpus that was named by its folder, and says about how many stories they hold."""

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

_PIECE = 1 << 20


def iter_files(paths: Iterable[str]) -> Iterator[str]:
    """The paths; in the place of a folder the files in it and below, by their names, hidden ones left out."""
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, inner, names in os.walk(path):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            yield from (os.path.join(folder, name) for name in sorted(names) if not name.startswith("."))


def count_stories(paths: Iterable[str]) -> int | None:
    """About how many stories the files hold, told without reading them; None where there is a pipe among them."""
    counts = []
    for path in iter_files(paths):
        if not os.path.isfile(path):
            return None
        counts.append(_count(Path(path)))
    return sum(counts)


def _count(path: Path) -> int:
    """Rows of Parquet, lines of JSON Lines; anything else is taken for one story."""
    try:
        if path.suffix == ".parquet":
            return _count_rows(path)
        if path.suffix in {".jsonl", ".ndjson"}:
            with path.open("rb") as file:
                return sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b""))
    except OSError:
        pass
    return 1


def _count_rows(path: Path) -> int:
    import duckdb

    try:
        with closing(duckdb.connect()) as connection:
            sql = "SELECT sum(num_rows) FROM parquet_file_metadata(?)"
            row = connection.execute(sql, [str(path)]).fetchone()
    except duckdb.Error:
        return 1
    return int(row[0]) if row and row[0] is not None else 1
