"""Tells whether the words around an expression of time speak of what is to come or of what has been."""

from functools import cache
from typing import Literal

from spacy.tokens import Token

from olivebranch.codebook import load_table

Outlook = Literal["ahead", "back"]

AHEAD_MODALS = frozenset({"will", "'ll", "wo", "shall", "may", "might", "could", "can", "should", "must", "would"})
VERBAL = frozenset({"VERB", "AUX"})


@cache
def outlook_words(use: str) -> frozenset[str]:
    """The words of one class of the `outlook_words` table."""
    return frozenset(word for row in load_table("outlook_words") if row.use == use for word in row.words)


def judge_outlook(token: Token, is_headline: bool = False) -> Outlook | None:
    """Whether an expression of time headed by `token` lies ahead or back, None where nothing says.

    Example: "are set to meet Tuesday" is ahead, "met on Tuesday" is back; in a headline the present tells the past.
    """
    current = token
    for _ in range(12):
        if _is_aside(current, token):
            return None
        found = _at_noun(current)
        if found:
            return found
        if current.head == current:
            return _of_verb(current, is_headline) if current.pos_ in VERBAL else None
        if current.pos_ not in VERBAL and _is_due(current.head):
            return "ahead"
        current = current.head
        if current.pos_ in VERBAL:
            return _of_verb(current, is_headline)
    return None


def verb_outlook(verb: Token, is_headline: bool = False) -> Outlook | None:
    """Whether the act of a verb lies ahead or back: "will vote", "is to rule", "must approve" lie ahead."""
    if _is_due(verb.head) and verb.tag_ == "VB":
        return "ahead"
    return _of_verb(verb, is_headline)


def _is_aside(current: Token, token: Token) -> bool:
    """Whether the verb above says nothing of the time: "polls on Tuesday will help", "because of a raid on Friday"."""
    if current.dep_ in {"nsubj", "nsubjpass"} and token != current and token.dep_ == "pobj":
        return not _is_due(current.head)
    return current.dep_ in {"prep", "mark"} and current.lower_ in outlook_words("causes")


def _at_noun(token: Token) -> Outlook | None:
    """What stands by a noun or preposition on the way up: "ahead of", "the planned Tuesday vote", "the deadline"."""
    if token.lower_ in outlook_words("before") and token.dep_ in {"prep", "advmod", "mark"}:
        return "ahead" if token.lower_ in {"ahead", "before"} else None
    if token.lower_ == "eve" or token.lemma_ in outlook_words("future_nouns"):
        return "ahead"
    if token.pos_ in {"NOUN", "PROPN"} and any(
        child.dep_ in {"amod", "advmod"} and child.lower_ in outlook_words("upcoming") for child in token.children
    ):
        return "ahead"
    return None


def _is_due(head: Token) -> bool:
    """Whether a predicate such as "due", "set" or "slated", in no past perfect, governs."""
    if head.lemma_ in outlook_words("planned") and head.tag_ == "VBN" and head.dep_ in {"acl", "advcl"}:
        return True
    if head.pos_ != "ADJ" or head.lower_ not in outlook_words("due"):
        return False
    return not any(child.tag_ in {"VBD", "VBN"} and child.lemma_ == "have" for child in head.head.children)


def _of_verb(verb: Token, is_headline: bool, depth: int = 6) -> Outlook | None:
    """The outlook of a verb, from its helpers, its form, and what governs it."""
    helpers = [child for child in verb.children if child.dep_ in {"aux", "auxpass"}]
    words = {helper.lower_ for helper in helpers}
    if words & {"have", "has", "had", "'ve", "having", "did"}:
        return "back"
    if words & AHEAD_MODALS:
        return "ahead"
    if verb.tag_ == "VB" and "to" in words:
        return _of_infinitive(verb, is_headline, depth)
    if verb.tag_ in {"VBN", "VBD"} and verb.lemma_ in outlook_words("planned") and _is_plan(verb, words):
        return "ahead"
    if verb.tag_ == "VBG":
        return _of_participle(verb, words, is_headline, depth)
    if verb.tag_ in {"VBD", "VBN"}:
        return _of_bare_participle(verb, words, is_headline, depth)
    if verb.tag_ in {"VBZ", "VBP", "VB"}:
        return _of_present(verb, words, is_headline)
    return None


def _is_plan(verb: Token, helpers: set[str]) -> bool:
    """Planned ("was expected", "talks set for"), not itself a finished act ("called a vote")."""
    return bool(helpers & {"is", "are", "was", "were", "be", "been", "being"}) or verb.dep_ in {"acl", "advcl"}


def _of_infinitive(verb: Token, is_headline: bool, depth: int) -> Outlook | None:
    governor = verb.head
    if governor == verb:
        return "ahead"
    if governor.lemma_ in outlook_words("realised") or verb.dep_ == "advcl":
        same = governor.pos_ in VERBAL and depth > 0
        return _of_verb(governor, is_headline, depth - 1) if same else "back"
    if governor.lemma_ == "have" and governor.tag_ == "VBD":
        return "back"
    if (
        any(child.lemma_ == "have" and child.tag_ == "VBD" for child in governor.children)
        and governor.lemma_ != "agree"
    ):
        return "back"
    return "ahead"


def _of_participle(verb: Token, helpers: set[str], is_headline: bool, depth: int) -> Outlook | None:
    if helpers & {"is", "are", "am", "'s", "'re", "'m"}:
        return "ahead"
    if helpers & {"was", "were", "been"}:
        return "back"
    return _of_governor(verb, is_headline, depth)


def _of_bare_participle(verb: Token, helpers: set[str], is_headline: bool, depth: int) -> Outlook | None:
    if verb.tag_ == "VBD" or helpers & {"was", "were", "got"}:
        return "back"
    if helpers & {"is", "are", "'s", "'re"}:
        return None
    if "be" in helpers or verb.dep_ in {"acl", "relcl"}:
        return "back"
    return _of_governor(verb, is_headline, depth)


def _of_governor(verb: Token, is_headline: bool, depth: int) -> Outlook | None:
    above = next((token for token in verb.ancestors if token.pos_ in VERBAL), None)
    return _of_verb(above, is_headline, depth - 1) if above is not None and depth > 0 else None


def _of_present(verb: Token, helpers: set[str], is_headline: bool) -> Outlook | None:
    """The present tells the timetable ("ministers meet Tuesday") but not in a headline, nor when somebody says."""
    if is_headline or verb.lemma_ in outlook_words("saying"):
        return "back"
    if verb.lemma_ in outlook_words("scheduled_verbs") or helpers & {"do", "does"}:
        return "ahead"
    if verb.lemma_ == "be" and any(child.lower_ in outlook_words("due") for child in verb.children):
        return "ahead"
    if verb.lemma_ == "be" and any(child.dep_ in {"attr", "prep", "npadvmod"} for child in verb.children):
        return "ahead"
    return None
