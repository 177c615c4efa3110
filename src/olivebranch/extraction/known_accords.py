"""Treaties known by their own names: New START, the Minsk agreements; who is bound, and how they stand on a day."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from spacy.tokens import Span as Words

from olivebranch.codebook import load_table
from olivebranch.codebook.tables import KnownAccord, first_day
from olivebranch.extraction.accord_standing import STANDING, Status


@cache
def _names() -> tuple[re.Pattern[str], dict[str, KnownAccord]]:
    rows: dict[str, KnownAccord] = {name.lower(): row for row in load_table("known_accords") for name in row.names}
    longest = sorted(rows, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE), rows


def find_known(tokens: Words) -> Iterator[tuple[Words, KnownAccord]]:
    """The known accords that a sentence names by their proper names, each with its words.

    Example: "Both keep to New START" gives the words New START and its row.
    """
    pattern, rows = _names()
    for found in pattern.finditer(tokens.text):
        name = tokens.char_span(found.start(), found.end(), alignment_mode="expand")
        if name is not None and found[0][:1].isupper():
            yield name, rows[found[0].lower()]


def standing_on(row: KnownAccord, day: date | None) -> Status:
    """How a known accord stood on a day, so far as its dates tell; on no day given, how it stood last.

    Example: the JCPOA is signed on 2015-08-01 and in force on 2017-01-01.
    """
    if row.ended is not None and (day is None or first_day(row.ended) <= day):
        return next(status for status in STANDING if status == (row.ended_status or "expired"))
    if day is not None and day < first_day(row.signed):
        return "proposed"
    is_in_force = row.in_force is not None and (day is None or first_day(row.in_force) <= day)
    return "in_force" if is_in_force else "signed"
