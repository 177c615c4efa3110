"""Joins intake and ledger for event archives; apart from the pipeline, so that an import loads none of the reader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from olivebranch.codebook import load_codebook
from olivebranch.errors import UnreadableArchive
from olivebranch.intake.archives import BlockReader, ImportOptions, Part, choose_format, draft_part, find_parts
from olivebranch.ledger.archive import CODED_EVENTS, MENTIONS, Archive, ImportedPart
from olivebranch.ledger.archive_writer import ArchiveWriter


@dataclass(frozen=True)
class ImportReport:
    """What an import did, file by file, and how far the sources it touched are resolved.

    For each part `read` = `written` + `known` + `rejected`. `failures` are (file, what was wrong).
    """

    parts: tuple[ImportedPart, ...]
    failures: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]

    def total(self, count: str) -> int:
        """The sum of one count (read, written, known, rejected) over the parts."""
        return sum(getattr(part, count) for part in self.parts)


def import_archives(
    paths: Iterable[Path],
    format: str,
    archive: Archive,
    options: ImportOptions | None = None,
    *,
    threads: int | None = None,
    progress: Callable[[str, int], None] = lambda name, rows: None,
) -> ImportReport:
    """Puts event files into an archive: rows known by their id are left out, a broken-off import goes on where it was.

    A file that cannot be read is told in the report; what lay whole before its damage is kept. `progress` is called
    with the file's name and the rows read of it so far.

    Raises:
        UsageError: no such format, a mapping that does not fit, or an archive without a folder.
        LedgerError: the archive cannot be written; what was committed is kept.
    """
    choose_format(format)
    options = options or ImportOptions()
    keys: list[str] = []
    done: dict[str, ImportedPart] = {}
    failures: list[tuple[str, str]] = []
    held = {file.file for file in archive.manifest().files}
    with ArchiveWriter(archive, threads=threads) as writer:
        reader = BlockReader(writer.connection, load_codebook(), writer.staging)
        for path in paths:
            try:
                for part in find_parts(path):
                    key = f"{format} {part.fingerprint()} {options.digest()}"
                    keys.append(key)
                    before = writer.manifest.imports.get(key, ImportedPart(key, part.name, format))
                    if before.is_done:
                        done[key] = replace(before, written=0, known=before.read - before.rejected)
                    else:
                        _import_part(part, before, reader, writer, options, progress)
            except UnreadableArchive as error:
                failures.append((str(path), str(error)))
        writer.commit()
        found = {**writer.manifest.imports, **done}
        new = [file for file in writer.manifest.files if file.file not in held]
    parts = tuple(found[key] for key in dict.fromkeys(keys) if key in found)
    return ImportReport(parts, tuple(failures), tuple(sorted({file.source for file in new})))


def _import_part(
    part: Part,
    before: ImportedPart,
    reader: BlockReader,
    writer: ArchiveWriter,
    options: ImportOptions,
    progress: Callable[[str, int], None],
) -> None:
    """Reads one table on from where it was left, block by block, and commits whenever enough is staged."""
    draft = draft_part(part, before.format, options, reader.parquet_columns(part) if part.is_parquet else ())
    writer.begin(before, MENTIONS if draft.is_mentions else CODED_EVENTS)
    read = before.read
    with writer.told():
        for coded in reader.iter_coded(part, draft, before.offset, before.lines):
            writer.stage(coded.rows)
            writer.reject(coded.rejects)
            writer.note(offset=coded.end, lines=coded.lines, read=coded.read, rejected=coded.rejected)
            read += coded.read
            progress(part.name, read)
            if writer.is_full:
                writer.commit()
    writer.finish()
