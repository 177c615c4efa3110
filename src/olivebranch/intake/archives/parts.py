"""Opens the files of an archive (plain, gzip, zip) and cuts them into blocks of whole lines in clean UTF-8."""

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from olivebranch.errors import UnreadableArchive

BLOCK_BYTES = 96 * 1024 * 1024
"""About 250,000 rows of GDELT: enough to keep two cores busy, little enough to stay under 1 GB with its rows."""
MAX_LINE_BYTES = 4 * 1024 * 1024
"""A line longer than this is of no event archive."""
HEAD_BYTES = 1024 * 1024
DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True)
class Part:
    """One table of events: a file, or one member of a zip."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """The file's name, with the member's where the zip has several."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @property
    def is_parquet(self) -> bool:
        """Whether the table is Parquet, which DuckDB reads by itself."""
        return self.path.suffix.lower() == ".parquet"

    def open(self) -> IO[bytes]:
        """The bytes of the table, unpacked."""
        if self.member is not None:
            return zipfile.ZipFile(self.path).open(self.member)
        if _magic(self.path, 2) == b"\x1f\x8b":
            return cast(IO[bytes], gzip.open(self.path))
        return self.path.open("rb")

    def fingerprint(self) -> str:
        """What tells this table from another without reading all of it: size, time of change, both ends, member."""
        stat = self.path.stat()
        digest = hashlib.sha256(f"{stat.st_size} {stat.st_mtime_ns} {self.member or ''}".encode())
        with self.path.open("rb") as file:
            digest.update(file.read(HEAD_BYTES))
            file.seek(max(0, stat.st_size - HEAD_BYTES))
            digest.update(file.read(HEAD_BYTES))
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a table, the number of the first (from 1), and where in the unpacked bytes the next begin."""

    data: bytes
    first_line: int
    end: int

    @property
    def lines(self) -> int:
        """How many lines it holds; the last may lack its line end."""
        return self.data.count(b"\n") + (not self.data.endswith(b"\n"))


def find_parts(path: Path) -> list[Part]:
    """The tables in a file: one, or one for each member of a zip.

    Raises:
        UnreadableArchive: the file is missing, empty, a folder, or a damaged zip.
    """
    try:
        if path.is_dir():
            raise UnreadableArchive(f"{path}: is a folder; name its files")
        if path.stat().st_size == 0:
            raise UnreadableArchive(f"{path}: is empty")
        if _magic(path, 4) != b"PK\x03\x04":
            return [Part(path)]
        with zipfile.ZipFile(path) as archive:
            members = [info.filename for info in archive.infolist() if not info.is_dir()]
    except OSError as error:
        raise UnreadableArchive(f"{path}: cannot be read ({error.strerror or error})") from error
    except zipfile.BadZipFile as error:
        raise UnreadableArchive(f"{path}: is a damaged zip ({error}); fetch it again") from error
    if not members:
        raise UnreadableArchive(f"{path}: holds no file")
    return [Part(path, member) for member in members]


def read_head(part: Part) -> str:
    """The first line that is not blank, without its line end.

    Raises:
        UnreadableArchive: the table is empty, damaged, or no text.
    """
    with _told_plainly(part), part.open() as file:
        data, fault = _read_most(file, HEAD_BYTES)
        if fault is not None and not data:
            raise fault
    if b"\x00" in data[:4096]:
        raise UnreadableArchive(f"{part.path}: is no text; give event files as text, gz, zip or Parquet")
    line = next((line for line in clean_bytes(data).splitlines() if line.strip()), None)
    if line is None:
        raise UnreadableArchive(f"{part.path}: holds no line")
    return line.decode().removeprefix("\ufeff")


def iter_blocks(part: Part, *, quoted: bool = False, start: int = 0, first_line: int = 1) -> Iterator[Block]:
    """The table from the byte `start` (the line `first_line`) on, in blocks; `quoted` keeps quoted line ends inside.

    Raises:
        UnreadableArchive: the file is cut off or damaged; the blocks before have been given, what lay whole after
            them is given as the last.
    """
    with _told_plainly(part), part.open() as file:
        _skip(file, start)
        rest, end, line = b"", start, first_line
        while True:
            data, fault = _read_most(file, BLOCK_BYTES)
            is_last = fault is not None or len(data) < BLOCK_BYTES
            data = rest + data
            cut = len(data) if is_last and fault is None else _last_line_end(data, quoted)
            data, rest = data[:cut], data[cut:]
            if len(rest) > MAX_LINE_BYTES and fault is None:
                raise UnreadableArchive(f"{part.path}: a line is longer than {MAX_LINE_BYTES} bytes; no event is")
            end += len(data)
            if data:
                block = Block(clean_bytes(data), line, end)
                line += block.lines
                yield block
            if fault is not None:
                raise fault
            if is_last:
                return


def clean_bytes(data: bytes) -> bytes:
    """UTF-8 with plain line ends; a line that is none is taken for Windows-1252, as mixed files are.

    Example: clean_bytes(b"Malm\\xf6\\r\\n") is the UTF-8 of "Malmö\\n".
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    for mark in (b"\x00", b"\x01"):
        # NUL ends strings in DuckDB; SOH is the delimiter by which whole lines are read.
        if mark in data:
            data = data.replace(mark, b" ")
    try:
        data.decode()
    except UnicodeDecodeError:
        return b"\n".join(_recode(line) for line in data.split(b"\n"))
    return data


def _recode(line: bytes) -> bytes:
    try:
        line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace").encode()
    return line


def _read_most(file: IO[bytes], size: int) -> tuple[bytes, Exception | None]:
    """So many bytes, or those before the end; where the stream breaks off, those before the break, and the error."""
    held, read = io.BytesIO(), cast(io.BufferedReader, file).read1
    try:
        # One chunk at a time: a longer read of a damaged gzip fails as a whole.
        while held.tell() < size and (data := read(min(1 << 20, size - held.tell()))):
            held.write(data)
    except DAMAGE as error:
        return held.getvalue(), error
    return held.getvalue(), None


def _last_line_end(data: bytes, quoted: bool) -> int:
    """Where the last whole line ends: after a line end that stands outside quotation marks."""
    cut = data.rfind(b"\n") + 1
    if not quoted:
        return cut
    marks = data.count(b'"', 0, cut)
    while cut and marks % 2:
        earlier = data.rfind(b"\n", 0, cut - 1) + 1
        marks -= data.count(b'"', earlier, cut)
        cut = earlier
    return cut


def _skip(file: IO[bytes], count: int) -> None:
    if file.seekable() and isinstance(file, io.BufferedReader):
        file.seek(count)
        return
    while count > 0 and (data := file.read(min(1 << 22, count))):
        count -= len(data)


def _magic(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return file.read(count)


@contextmanager
def _told_plainly(part: Part) -> Iterator[None]:
    """Turns the errors of a damaged file into ours."""
    try:
        yield
    except DAMAGE as error:
        raise UnreadableArchive(
            f"{part.path}: is cut off or damaged ({error}); the rows before the damage are kept, fetch it again"
        ) from error
    except OSError as error:
        raise UnreadableArchive(f"{part.path}: cannot be read ({error.strerror or error})") from error
