"""Keeps what was made from the code tables in the user's cache folder, so that the next start need not make it again.

A file holds one `marshal` of plain tuples, dicts and strings, headed by the hash of all that it was made from and the
hash of its own bytes. One that is damaged, older, of another Python, or that cannot be read or written, is as good as
none: then the thing is made from the tables, silently.
"""

import marshal
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from olivebranch import settings

MAGIC = b"olivebranch codebook 1\n"
FAILURES = (OSError, RuntimeError, ValueError, EOFError, TypeError)
"""What reading, writing and finding the folder can end in; none of it is the user's concern."""

KEPT = 16
"""Files that stay when a new one is written: those of a few versions side by side, four files each."""


def recall(name: str, make: Callable[[], Any]) -> Any:
    """What `make` gives (plain tuples, lists, dicts, strings, numbers), from the cache where it holds it already."""
    head = MAGIC + hash_tables()
    with suppress(*FAILURES):
        return _read(_place(name), head)
    made = make()
    with suppress(*FAILURES):
        body = marshal.dumps(made)
        _write(_place(name), head + sha256(body).digest() + body)
    return made


def _read(path: Path, head: bytes) -> Any:
    """What the file holds.

    Raises:
        ValueError: it is not ours, or not whole.
    """
    data = path.read_bytes()
    body = memoryview(data)[len(head) + 32 :]
    if not data.startswith(head) or sha256(body).digest() != data[len(head) : len(head) + 32]:
        raise ValueError(f"{path} is damaged")
    return marshal.loads(body)


def _place(name: str) -> Path:
    return cache_folder() / f"{name}-{hash_tables().hex()[:16]}.bin"


@cache
def hash_tables() -> bytes:
    """The hash of every table and of the code that reads them, and of the Python that runs it (32 bytes)."""
    room = files("olivebranch.codebook")
    found = sha256(sys.version.encode())
    for place in (room, room / "data"):
        for file in sorted(place.iterdir(), key=lambda file: file.name):
            if file.name.endswith((".csv", ".py")):
                content = file.read_bytes()
                found.update(f"{file.name} {len(content)}\n".encode() + content)
    return found.digest()


def cache_folder() -> Path:
    """Where the files lie: OLIVEBRANCH_CACHE, else the user's cache folder."""
    named = settings.env_path("CACHE")
    if named is not None:
        return named.expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("olivebranch", appauthor=False)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: two processes that write at once each put a whole file in place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    old = sorted(path.parent.glob("*-*.bin"), key=lambda file: file.stat().st_mtime, reverse=True)[KEPT:]
    for stale in old:
        stale.unlink(missing_ok=True)
