"""What a format says of a table: SQL for each column of a coded row, and what makes a row unusable."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Literal

from olivebranch.errors import UsageError

EVENT_COLUMNS = (
    "source_row", "happened_on", "known_on", "actor_key", "actor_name", "recipient_key", "recipient_name",
    "cameo", "type", "mode", "place_key", "outlet", "story", "reports",
)  # fmt: skip
MENTION_COLUMNS = ("source_row", "event_row", "mentioned_on", "outlet", "story", "confidence")

Kind = Literal["lines", "csv", "parquet"]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user says of the files; `None` leaves it to what is found in them.

    `mapping`: for the format csv, our column -> the file's column, or a fixed value in single quotes.
    `names_dyads` False marks archives whose biggest actors were left out; rows before `sampled_before` are a sample.
    """

    name: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    day_format: str | None = None
    names_dyads: bool | None = None
    sampled_before: date | None = None

    def digest(self) -> str:
        """What tells these options from others."""
        return sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table: their names (of the first row, where there is no header), and how it is read.

    `kind`: lines are split at tabs by us, csv is read by DuckDB with quotation marks, parquet by DuckDB.
    """

    names: tuple[str, ...]
    kind: Kind
    delimiter: str = "\t"

    @classmethod
    def of_line(cls, line: str, *, quoted: bool = False) -> "Header":
        """The header that a first line is, tabs before commas; `quoted` where quotation marks enclose cells."""
        delimiter = next((mark for mark in "\t,;|" if mark in line), "\t")
        cells = next(csv.reader([line], delimiter=delimiter)) if quoted or delimiter != "\t" else line.split("\t")
        kind: Kind = "csv" if quoted or delimiter != "\t" else "lines"
        return cls(tuple(cell.strip().strip('"') for cell in cells), kind, delimiter)

    def has(self, *names: str) -> bool:
        """Whether there are columns of all these names, whatever their case, blanks and underscores."""
        return {plain_column(name) for name in names} <= {plain_column(name) for name in self.names}

    def cell(self, *names: str) -> str:
        """SQL for the text of the first column there is of these names; NULL where there is none."""
        plain = [plain_column(name) for name in self.names]
        number = next((plain.index(word) for name in names if (word := plain_column(name)) in plain), None)
        return "NULL::VARCHAR" if number is None else self.cell_at(number + 1)

    def cell_at(self, number: int) -> str:
        """SQL for the text of a column by its number, from 1; NULL where empty."""
        return f"nullif(cells[{number}], '')" if self.kind == "lines" else f"nullif(c{number}, '')"


@dataclass(frozen=True, slots=True)
class Draft:
    """How a table becomes coded rows. `columns` has SQL over the table's cells, `checks` (condition, reason) likewise.

    `names` is the archive whose words and codes the actors are written in; `widths` the least and most columns.
    """

    source: str
    header: Header
    columns: Mapping[str, str]
    names: Literal["gdelt", "icews", "polecat"]
    widths: tuple[int, int]
    has_header: bool = True
    is_mentions: bool = False
    checks: Sequence[tuple[str, str]] = ()
    names_dyads: bool = True
    sampled_before: date | None = None


def plain_column(name: str) -> str:
    """A column's name without case, blanks and marks: "Event Date", "event_date" and "EventDate" are one."""
    return "".join(c for c in name.casefold() if c.isalnum())


def day_of(cell: str, day_format: str | None = None) -> str:
    """SQL for a day written 2018-06-01, 20180601 (a time may follow either), or in a format of strptime."""
    if day_format is not None:
        return f"try_strptime({cell}, {_quoted(day_format)})::DATE"
    return f"coalesce(try_cast(left({cell}, 10) AS DATE), try_strptime(left({cell}, 8), '%Y%m%d')::DATE)"


def name_key(name: str, country: str = "NULL", sectors: str = "NULL") -> str:
    """SQL for the key by which an actor is resolved: name, country and sectors as the archive writes them."""
    return f"concat({name}, chr(31), {country}, chr(31), {sectors})"


def read_mapping(pairs: Sequence[str], file: Path | None = None) -> dict[str, str]:
    """The mapping of `--map ours=theirs …` and of a TOML or JSON file, the former over the latter.

    Raises:
        UsageError: a pair has no "=", names no column of ours, or the file cannot be read.
    """
    mapping = _read_mapping_file(file) if file is not None else {}
    for pair in pairs:
        ours, mark, theirs = pair.partition("=")
        if not mark or not theirs:
            raise UsageError(f"--map {pair}: write our column, =, and the file's, as in --map happened_on=Date")
        mapping[ours.strip()] = theirs.strip()
    return mapping


def _read_mapping_file(file: Path) -> dict[str, str]:
    import json
    import tomllib

    try:
        text = file.read_text(encoding="utf-8")
        held = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: is no mapping in JSON or TOML ({error})") from error
    if not all(isinstance(value, str) for value in held.values()):
        raise UsageError(f'{file}: a mapping has lines such as happened_on = "Date", and no more')
    return dict(held)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
