"""Makes GDELT-shaped event rows, as many as asked for, with the distributions of real exports.

The distributions are figures in `archive_rows.json`, which `fit_distributions` took from real exports of GDELT 1.0
(710 rows): codes, counts, lengths and shares, and no row. Rows are made by DuckDB from a hash of their number, so
that the same size gives the same file on any machine.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

FIGURES = Path(__file__).with_name("archive_rows.json")
CELLS = 1000
"""A distribution is spread over so many cells; a row's hash picks one."""
ROWS_A_DAY = 150_000
"""Rows that a day of exports adds (GDELT 2.0 in a busy year)."""


def fit_distributions(sample: Path) -> dict[str, Any]:
    """The distributions of a GDELT 1.0 export: shares of codes, counts, day lags, lengths and missing cells."""
    con = duckdb.connect()
    columns = {f"c{n}": "VARCHAR" for n in range(1, 59)}
    con.execute(
        "CREATE TABLE rows AS SELECT * FROM read_csv(?, delim='\t', header=false, quote='', escape='', "
        "auto_detect=false, null_padding=true, columns=?)",
        [str(sample), columns],
    )
    lag = "date_diff('day', strptime(c2, '%Y%m%d'), strptime(c57, '%Y%m%d'))"
    asked = {
        "actor1": ("coalesce(c6, '')", "true"),
        "actor2": ("coalesce(c16, '')", "true"),
        "event": ("c27", "true"),
        "articles": ("c34", "true"),
        # Rows without an address are of one early day, read again ten years later: their lag says nothing.
        "lag_days": (lag, "c58 IS NOT NULL"),
        "place": ("coalesce(c52, '')", "true"),
        "url_length": ("10 * (length(c58) // 10)", "c58 IS NOT NULL"),
        "name_length": ("10 * (length(coalesce(c51, '')) // 10)", "true"),
    }
    shares = {
        name: con.execute(
            f"SELECT value, count(*) / sum(count(*)) OVER () FROM (SELECT {cell} AS value FROM rows WHERE {kept}) "
            "GROUP BY value ORDER BY count(*) DESC, value"
        ).fetchall()
        for name, (cell, kept) in asked.items()
    }
    return {name: [[value, round(share, 5)] for value, share in found] for name, found in shares.items()}


def write_rows(path: Path, rows: int, *, first: int = 0, begins: date = date(2017, 1, 1), threads: int = 2) -> None:
    """Writes GDELT 1.0 rows numbered from `first`, in the order of the day that they were added."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    con = duckdb.connect(config={"threads": threads, "memory_limit": "700MB"})
    spread = {name: _spread(shares) for name, shares in figures.items()}
    for name, cells in spread.items():
        made = f"SELECT unnest(range({len(cells)})) AS cell, unnest(?) AS value"
        con.execute(f"CREATE TABLE {name}_cells AS {made}", [cells])
    sizes = {name: len(cells) for name, cells in spread.items()}
    con.execute(
        f"COPY ({_rows_query(begins, sizes)}) TO '{path}' "
        "(FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '', ESCAPE '')",
        [first, first + rows],
    )


def _spread(shares: list[list[Any]]) -> list[Any]:
    """The values of a distribution, each as many times as its share of `CELLS` says, at least once."""
    return [value for value, share in shares for _ in range(max(1, round(share * CELLS)))]


def _rows_query(begins: date, sizes: dict[str, int]) -> str:
    """The query of the rows whose numbers are bound to it; `sizes` has the number of cells of each distribution."""
    joins = "\n".join(
        f"JOIN {name}_cells AS {name} ON {name}.cell = (hash(number, {salt}) % {sizes[name]})::BIGINT"
        for salt, name in enumerate(sizes)
    )
    values = ", ".join(f"{name}.value AS {name}" for name in sizes)
    geography = ["'1'", "place_name", "place", "place", "'38.8973'", "'-77.0083'", "'531871'"]
    columns = [
        "number + 400000000", "strftime(day, '%Y%m%d')", "strftime(day, '%Y%m')", "strftime(day, '%Y')",
        "strftime(day, '%Y') || '.5'",
        "actor1", "upper(actor1)", "left(actor1, 3)", "''", "''", "''", "''",
        "substr(actor1, 4, 3)", "''", "''",
        "actor2", "upper(actor2)", "left(actor2, 3)", "''", "''", "''", "''",
        "substr(actor2, 4, 3)", "''", "''",
        "'1'", "event", "left(event, 3)", "left(event, 2)", "'1'", "'1.0'",
        "articles", "'1'", "articles", "(hash(number, 99) % 1000) / 100 - 5.0",
        *geography, *geography, *geography,
        "strftime(added, '%Y%m%d')", "'http://' || url || substr(repeat(md5(url), 12), 1, url_chars)",
    ]  # fmt: skip
    return f"""
        WITH numbered AS (
            SELECT range AS number, DATE '{begins}' + (range // {ROWS_A_DAY})::INT AS added FROM range(?, ?)
        ), drawn AS (
            SELECT number, added, {values}, added - lag_days.value::INT AS day,
                substr(repeat(md5(place.value), 4), 1, name_length.value::INT) AS place_name,
                'news' || hash(number // 3) % 90000 AS url, greatest(url_length.value::INT - 12, 1) AS url_chars
            FROM numbered {joins}
        )
        SELECT {", ".join(columns)} FROM drawn"""
