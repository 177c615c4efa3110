"""Tells what kind of file a story is in: by its first bytes, and by its name only where they leave it open."""

import json
import re
from typing import Literal

from olivebranch.errors import UnreadableStory

Kind = Literal["text", "html", "feed", "jsonl", "json", "parquet"]

HEAD_BYTES = 65_536
"""How much of a file is looked at to tell its kind."""

BINARY_STARTS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or office document",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"SQLite format 3": "a database",
    b"{\\rtf": "a rich-text document",
}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b\x1a"))
_HTML = re.compile(rb"<!doctype html|<(?:html|head|body|article|main)[\s>]", re.IGNORECASE)
_TAG = re.compile(rb"<(?:p|div|h1|meta|title|span|br)[\s>/]", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")


def detect_kind(head: bytes, name: str) -> Kind:
    """The kind of a file from its first bytes (HEAD_BYTES of them are enough) and its name.

    Raises:
        UnreadableStory: it is binary; the message says what it is and what to do.
    """
    if head[:4] == b"PAR1":
        return "parquet"
    _refuse_binary(head, name)
    suffix = name.rpartition(".")[2].lower()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"<":
        if _HTML.search(head):
            return "feed" if _FEED.search(head[:2048]) and not start.lower().startswith(b"<!doctype html") else "html"
        if _FEED.search(head[:8192]):
            return "feed"
    if _HTML.search(head[:4096]) or (suffix in {"html", "htm", "xhtml"} and _TAG.search(head)):
        return "html"
    if start[:1] in (b"{", b"["):
        return _detect_json(start, suffix)
    return "jsonl" if suffix in {"jsonl", "ndjson"} and start else "text"


def _detect_json(start: bytes, suffix: str) -> Kind:
    """JSON Lines has a whole object on its first line."""
    if suffix in {"jsonl", "ndjson"}:
        return "jsonl"
    first = start.partition(b"\n")[0]
    if first[:1] == b"{":
        try:
            return "jsonl" if isinstance(json.loads(first), dict) else "text"
        except ValueError:
            pass
    return "json" if suffix == "json" else "text"


def _refuse_binary(head: bytes, name: str) -> None:
    what = next((what for start, what in BINARY_STARTS.items() if head.startswith(start)), None)
    if what is None and not head.startswith(_UTF16_MARKS):
        controls = len(head) - len(head.translate(None, _CONTROL))
        if b"\0" in head or controls > 0.02 * len(head):
            what = "a binary file"
    if what is not None:
        raise UnreadableStory(f"{name}: is {what}, not a text; save the story as plain text or HTML")
