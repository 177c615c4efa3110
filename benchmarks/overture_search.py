"""Every overture, control day and outcome of an archive, in DuckDB and in polars: the same question, the same answer.

    python -m benchmarks.overture_search ROWS [--engine duckdb|polars]

Each engine runs in a process of its own over the same Parquet files of generated rows; time and peak memory are printed
with the counts, which must agree.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl

from olivebranch.analysis.archive_controls import STEP_DAYS, VOLUME_RATIO, find_control_days
from olivebranch.analysis.archive_outcomes import FIRST_DAY, follow_criteria, follow_up
from olivebranch.analysis.archive_overtures import SAME_OVERTURE_DAYS, find_archive_overtures
from olivebranch.analysis.deeds import deed_classes, family_deeds, overture_codes
from olivebranch.settings import CONTROL_GAP_DAYS, CONTROL_SEASON_DAYS, STATE_DAYS

BEGINS, YEARS = date(2010, 1, 1), 8
ENDS = BEGINS + timedelta(days=365 * YEARS - 1)
CONTROL_WINDOW = 30
POWERS = 200

ROWS = f"""
WITH numbers AS (
    SELECT range AS n, hash(range) % 1000003 / 1000003 AS u, hash(range + 1e12) % 1000003 / 1000003 AS v,
           hash(range + 2e12) % 1000003 / 1000003 AS w, hash(range + 3e12) % 1000003 / 1000003 AS x
    FROM range($rows)),
drawn AS (
    SELECT n, DATE '{BEGINS}' + (range_day)::INTEGER AS happened_on,
           printf('P%02d', (({POWERS} * u * u * u)::INTEGER)) AS actor,
           printf('P%02d', (({POWERS} * v * v)::INTEGER)) AS recipient,
           codes[1 + (len(codes) * w * 0.9999)::INTEGER] AS cameo, x
    FROM (SELECT *, {365 * YEARS - 1} * (n / $rows) AS range_day, $codes AS codes FROM numbers))
SELECT 'made' AS source, n::VARCHAR AS source_row, happened_on, happened_on AS known_on, actor, recipient, cameo,
       (x * 20 - 8)::DOUBLE AS goldstein, NULL::VARCHAR AS place, 1 AS reports, x < 0.4 AS is_state_pair,
       x BETWEEN 0.39 AND 0.4 AS is_former, true AS names_dyads, false AS is_sampled,
       x BETWEEN 0.3 AND 0.34 AS is_repeat
FROM drawn"""


def make_rows(folder: Path, rows: int) -> None:
    """Generated rows as Parquet: a few powers speak much, a tenth of the rows are 03x, two in five between states."""
    codes = [*sorted(code for code in overture_codes() if len(code) > 2), "036", "036", "010", "020"] + [
        f"{root}{n}" for root in ("01", "02", "04", "05", "06", "07", "08", "09", "11", "12", "13", "17", "19")
        for n in range(6)
    ] * 3  # fmt: skip
    con = duckdb.connect(config={"threads": 2, "memory_limit": "2GB"})
    con.execute(
        f"COPY ({ROWS}) TO '{folder}/rows.parquet' (FORMAT parquet, COMPRESSION zstd)", {"rows": rows, "codes": codes}
    )


def search_duckdb(files: str) -> dict[str, int]:
    """The question as `olivebranch` asks it."""
    con = duckdb.connect(config={"threads": 2, "memory_limit": "3GB"})
    con.execute(f"CREATE VIEW coded_events AS FROM read_parquet('{files}')")
    find_archive_overtures(con, since=BEGINS, until=ENDS)
    follow_criteria(con)
    find_control_days(con, window_days=CONTROL_WINDOW)
    follow_up(con, "control_days", deed=["06", "07", "08"], window_days=CONTROL_WINDOW, into="followed_controls")
    return {
        "overtures": _count(con, "overtures"),
        "followed": _count(con, "outcomes WHERE n_deeds > 0"),
        "control_days": _count(con, "control_days"),
        "followed_controls": _count(con, "followed_controls WHERE n_deeds > 0"),
    }


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


# The polars side


def search_polars(files: str) -> dict[str, int]:
    """The same question in polars: lazy scans, joins, windows; only a pair's turns are a loop over its days."""
    events = (
        pl.scan_parquet(files)
        .filter(
            pl.col("is_state_pair") & ~pl.col("is_repeat") & ~pl.col("is_former") & ~pl.col("is_sampled")
            & pl.col("names_dyads") & (pl.col("actor") != pl.col("recipient"))
        )
        .group_by("actor", "recipient", pl.col("happened_on").alias("day"), "cameo")
        .agg(pl.col("goldstein").first())
        .with_columns(low=pl.min_horizontal("actor", "recipient"), high=pl.max_horizontal("actor", "recipient"))
        .collect(engine="streaming")
    )  # fmt: skip
    volumes = _volumes(events)
    said = _said(events)
    overtures = _with_volume(_open_overtures(said), volumes)
    followed = sum(_follow_family(events, overtures, family) for family in family_deeds())
    controls = _control_days(overtures, said, volumes)
    deeds = _deed_days(events, ("06", "07", "08"), "actor")
    return {
        "overtures": overtures.height,
        "followed": followed,
        "control_days": controls.height,
        "followed_controls": _count_followed(
            controls.rename({"actor": "one", "recipient": "other"}), deeds, CONTROL_WINDOW
        ),
    }


def _volumes(events: pl.DataFrame) -> pl.DataFrame:
    return (
        events.group_by("low", "high", "day").agg(n=pl.len()).sort("low", "high", "day")
        .with_columns(n=pl.col("n").cum_sum().over("low", "high")).sort("day")
    )  # fmt: skip


def _said(events: pl.DataFrame) -> pl.DataFrame:
    codes = pl.DataFrame({"cameo": [*overture_codes()], "family": [code.family for code in overture_codes().values()]})
    side = pl.when(pl.col("actor") < pl.col("recipient")).then(1).otherwise(2)
    return (
        events.join(codes, on="cameo").with_columns(side=side)
        .group_by("low", "high", "family", "day", "cameo").agg(side=pl.col("side").unique().sum())
    )  # fmt: skip


def _open_overtures(said: pl.DataFrame) -> pl.DataFrame:
    turns = (
        said.select("low", "high", "family", "day", "side")
        .unique()
        .sort("low", "high", "family", "day", "side", descending=[False, False, False, False, True])
    )
    grouped = turns.group_by("low", "high", "family", maintain_order=True).agg("day", "side")
    opened = [
        (low, high, family, day, side, joined)
        for low, high, family, days, sides in grouped.iter_rows()
        for day, side, joined in _take_turns(days, sides)
    ]
    frame = pl.DataFrame(
        opened, schema=["low", "high", "family", "on_day", "side", "joined"], orient="row", infer_schema_length=None
    )
    is_high = pl.col("side") == 2
    return frame.with_columns(
        actor=pl.when(is_high).then("high").otherwise("low"), recipient=pl.when(is_high).then("low").otherwise("high"),
        is_mutual=(pl.col("side") == 3) | pl.col("joined"),
    )  # fmt: skip


def _take_turns(days: list[date], sides: list[int]) -> list[list[object]]:
    since: dict[int, tuple[date, list[object]] | None] = {1: None, 2: None}
    opened: list[list[object]] = []

    def is_open(voice: int, day: date) -> bool:
        held = since[voice]
        return held is not None and (day - held[0]).days <= SAME_OVERTURE_DAYS

    for day, side in zip(days, sides, strict=True):
        voices = (1, 2) if side == 3 else (side,)
        held = [voice for voice in voices if is_open(voice, day)]
        if len(held) == len(voices):
            continue
        if held:
            kept = since[held[0]]
            assert kept is not None
            kept[1][2] = True
            since[1] = since[2] = kept
            continue
        opened.append([day, side, False])
        for voice in voices:
            since[voice] = (day, opened[-1])
    return opened


def _as_of(frame: pl.DataFrame, other: pl.DataFrame, days: int, by: list[str], column: str, name: str) -> pl.DataFrame:
    """The last value of `column` on or before `days` after on_day."""
    moved = frame.with_columns(at=pl.col("on_day") + timedelta(days=days)).sort("at")
    joined = moved.join_asof(
        other.select(*by, at="day", **{name: pl.col(column)}),
        on="at", by=by, strategy="backward", check_sortedness=False,
    )  # fmt: skip
    return joined.drop("at")


def _with_volume(frame: pl.DataFrame, volumes: pl.DataFrame) -> pl.DataFrame:
    past = (pl.col("on_day") - BEGINS).dt.total_days().clip(upper_bound=STATE_DAYS)
    frame = _as_of(frame, volumes, -1, ["low", "high"], "n", "n_before")
    frame = _as_of(frame, volumes, -STATE_DAYS - 1, ["low", "high"], "n", "n_outside")
    reports = pl.col("n_before").fill_null(0) - pl.col("n_outside").fill_null(0).cast(pl.Int64)
    return frame.with_columns(volume=pl.when(past >= 30).then(reports * STATE_DAYS / past))


def _deed_days(events: pl.DataFrame, prefixes: tuple[str, ...], sides: str) -> pl.DataFrame:
    ends = ("actor", "recipient") if sides == "actor" else ("low", "high")
    is_deed = pl.any_horizontal([pl.col("cameo").str.starts_with(prefix) for prefix in prefixes])
    return (
        events.filter(is_deed).select(one=ends[0], other=ends[1], day="day").unique().sort("one", "other", "day")
        .with_columns(n=pl.int_range(1, pl.len() + 1).over("one", "other")).sort("day")
    )  # fmt: skip


def _count_followed(origins: pl.DataFrame, deeds: pl.DataFrame, window_days: int) -> int:
    frame = _as_of(origins.select("one", "other", "on_day"), deeds, window_days, ["one", "other"], "n", "n_last")
    frame = _as_of(frame, deeds, FIRST_DAY - 1, ["one", "other"], "n", "n_story")
    return int((frame["n_last"].fill_null(0) > frame["n_story"].fill_null(0)).sum())


def _follow_family(events: pl.DataFrame, overtures: pl.DataFrame, family: str) -> int:
    deed = deed_classes()[str(family_deeds()[family].deed)]
    total = 0
    for is_mutual in (False, True):
        sides = "either" if is_mutual else deed.actor_side
        ends = ("actor", "recipient") if sides == "actor" else ("low", "high")
        origins = overtures.filter((pl.col("family") == family) & (pl.col("is_mutual") == is_mutual))
        origins = origins.select(one=ends[0], other=ends[1], on_day="on_day")
        total += _count_followed(origins, _deed_days(events, deed.prefixes, sides), deed.window_days)
    return total


def _control_days(overtures: pl.DataFrame, said: pl.DataFrame, volumes: pl.DataFrame) -> pl.DataFrame:
    last = ENDS - timedelta(days=CONTROL_WINDOW)
    days = pl.DataFrame({"on_day": pl.date_range(BEGINS, last, f"{STEP_DAYS}d", eager=True)})
    dyads = overtures.select("actor", "recipient", "low", "high").unique()
    heard = said.select("low", "high", "day", heard="day").unique().sort("day")
    quiet = _as_of(dyads.join(days, how="cross"), heard, 0, ["low", "high"], "heard", "heard_on")
    gap = (pl.col("on_day") - pl.col("heard_on")).dt.total_days()
    quiet = quiet.filter(gap.is_null() | (gap > CONTROL_GAP_DAYS)).sort("on_day")
    quiet = _with_volume(quiet, volumes)
    models = overtures.select("actor", "recipient", model_day="on_day", model_volume="volume")
    apart = (
        pl.col("on_day").dt.ordinal_day().cast(pl.Int32) - pl.col("model_day").dt.ordinal_day().cast(pl.Int32)
    ).abs()
    volume, model = pl.col("volume") + 1, pl.col("model_volume") + 1
    alike = (
        quiet.lazy().join(models.lazy(), on=["actor", "recipient"])
        .filter(pl.min_horizontal(apart, 365 - apart) <= CONTROL_SEASON_DAYS)
        .filter(volume.is_between(model / VOLUME_RATIO, model * VOLUME_RATIO))
        .select("actor", "recipient", "on_day").unique().sort("actor", "recipient", "on_day")
        .group_by("actor", "recipient", maintain_order=True).agg("on_day").collect(engine="streaming")
    )  # fmt: skip
    picked = [(actor, recipient, day) for actor, recipient, listed in alike.iter_rows() for day in _pick_apart(listed)]
    return pl.DataFrame(picked, schema=["actor", "recipient", "on_day"], orient="row", infer_schema_length=None)


def _pick_apart(days: list[date]) -> list[date]:
    taken = days[:1]
    for day in days:
        if (day - taken[-1]).days >= CONTROL_WINDOW:
            taken.append(day)
    return taken


ENGINES: dict[str, Callable[[str], dict[str, int]]] = {"duckdb": search_duckdb, "polars": search_polars}


def measure(engine: str, files: str) -> dict[str, object]:
    """Seconds and peak memory of this process, with the counts."""
    begun = time.perf_counter()
    counts = ENGINES[engine](files)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = {"seconds": round(time.perf_counter() - begun, 2), "cpu_seconds": round(time.process_time(), 2)}
    return {"engine": engine, **seconds, "peak_mb": round(peak), **counts}


def main() -> None:
    """Makes the rows, then runs each engine in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--engine", choices=sorted(ENGINES))
    parser.add_argument("--files")
    asked = parser.parse_args()
    if asked.files:
        print(json.dumps(measure(asked.engine, asked.files)))
        return
    with tempfile.TemporaryDirectory() as folder:
        make_rows(Path(folder), asked.rows)
        for engine in [asked.engine] if asked.engine else ENGINES:
            command = [sys.executable, "-m", "benchmarks.overture_search", str(asked.rows)]
            command += ["--engine", engine, "--files", f"{folder}/*.parquet"]
            print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


if __name__ == "__main__":
    main()
