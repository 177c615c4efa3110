"""JSON lines out, one as soon as it is made, and on standard error how far a long run is and how fast it was."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any

import typer

from olivebranch.errors import UsageError
from olivebranch.surfaces.layout import write_plain

STANDARD = "-"
"""The path that means standard input or output."""

TELL_EVERY = 10.0
"""Seconds between two lines on how far a run is."""

WriteLine = Callable[[Mapping[str, Any]], None]


@contextmanager
def open_lines(path: str | None) -> Iterator[WriteLine]:
    """A function that writes one object a line, to a file, or to standard output where there is no path or `-`.

    Raises:
        UsageError: the file cannot be written.
    """
    if path is None or path == STANDARD:
        yield lambda line: typer.echo(json.dumps(line, ensure_ascii=False))
        return
    try:
        # A half character that a text holds is written as JSON's own escape for it.
        file = open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n")  # noqa: SIM115
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}; name another file") from error
    with file:
        yield lambda line: typer.echo(json.dumps(line, ensure_ascii=False), file=file)


class Pace:
    """Counts what is done, tells of it now and then on standard error, and sums up at the end in words or as JSON."""

    def __init__(self, unit: str, rate_unit: str = "sentences", *, as_json: bool = False) -> None:
        self.unit, self.rate_unit, self.as_json = unit, rate_unit, as_json
        self.begun = self.told = monotonic()
        self.done = self.rated = self.failed = 0

    def add(self, done: int = 1, *, rated: int | None = None, failed: int = 0) -> None:
        """Counts units done, and what the speed is counted in where that is something else."""
        self.done, self.failed = self.done + done, self.failed + failed
        self.rated += done if rated is None else rated
        now = monotonic()
        if not self.as_json and now - self.told >= TELL_EVERY:
            self.told = now
            typer.echo(f"olivebranch: {self.done:,} {self.unit} …", err=True)

    def sum_up(self) -> None:
        """One line: how many, how long, how fast."""
        seconds = max(monotonic() - self.begun, 1e-9)
        rate = self.rated / seconds
        if self.as_json:
            told = {self.unit: self.done, "failed": self.failed, "seconds": round(seconds, 2)}
            typer.echo(json.dumps(told | {f"{self.rate_unit}_per_second": round(rate, 1)}), err=True)
            return
        failed = f", {self.failed:,} failed" if self.failed else ""
        words = f"{self.done:,} {self.unit}{failed} in {seconds:,.1f} s ({rate:,.1f} {self.rate_unit}/s)"
        typer.echo(f"olivebranch: {words}", err=True)


def tell_failure(message: str) -> None:
    """One line on standard error, whatever the message holds."""
    typer.echo(f"olivebranch: {write_plain(message)}", err=True)
