"""What several commands take and give alike: the ledger, the archive, days, JSON, exit codes."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

if TYPE_CHECKING:
    from olivebranch.ledger.archive import Archive

SOME_FAILED, NOTHING_READ = 1, 3
"""Exit codes: some of what was given failed, all did."""

LedgerPath = Annotated[
    Optional[str],  # noqa: UP045  (typer reads it at run time)
    typer.Option("--ledger", help="The ledger file. Default: OLIVEBRANCH_LEDGER, else the user's data folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def day_of(moment: datetime | None) -> date | None:
    """The day of an option that was given, None where it was not."""
    return moment.date() if moment else None


def open_archive(named: str | Path | None, ledger: str | None) -> "Archive":
    """The archive named, else the one beside the ledger (None: the ledger that is used when none is named)."""
    from olivebranch.ledger import default_path
    from olivebranch.ledger.archive import Archive

    return Archive(named) if named else Archive.beside(ledger or default_path())
