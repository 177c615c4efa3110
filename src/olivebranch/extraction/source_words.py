"""The word classes by which experts, outlets, occasions, documents and data are told apart (table `source_words`)."""

from collections.abc import Mapping
from functools import cache

from spacy.tokens import Token

from olivebranch.codebook import load_table


@cache
def _classes() -> Mapping[str, frozenset[str]]:
    return {row.use: frozenset(row.words) for row in load_table("source_words")}


def words_for(use: str) -> frozenset[str]:
    """The words of one class, lower case."""
    return _classes()[use]


def is_use(word: str) -> bool:
    """Whether a word names a class ("diplomat": the words of those who may be called so)."""
    return word in _classes()


def has_use(token: Token, use: str) -> bool:
    """Whether a word belongs to a class, by form or lemma; of a phrase (news conference) its last word stands for it.

    Example: "analysts" has the use "expert".
    """
    words = words_for(use)
    return token.lower_ in words or token.lemma_.lower() in words
