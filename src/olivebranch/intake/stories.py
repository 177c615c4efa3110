"""Reads stories from files of any kind and from standard input, one after the other, each failure for itself."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from olivebranch import settings
from olivebranch.errors import IntakeError, UnreadableStory
from olivebranch.intake.articles import Given, check_size, make_article
from olivebranch.intake.corpora import read_json, read_jsonl, read_parquet
from olivebranch.intake.feeds import read_feed
from olivebranch.intake.html import read_html
from olivebranch.intake.kinds import HEAD_BYTES, Kind, detect_kind
from olivebranch.intake.text import decode_text
from olivebranch.records import Article

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class IntakeFailure:
    """A story that could not be read: its name (file, and line or entry where there are several) and why."""

    name: str
    error: IntakeError


def read_stories(
    paths: Iterable[str | Path],
    published_on: date | None = None,
    outlet: str | None = None,
    url: str | None = None,
) -> Iterator[Article | IntakeFailure]:
    """The stories of `paths`, in order: plain text, HTML, RSS or Atom, JSON Lines, Parquet; `-` is standard input.

    The kind is told by content first, name second. What the caller gives wins over what a file says. Corpora are
    streamed. Nothing is fetched, and nothing is raised for a story: a failure takes its place and the others go on.

    Example: `list(read_stories(["story.txt"], published_on=date(2014, 9, 29)))`
    """
    given = Given(published_on, outlet, url)
    for path in paths:
        name = "standard input" if str(path) == STANDARD_INPUT else str(path)
        try:
            for item in _read_path(path, name, given):
                yield item if isinstance(item, Article) else IntakeFailure(*item)
        except IntakeError as error:
            yield IntakeFailure(name, error)


def _read_path(path: str | Path, name: str, given: Given) -> Iterator[Article | tuple[str, IntakeError]]:
    if str(path) == STANDARD_INPUT:
        yield from _read_stream(sys.stdin.buffer, name, given)
        return
    try:
        with _open_file(Path(path), name) as file:
            if not file.seekable():
                yield from _read_stream(file, name, given)
            else:
                yield from _read_file(file, Path(path).stat().st_size, Path(path), name, given)
    except OSError as error:
        raise UnreadableStory(f"{name}: cannot be read ({error.strerror or error}); check the disk") from error


def _open_file(path: Path, name: str) -> BinaryIO:
    try:
        return path.open("rb")
    except IsADirectoryError as error:
        raise UnreadableStory(f"{name}: is a folder; name the files in it") from error
    except FileNotFoundError as error:
        raise UnreadableStory(f"{name}: there is no such file; check the path") from error
    except (OSError, ValueError) as error:
        raise UnreadableStory(f"{name}: cannot be opened ({_say_why(error)}); check the path and its rights") from error


def _say_why(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _read_stream(stream: BinaryIO, name: str, given: Given) -> Iterator[Article | tuple[str, IntakeError]]:
    """What cannot be read twice is held in memory, up to the size of one story."""
    data = stream.read(settings.MAX_STORY_BYTES + 1)
    check_size(len(data), name)
    yield from _read_file(BytesIO(data), len(data), None, name, given)


def _read_file(
    file: BinaryIO, size: int, path: Path | None, name: str, given: Given
) -> Iterator[Article | tuple[str, IntakeError]]:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    kind = detect_kind(head, name)
    if kind == "jsonl":
        yield from read_jsonl(file, name, given)
    elif kind == "parquet":
        if path is None:
            raise UnreadableStory(f"{name}: Parquet can be read from a file only; name the file")
        yield from read_parquet(path, name, given)
    else:
        check_size(size, name)
        yield from _read_whole(file.read(settings.MAX_STORY_BYTES + 1), kind, name, given)


def _read_whole(data: bytes, kind: Kind, name: str, given: Given) -> Iterator[Article | tuple[str, IntakeError]]:
    if kind == "feed":
        yield from read_feed(data, name, given)
    elif kind == "json":
        yield from read_json(data, name, given)
    elif kind == "html":
        yield read_html(data, name, given)
    else:
        yield make_article(decode_text(data, name), name, given)
