"""What a word says of where its subject stands on a measure: for, against, leaning, abstaining, divided."""

from typing import Literal

from spacy.tokens import Token

from olivebranch.extraction.syntax import lemma_of
from olivebranch.extraction.word_uses import search_words, use_of, words_for

TABLE = "decision_words"

Stance = Literal["for", "against", "leaning_for", "leaning_against", "abstain", "divided"]

TURNED: dict[Stance, Stance] = {
    "for": "against", "against": "for", "leaning_for": "leaning_against", "leaning_against": "leaning_for",
    "abstain": "abstain", "divided": "divided",
}  # fmt: skip
PHRASED: tuple[tuple[str, Stance], ...] = (
    ("leaning_against_phrases", "leaning_against"), ("leaning_for_phrases", "leaning_for"),
    ("against_phrases", "against"), ("for_phrases", "for"),
)  # fmt: skip
REACH = 6


def stance_of(token: Token) -> Stance | None:
    """The stance that a verb, adjective or phrase gives its subject, turned round by a negation.

    Example: "opposes" is against, "was pressing for" is for, "does not oppose" is for, "reluctant" leans against.
    """
    if token.pos_ not in {"VERB", "ADJ", "AUX"}:
        return None
    if token.pos_ in {"VERB", "AUX"}:
        if any(child.dep_ == "aux" and child.lower_ in {"can", "could"} for child in token.children):
            return None
        found = _phrased(token) or _of_verb(token)
        return (TURNED[found] if _is_negated(token) else found) if found else None
    phrased = _phrased(token)
    if phrased is not None:
        return TURNED[phrased] if _is_negated(token.head) else phrased
    use = use_of(TABLE, token, "leaning_against", "leaning_for", "divided")
    inner = next((c for c in token.children if c.dep_ == "xcomp" and c.pos_ == "VERB"), None)
    if inner is not None and stance_of(inner) is not None and use == "leaning_for":
        return None  # "inclined to abstain" leans where its verb does
    if use is None or token.dep_ not in {"acomp", "oprd", "conj", "ROOT"}:
        return None
    stance: Stance = "divided" if use == "divided" else "leaning_for" if use == "leaning_for" else "leaning_against"
    return TURNED[stance] if _is_negated(token.head) else stance


def is_phrased(token: Token) -> bool:
    """Whether the stance is told by a turn of phrase: "pressed for", "would rather wait"."""
    return token.pos_ in {"VERB", "AUX"} and _phrased(token) is not None


def _phrased(token: Token) -> Stance | None:
    """A phrase that begins at the verb: "pressed for", "was against", "would rather wait"."""
    after = token.doc[token.i : min(token.sent.end, token.i + REACH)].text
    for use, stance in PHRASED:
        found = search_words(TABLE, use, after)
        if found is not None and found.start() == 0:
            return stance
    return None


def _of_verb(verb: Token) -> Stance | None:
    if use_of(TABLE, verb, "abstain"):
        return "abstain"
    if use_of(TABLE, verb, "divided"):
        return "divided"
    if use_of(TABLE, verb, "leaning_against"):
        return None if _is_negated(verb) else "leaning_against"
    if use_of(TABLE, verb, "against"):
        return "against"
    return "for" if use_of(TABLE, verb, "for") or _wants_measure(verb) else None


def _wants_measure(verb: Token) -> bool:
    """ "Poland wants new listings", "wants to extend the sanctions": a wish with an object; of what is asked later."""
    if verb.pos_ != "VERB" or lemma_of(verb) not in words_for(TABLE, "wanting"):
        return False
    return any(c.dep_ in {"dobj", "xcomp", "ccomp"} and c.i > verb.i for c in verb.children)


def _is_negated(token: Token) -> bool:
    if any(child.dep_ == "neg" for child in token.children):
        return True
    return token.dep_ in {"xcomp", "ccomp"} and lemma_of(token.head) in {"refuse", "decline", "stop", "cease"}
