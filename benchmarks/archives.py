"""Speed and memory of event archives: `python -m benchmarks --archive 10M [--json]`.

A file of GDELT-shaped rows is made, imported by a process of its own (two threads), and its all-dyad weekly series
stands beside a bare DuckDB scan-and-group of the same columns in the same run. CPU seconds stand beside wall time,
since other processes on the machine slow the one and hardly the other.
"""

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.archive_rows import write_rows
from olivebranch.ledger.archive import Archive

IMPORT = """
import json, resource, sys, time
from pathlib import Path
from olivebranch.archive_import import import_archives
from olivebranch.ledger.archive import Archive
start = time.perf_counter()
report = import_archives([Path(sys.argv[1])], "gdelt", Archive(sys.argv[2]), threads=2)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"rows": report.total("written"), "s": time.perf_counter() - start,
                  "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}))
"""
SERIES = """
SELECT actor, recipient, date_trunc('week', happened_on) AS week, is_deed, count(*), avg(score), sum(score)
FROM coded_events
WHERE is_state_pair AND NOT is_repeat AND NOT is_sampled AND names_dyads AND type IS NOT NULL
GROUP BY ALL
"""
BARE = """
SELECT actor, recipient, date_trunc('week', happened_on) AS week, is_deed, count(*), avg(score), sum(score)
FROM read_parquet(?, hive_partitioning = false) GROUP BY ALL
"""
UNITS = {"K": 1_000, "M": 1_000_000}


def measure_archives(size: str, runs: int) -> dict[str, float]:
    """Import and series at a tenth of the size and at the size, and how time grows between them."""
    rows = read_size(size)
    figures: dict[str, float] = {}
    seconds: dict[int, tuple[float, float]] = {}
    for count in (rows // 10, rows):
        with TemporaryDirectory() as folder:
            found = _measure_size(Path(folder), count, runs)
        seconds[count] = (found["import, CPU s"], found["all-dyad weekly series, s"])
        figures |= {f"{name} ({count:,} rows)": value for name, value in found.items()}
    small, large = seconds[rows // 10], seconds[rows]
    figures["growth of import, exponent of CPU time"] = math.log10(large[0] / small[0])
    figures["growth of the series, exponent of time"] = math.log10(large[1] / small[1])
    return figures


def read_size(size: str) -> int:
    """A number of rows as it is written: 10M, 500K, 1000000."""
    unit = UNITS.get(size[-1:].upper(), 1)
    return int(size[:-1] if unit > 1 else size) * unit


def _measure_size(folder: Path, rows: int, runs: int) -> dict[str, float]:
    file, archive = folder / "rows.csv", Archive(folder / "archive")
    write_rows(file, rows)
    size = file.stat().st_size
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(file), str(archive.path)], check=True, capture_output=True, text=True
    )
    used = json.loads(done.stdout)
    file.unlink()
    series, bare = _measure_series(archive, runs)
    parquet = sum(path.stat().st_size for path in archive.path.rglob("*.parquet")) if archive.path else 0
    shutil.rmtree(folder / "archive")
    return {
        "import, rows/s": used["rows"] / used["s"],
        "import, rows/s of two whole cores (by CPU time)": 2 * used["rows"] / used["cpu"],
        "import, CPU s": used["cpu"],
        "import, peak memory, MB": used["mb"],
        "file, MB": size / 1e6,
        "archive, MB": parquet / 1e6,
        "all-dyad weekly series, s": series,
        "bare scan and group of the same columns, s": bare,
        "series / bare scan": series / bare,
    }


def _measure_series(archive: Archive, runs: int) -> tuple[float, float]:
    with archive.connect(threads=2, memory_limit="3GB") as con:
        files = [str(path) for path in archive.path.glob("coded_events/*/*.parquet")] if archive.path else []
        series, bare = [], []
        for _ in range(runs):  # in turn, so that what else runs slows both alike
            bare.append(_timed(lambda: con.execute(BARE, [files]).fetchall()))
            series.append(_timed(lambda: con.execute(SERIES).fetchall()))
    return median(series), median(bare)


def _timed(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start
