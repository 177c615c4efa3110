"""What the words around an accord's noun say of it: its matter, its kind, and its standing."""

from typing import Literal

from spacy.tokens import Token

from olivebranch.extraction.factuality import judge_factuality
from olivebranch.extraction.outlook import verb_outlook
from olivebranch.extraction.syntax import prepositions_of
from olivebranch.extraction.word_uses import use_of, words_for

TABLE = "accord_words"
Status = Literal["proposed", "tentative", "signed", "in_force", "violated", "suspended", "expired", "superseded"]

STANDING: tuple[Status, ...] = (
    "proposed", "signed", "tentative", "in_force", "superseded", "expired", "suspended", "violated",
)  # fmt: skip
"""From weak to strong: of the standings that a story gives one accord, the strongest is its own."""

NEGATIONS = frozenset({"no", "any", "without"})
OPINIONS = frozenset({"reject", "oppose", "discuss", "debate", "consider", "want", "suggest", "mull"})
"""What may be done to an accord that stands: "opposed the deal" proposes none."""

UNDONE = frozenset({"fail", "refuse", "decline", "struggle", "unable"})


def is_definite(head: Token) -> bool:
    return any(child.lower_ in {"the", "this", "that", "these", "those", "their", "its"} for child in head.children)


def is_ceasefire(head: Token) -> bool:
    words = {head.lemma_.lower(), *(c.lemma_.lower() for c in head.children if c.dep_ in {"compound", "amod", "nmod"})}
    return bool(words & words_for(TABLE, "ceasefire")) or (head.lower_ == "fire" and head.nbor(-1).text == "-")


def is_matter(child: Token) -> bool:
    return child.lower_ in words_for(TABLE, "matter")


def matters_of(head: Token) -> frozenset[str]:
    """The words that tell one accord from another: gas, nuclear, New START, Minsk."""
    kept = set()
    for child in head.children:
        if child.dep_ in {"compound", "amod", "nmod"} and (is_matter(child) or child.pos_ == "PROPN"):
            kept.add(child.lower_)
    for prep, obj in prepositions_of(head):
        if prep in {"on", "over", "about", "for"}:
            kept |= {t.lower_ for t in (obj, *obj.children) if t.lower_ in words_for(TABLE, "matter")}
    if not kept and not any(child.lower_ in {"the", "this", "that"} for child in head.children):
        after = head.doc[head.i + 1 : min(head.sent.end, head.i + 20)]
        kept |= {t.lower_ for t in after if t.lower_ in words_for(TABLE, "matter") and t.pos_ in {"NOUN", "ADJ"}}
    return frozenset(kept - words_for(TABLE, "ceasefire"))


def topic_of(head: Token) -> str:
    """ "on gas supplies", "to free the crew", "that would suspend a gas war": the first that there is, short."""
    for child in head.children:
        if child.i < head.i:
            continue
        if child.dep_ == "prep" and child.lower_ in {"on", "over", "about", "for"}:
            return str(child.doc[child.i : min(child.right_edge.i, child.i + 7) + 1].text)
        is_promise = child.tag_ == "VB" and any(c.dep_ == "aux" for c in child.children)
        if child.dep_ in {"acl", "relcl"} and is_promise and use_of(TABLE, child, "mediating") is None:
            objects = [c for c in child.children if c.dep_ == "dobj"]
            if objects:
                return "to " * (child.tag_ == "VB") + f"{child.text} {_short(objects[0])}"
    return ""


def _short(head: Token) -> str:
    return str(head.doc[head.left_edge.i : head.i + 1].text)


def is_city(child: Token) -> bool:
    """A place that an accord is named after ("Minsk accord") signs nothing."""
    return (
        child.dep_ in {"compound", "nmod"}
        and child.pos_ == "PROPN"
        and child.ent_type_ in {"GPE", "FAC", "LOC", "EVENT", "LAW"}
        and "-" not in {t.text for t in child.subtree}
    )


def is_in_mediation(token: Token, head: Token) -> bool:
    """Whether a token stands in the clause that tells the mediator."""
    for above in (token, *token.ancestors):
        if above == head:
            return False
        if use_of(TABLE, above, "mediating") or above.lower_ in words_for(TABLE, "auspices"):
            return True
    return False


def is_tentative(head: Token, near: str) -> bool:
    words = {c.lower_ for c in head.children if c.dep_ in {"amod", "compound", "acl"}}
    return bool(words & words_for(TABLE, "tentative")) or "in principle" in near.lower()


def standing_of(head: Token) -> tuple[Token | None, Status | None, str]:
    """The verb that an accord hangs on and the standing that it gives: what was done to it, or what it does."""
    verb = _governor(head)
    if verb is None:
        return None, *_noun_standing(head)
    use = _use_for(verb, head)
    if use is None:
        return verb, *_noun_standing(head)
    factuality = judge_factuality(verb).factuality
    if factuality in {"planned", "conditional"} and verb_outlook(verb) == "back":
        factuality = "asserted"
    undone = factuality == "denied" or verb.head.lemma_ in UNDONE or bool({c.lower_ for c in head.children} & NEGATIONS)
    if use in {"signed", "in_force"} and (undone or factuality in {"planned", "conditional", "wished", "called-for"}):
        return verb, "proposed", verb.text
    if use == "expired" and verb_outlook(verb) == "ahead":
        return verb, "in_force", verb.text
    if use in {"violated", "suspended", "expired", "superseded"} and (undone or factuality != "asserted"):
        return verb, None, ""
    return verb, use, verb.text


def _governor(head: Token) -> Token | None:
    """The verb whose subject or object the accord is, also through a preposition or "terms of the deal"."""
    token = head
    for _ in range(4):
        above = token.head
        if above == token:
            return None
        if above.pos_ in {"VERB", "AUX"}:
            return above
        is_part = above.lemma_ in words_for(TABLE, "part") or (token == head and token.dep_ in {"compound", "conj"})
        if above.pos_ != "ADP" and not is_part:
            return None
        token = above
    return None


def _use_for(verb: Token, head: Token) -> Status | None:
    lemma = verb.lemma_.lower()
    uses: tuple[tuple[str, Status], ...] = (
        ("violated", "violated"), ("expired", "expired"), ("superseded", "superseded"),
        ("suspended", "suspended"), ("signing", "signed"), ("in_force", "in_force"), ("proposing", "proposed"),
    )  # fmt: skip
    is_subject = head.dep_ in {"nsubj", "nsubjpass"}
    for use, status in uses:
        if lemma not in words_for(TABLE, use):
            continue
        if lemma in {"run", "end"} and (not is_subject or any(c.dep_ == "dobj" for c in verb.children)):
            continue
        if (
            lemma in {"hold", "take", "enter", "last", "survive", "remain", "prevail", "govern", "apply"}
            and not is_subject
        ):
            continue
        if status == "proposed" and (is_subject or (lemma in OPINIONS and is_definite(head))):
            continue
        if status == "superseded" and head.dep_ == "nsubj":
            return "in_force"
        if lemma in {"pull", "withdraw", "leave", "walk", "quit"} and head.dep_ == "nsubj":
            continue
        return status
    return None


def _noun_standing(head: Token) -> tuple[Status | None, str]:
    """ "Violations of the truce", "the signing of the treaty", "talks on a deal", a participle on the noun itself."""
    for child in head.children:
        if child.dep_ in {"acl", "amod", "relcl"} and (status := _use_for(child, head)) and child.tag_ == "VBN":
            return ("signed" if status == "proposed" and child.lemma_ == "negotiate" else status), child.text
    above = head.head
    if above.pos_ == "ADP":
        above = above.head
    words = {
        "talk": "proposed",
        "negotiation": "proposed",
        "proposal": "proposed",
        "call": "proposed",
        "hope": "proposed",
    }
    words |= {"prospect": "proposed", "signing": "signed", "collapse": "violated", "breakdown": "violated"}
    words |= {"violation": "violated", "breach": "violated", "expiry": "expired", "withdrawal": "suspended"}
    if above.lower_ in {"close", "closer", "near", "nearer"}:
        return "proposed", above.text
    status_word = words.get(above.lemma_.lower())
    if status_word and judge_factuality(above).factuality == "asserted":
        return next(status for status in STANDING if status == status_word), above.text
    return None, ""
