"""Whether an act is told as done, or as alleged, denied, planned, conditional, wished or called for."""

from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from olivebranch.codebook import load_table
from olivebranch.extraction.syntax import OBJECTS, lemma_of
from olivebranch.records import Factuality

Words = dict[str, Factuality]

OBJECT_DENIERS = frozenset("allege avert avoid cancel decline deny postpone prevent refuse reject rule".split())
"""Verbs that take away, or only allege, the act named by their object ("rejected talks"; not "stopped the attack")."""
TELLS = frozenset({"advise", "tell", "warn"})
"""Verbs that ask for what their infinitive says, and only report a clause ("told us that they had met")."""
OCCURRENCE = frozenset(
    "be begin cancel collapse come continue fail follow hold happen launch occur open plan postpone proceed resume "
    "schedule set start stop take".split()
)
"""Verbs that say of a noun's act that it takes place or not ("the talks were cancelled", "the visit will begin")."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The factuality of an act and the word that decided it (None where nothing speaks against its being done)."""

    factuality: Factuality
    decided_by: Token | None


@cache
def _operators(kind: str) -> Words:
    return {
        word: row.factuality for row in load_table("factuality_operators") if row.kind == kind for word in row.words
    }


def judge_factuality(trigger: Token) -> Judgement:
    """The factuality that the words give to the act named by `trigger`, a verb or a noun.

    The nearest word above the act decides: "Oslo urged Moscow to free the crew" makes the freeing called-for,
    "Chad allegedly sent arms" makes the sending alleged. Who says it is judged elsewhere (`events`).
    """
    token, depth = trigger, 0
    while depth < 8:
        # "The sailors captured off Crimea": the participle tells a fact, whatever is done about its noun.
        tells_fact = token.dep_ == "acl" and token.tag_ == "VBN"
        found = _on(token) or (None if tells_fact else _above(token))
        if found:
            return found
        if tells_fact or not _carries_on(token):
            break
        token, depth = token.head, depth + 1
    return Judgement("asserted", None)


def _carries_on(token: Token) -> bool:
    """Whether what stands above still speaks of the act: not over a sentence or another clause of its own."""
    head, dep = token.head, token.dep_
    if head == token or dep in {"relcl", "parataxis", "appos", "ccomp"}:
        return False
    if dep in {"nsubj", "nsubjpass"}:
        return lemma_of(head) in OCCURRENCE
    if dep == "conj":
        return token.tag_ in {"VB", "VBG", "NN", "NNS"} or head.dep_ in {"ccomp", "xcomp", "pcomp"}
    if dep == "advcl":
        return any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children)
    return True


def _on(token: Token) -> Judgement | None:
    """What stands on the token itself: negation, adverbs, modals, marks, modifiers of a noun."""
    children = list(token.children)
    for child in children:
        word = child.lower_
        if child.dep_ == "neg" or (child.dep_ == "det" and word == "no"):
            return Judgement("denied", child)
        if child.dep_ in {"advmod", "amod"} and word in (_operators("adverb") | _operators("modifier")):
            kind = "adverb" if child.dep_ == "advmod" else "modifier"
            if word in _operators(kind):
                return Judgement(_operators(kind)[word], child)
    for child in children:
        if child.dep_ == "mark" and child.lower_ in _operators("mark"):
            return Judgement("conditional", child)
    return _by_modal(token, children)


def _by_modal(token: Token, children: list[Token]) -> Judgement | None:
    for child in children:
        word = child.lower_
        if child.dep_ not in {"aux", "auxpass"} or word not in _operators("modal"):
            continue
        if word == "would" and (_is_reported(token) or _is_of_a_plan(token)):
            return Judgement("planned", child)
        if any(
            c.dep_ == "advcl" and any(m.dep_ == "mark" and m.lower_ in {"if", "unless"} for m in c.children)
            for c in children
        ):
            return Judgement("conditional", child)
        return Judgement(_operators("modal")[word], child)
    return None


def _is_reported(token: Token) -> bool:
    """ "Said that it would" is a plan; "would, if" is not."""
    return token.dep_ == "ccomp" and token.head.tag_ in {"VBD", "VBN"}


def _is_of_a_plan(token: Token) -> bool:
    """ "An accord that would suspend the war" plans the suspending."""
    if token.dep_ == "advcl" and any(c.dep_ == "nsubj" and c.lower_ in {"that", "which"} for c in token.children):
        # The parser hangs some relative clauses on the verb above their noun.
        return any(_operators("noun").get(lemma_of(c)) == "planned" for c in token.head.children if c.dep_ == "dobj")
    return token.dep_ == "relcl" and _operators("noun").get(lemma_of(token.head)) == "planned"


def _above(token: Token) -> Judgement | None:
    """What governs the token: a verb, adjective or noun that makes its complement a plan, a wish, a charge."""
    head = token.head
    if head == token:
        return None
    governs = token.dep_ in {"xcomp", "ccomp", "pcomp", "acl", "prep", "pobj", "advcl", "oprd", "nsubjpass"} | OBJECTS
    if not governs:
        return None
    if head.dep_ in {"prep"} and token.dep_ in {"pobj", "pcomp"}:
        return _by_preposition(head, token)
    lemma = lemma_of(head)
    if head.pos_ in {"VERB", "AUX", "ADJ"} and lemma in _operators("governor"):
        return _by_governor(head, token, lemma)
    if head.pos_ == "NOUN" and token.dep_ in {"acl", "ccomp"} and lemma in _operators("noun"):
        return Judgement(_operators("noun")[lemma], head)
    return None


def _by_preposition(prep: Token, token: Token) -> Judgement | None:
    governor = prep.head
    lemma = lemma_of(governor)
    if (
        governor.pos_ in {"NOUN", "PROPN"}
        and lemma in _operators("noun")
        and prep.lower_ in {"of", "for", "to", "about", "in"}
    ):
        return Judgement(_operators("noun")[lemma], governor)
    if (
        governor.pos_ in {"VERB", "ADJ"}
        and lemma in _operators("governor")
        and (token.dep_ == "pcomp" or prep.lower_ in {"for", "of", "to", "on", "in", "from", "about"})
    ):
        return _by_governor(governor, token, lemma)
    return None


def _is_infinitive(token: Token) -> bool:
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children)


def _by_governor(governor: Token, token: Token, lemma: str) -> Judgement | None:
    verdict = _operators("governor")[lemma]
    if token.dep_ in OBJECTS and verdict in {"alleged", "denied"} and lemma not in OBJECT_DENIERS:
        return None
    if token.dep_ == "ccomp" and lemma in {"say", "think", "report"}:
        return None
    if verdict == "called-for" and lemma in TELLS and token.dep_ == "ccomp" and not _is_infinitive(token):
        return None
    if lemma == "rule" and not any(child.lower_ == "out" for child in governor.children):
        return None
    if lemma == "stop" and token.dep_ in OBJECTS:
        return None
    return Judgement(verdict, governor)
