"""Judgements told without a statement: "diplomats doubt that Ankara will leave", "he is convinced that it will"."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span as Words
from spacy.tokens import Token

from olivebranch.extraction.conduct import TABLE, Stance, judge_conduct
from olivebranch.extraction.stances import judge_words
from olivebranch.extraction.syntax import lemma_of, subjects_of
from olivebranch.extraction.word_uses import words_for

NOBODY = frozenset({"few", "nobody", "none", "no"})


@dataclass(frozen=True)
class ToldView:
    """Somebody's mind on a side: whose, in which passage, which way, by which word."""

    holder: Token
    piece: Words
    stance: Stance
    words: str


def iter_told_views(tokens: Words) -> Iterator[ToldView]:
    """The views that a sentence of the outlet tells of others, their holders as tokens.

    Example: "Diplomats doubted that Ankara would keep its promise" gives Diplomats, doubts.
    """
    for token in tokens:
        leaning = _mind(token)
        if leaning is None:
            continue
        verb = token if token.pos_ in {"VERB", "AUX"} else token.head
        for holder in _holders(verb):
            piece = _content(token, tokens)
            found = _stance(token, verb, holder, leaning, piece)
            if found is not None:
                yield ToldView(holder, piece, found, token.text)


def _mind(token: Token) -> str | None:
    """Whether a word tells belief or doubt held: verbs, adjectives after "is", and doubts that somebody "has"."""
    if token.pos_ == "VERB":
        lemma = lemma_of(token)
        return (
            "doubt"
            if lemma in words_for(TABLE, "mistrusting")
            else "view"
            if lemma in words_for(TABLE, "trusting")
            else None
        )
    if token.pos_ == "ADJ" and token.dep_ in {"acomp", "oprd", "conj"}:
        if token.lower_ in words_for(TABLE, "sceptic"):
            return "doubt"
        return "belief" if token.lower_ in words_for(TABLE, "trustful") else None
    is_had = token.dep_ == "dobj" and token.head.lemma_ in {"have", "express", "voice", "harbour", "harbor"}
    return "doubt" if is_had and token.lemma_.lower() in {"doubt", "misgiving", "reservation"} else None


def _holders(verb: Token) -> list[Token]:
    return [
        t
        for t in subjects_of(verb)
        if t.pos_ in {"NOUN", "PROPN", "PRON", "ADJ", "DET"} and t.lower_ not in {"it", "that", "i", "we"}
    ]


def _content(token: Token, tokens: Words) -> Words:
    """What stands under the mind word, and after it."""
    last = max(token.right_edge.i, token.i)
    if last == token.i:
        last = token.head.right_edge.i
    last = min(last, tokens.end - 1)
    while last > token.i and (token.doc[last].is_punct or token.doc[last].is_space):
        last -= 1
    first = min(token.i + 1, last)
    while first < last and token.doc[first].lower_ in {"that", "whether", "if"}:
        first += 1
    return token.doc[first : last + 1]


def _stance(token: Token, verb: Token, holder: Token, leaning: str, piece: Words) -> Stance | None:
    is_denied = any(child.dep_ == "neg" for child in verb.children) or holder.lower_ in NOBODY
    is_denied = is_denied or any(child.lower_ in NOBODY for child in holder.children)
    if leaning != "view":
        return "doubts" if (leaning == "doubt") ^ is_denied else "believes"
    found = judge_words(piece) or judge_conduct(piece)
    if found is None or found[0] == "none":
        return None
    stance = found[0]
    if is_denied and stance in {"believes", "doubts"}:
        return "doubts" if stance == "believes" else "believes"
    return stance
