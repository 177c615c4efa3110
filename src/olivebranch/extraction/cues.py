"""Finds the words that attribute (said, according to, X's claim that …) and what the cue table knows of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from olivebranch.codebook import load_table
from olivebranch.codebook.tables import CueWord
from olivebranch.extraction.scene import Scene

SPEECH_SCOPES = frozenset({"speech"})
WIDE_SCOPES = frozenset({"speech", "mind", "data", "stance"})
WITHHOLDING = frozenset({"refuse", "decline", "fail", "deny", "neglect", "forget", "omit"})
"""Verbs after which nothing was said ("declined to say")."""

NAMING = frozenset({"name", "identify", "quote", "cite"})
SECRECY_REACH = 5
MAX_REACH = 4
"""The later words of a cue phrase stand at most this many words after its first."""


@dataclass(frozen=True, slots=True, eq=False)
class CueMatch:
    """A cue in the text: its head word, its row of the table, its words `[first, last)`."""

    token: Token
    row: CueWord
    first: int
    last: int


@cache
def _rows_by_first_word() -> Mapping[tuple[str, str], list[tuple[tuple[str, ...], CueWord]]]:
    index: dict[tuple[str, str], list[tuple[tuple[str, ...], CueWord]]] = defaultdict(list)
    for row in load_table("cues"):
        first, *rest = row.cue.split()
        index[row.kind, first].append((tuple(rest), row))
    for rows in index.values():
        rows.sort(key=lambda entry: -len(entry[0]))
    return index


def find_cues(scene: Scene, scopes: frozenset[str] = SPEECH_SCOPES) -> Iterator[CueMatch]:
    """The cues of a scene outside furniture, headlines and quotations, in text order.

    Example: in `Lavrov said Sunday that …, according to Interfax` the cues are "said" and "according to".
    """
    for token in scene.parse:
        if scene.is_closed_off[token.i] or scene.is_quoted(token):
            continue
        match = match_cue(scene, token)
        if match is not None and match.row.scope in scopes and not _is_void(match):
            yield match


def match_cue(scene: Scene, token: Token) -> CueMatch | None:
    """The cue that begins at a token, whatever its scope; the longest phrase wins."""
    for kind in _kinds_of(token):
        words = (token.lower_,) if kind == "preposition" else _lemmas(token)
        for rest, row in (entry for word in words for entry in _rows_by_first_word().get((kind, word), ())):
            last = _match_rest(scene, token, rest)
            if last is not None:
                return CueMatch(token, row, _first_word(token) if kind == "verb" else token.i, last)
    return None


def stand_in(token: Token) -> CueMatch:
    """A verb that the table lacks, doing the work of "say" where the layout calls for a cue."""
    say = next(row for rest, row in _rows_by_first_word()["verb", "say"] if not rest)
    return CueMatch(token, say, _first_word(token), int(token.i) + 1)


def _kinds_of(token: Token) -> tuple[str, ...]:
    if token.tag_.startswith("VB") or token.lower_ in {"said", "says"}:
        return ("verb", "preposition")
    if token.tag_ in {"NN", "NNS"}:
        return ("noun",)
    return ("preposition",)


def _lemma(token: Token) -> str:
    return "say" if token.lower_ in {"said", "says"} else str(token.lemma_).lower()


def _lemmas(token: Token) -> tuple[str, ...]:
    """The word's lemma, and where the tagger's is none (hat for hates), the word less its ending."""
    lemma, word = _lemma(token), token.lower_
    return (lemma, word[:-1]) if word[-1:] in {"s", "d"} and word[:-1] != lemma else (lemma,)


def _match_rest(scene: Scene, token: Token, rest: tuple[str, ...]) -> int | None:
    """The index after the phrase's last word; its words follow in order, others may come between."""
    index = token.i + 1
    for word in rest:
        limit = min(len(scene.parse), index + (MAX_REACH if len(rest) == 1 else 1))
        near = [t for t in scene.parse[index:limit] if word in (t.lower_, t.lemma_.lower())]
        near = [t for t in near if t.head.i == token.i or t.i == index]
        if not near:
            return None
        index = near[0].i + 1
    return index if index - token.i <= len(rest) + 1 else token.i + 1


def _first_word(verb: Token) -> int:
    """Where the verb with its auxiliaries begins ("has repeatedly said")."""
    first = int(verb.i)
    helpers = {child.i for child in verb.children if child.dep_ in {"aux", "auxpass", "advmod", "neg"}}
    leading = {child.i for child in verb.children if child.dep_ in {"aux", "auxpass"}}
    index = first
    while index - 1 in helpers:
        index -= 1
        first = index if index in leading else first
    return first


def is_speech_verb(token: Token) -> bool:
    """Whether a verb is one of saying by itself, whatever stands around it."""
    rows = (row for lemma in _lemmas(token) for rest, row in _rows_by_first_word().get(("verb", lemma), ()) if not rest)
    return token.tag_.startswith("VB") and any(row.scope == "speech" for row in rows)


def _asks_for_secrecy(match: CueMatch) -> bool:
    """ "asked not to be named", "insisted on anonymity": about the source, no statement of it."""
    token = match.token
    after = token.doc[match.last : match.last + SECRECY_REACH]
    if any(word.lower_ == "anonymity" for word in after):
        return True
    negated = (c for c in token.children if c.dep_ in {"xcomp", "ccomp"} and c.lemma_.lower() in NAMING)
    return any(child.dep_ == "neg" for verb in negated for child in verb.children)


def _is_void(match: CueMatch) -> bool:
    """Whether nothing was said after all: negated, withheld, a modifier, a hypothesis."""
    token = match.token
    if match.row.kind != "verb":
        return False
    if any(child.dep_ == "neg" for child in token.children) or token.dep_ == "amod":
        return True
    if _asks_for_secrecy(match):
        return True
    above = token.head
    while token.dep_ in {"xcomp", "conj"} and above != token:
        if _lemma(above) in WITHHOLDING or any(child.dep_ == "neg" for child in above.children):
            return token.dep_ == "xcomp"
        token, above = above, above.head
    return False
