"""Word classes of the code tables, as sets to ask and patterns to search a text with."""

import re
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Token

from olivebranch.codebook import load_table

STEM = 5
"""Words of a matter are compared by so many of their first letters."""


@cache
def words_for(table: str, use: str) -> frozenset[str]:
    """The words of one class ("violated") of one table ("accord_words"), lower case."""
    return frozenset(word for row in load_table(table) if row.use == use for word in row.words)


@cache
def _pattern(table: str, use: str) -> re.Pattern[str]:
    words = sorted(words_for(table, use), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in words)})(?!\w)", re.IGNORECASE)


def search_words(table: str, use: str, text: str) -> re.Match[str] | None:
    """The first of a class's words or phrases in a text, whole words, whatever the case."""
    return _pattern(table, use).search(text)


def iter_words(table: str, use: str, text: str) -> Iterator[re.Match[str]]:
    """Every one of a class's words or phrases in a text, in its order."""
    return _pattern(table, use).finditer(text)


def use_of(table: str, token: Token, *uses: str) -> str | None:
    """The first of these classes that holds a token's lemma."""
    return next((use for use in uses if token.lemma_.lower() in words_for(table, use)), None)


def stems_of(words: str) -> frozenset[str]:
    """The longer words of a matter by their beginnings, so that "sanctions" and "sanctioning" are one."""
    return frozenset(word.strip(".,:;()“”\"'").lower()[:STEM] for word in words.split() if len(word) >= STEM)
