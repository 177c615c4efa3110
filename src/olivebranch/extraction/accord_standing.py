"""What the words around an accord's noun say of it: its matter, its kind, and its standing."""

from typing import Literal

from spacy.tokens import Token

from olivebranch.extraction.factuality import judge_factuality
from olivebranch.extraction.outlook import verb_outlook
from olivebranch.extraction.syntax import prepositions_of
from olivebranch.extraction.word_uses import use_of, words_for
from olivebranch.records import Span

TABLE = "accord_words"
Status = Literal["proposed", "tentative", "signed", "in_force", "violated", "suspended", "expired", "superseded"]

STANDING: tuple[Status, ...] = (
    "proposed", "signed", "tentative", "in_force", "superseded", "expired", "suspended", "violated",
)  # fmt: skip
"""From weak to strong: of the standings that a story gives one accord, the strongest is its own."""

NEGATIONS = frozenset({"no", "any", "without"})
OPINIONS = frozenset({"reject", "oppose", "discuss", "debate", "consider", "want", "suggest", "mull"})
"""What may be done to an accord that stands: "opposed the deal" proposes none."""

LATER_REACH = 40
"""Words after its sentence in which "it" may still mean the accord."""

LONG = 18
UNDONE = frozenset({"fail", "refuse", "decline", "struggle", "unable"})


def is_definite(head: Token) -> bool:
    return any(child.lower_ in {"the", "this", "that", "these", "those", "their", "its"} for child in head.children)


def is_described(head: Token) -> bool:
    """ "The papers that they have signed", "the accord reached in Geneva": told anew, not referred back to."""
    return any(c.dep_ in {"relcl", "acl"} and makes_accord(c) for c in head.children)


def makes_accord(verb: Token) -> bool:
    """Whether a verb tells of the making by the parties: "signed", "reached", not "brokered by"."""
    return use_of(TABLE, verb, "signing") is not None and use_of(TABLE, verb, "mediating") is None


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
    if verb.lemma_.lower() in words_for(TABLE, "presuming") and use in {"in_force", "proposed"}:
        is_unkept = factuality == "denied" and verb.lemma_ in {
            "keep",
            "honor",
            "honour",
            "respect",
            "observe",
            "implement",
        }
        is_unkept = is_unkept or (verb.lemma_ in {"keep", "honor", "honour"} and _has_neither(verb))
        return verb, "violated" if is_unkept else "in_force", verb.text
    undone = factuality == "denied" or verb.head.lemma_ in UNDONE or bool({c.lower_ for c in head.children} & NEGATIONS)
    if use in {"signed", "in_force"} and (undone or factuality in {"planned", "conditional", "wished", "called-for"}):
        return verb, "proposed", verb.text
    if use == "expired" and verb_outlook(verb) == "ahead":
        return verb, "in_force", verb.text
    if use in {"violated", "suspended", "expired", "superseded"} and (undone or factuality != "asserted"):
        return verb, None, ""
    return verb, use, verb.text


def _has_neither(verb: Token) -> bool:
    """ "Neither Moscow nor Kiev has kept it"."""
    subjects = [c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}]
    return any(t.lower_ in {"neither", "nobody", "none"} for s in subjects for t in (s, *s.children))


def later_standing(head: Token) -> tuple[Status, str] | None:
    """What the next sentences of the paragraph do to it: "It was broken daily", "Neither has kept it"."""
    reach = head.doc[head.sent.end : min(len(head.doc), head.sent.end + LATER_REACH)]
    for token in reach:
        if "\n" in token.text:
            return None
        if token.lower_ not in {"it", "them"} or token.dep_ not in {"nsubjpass", "dobj", "nsubj"}:
            continue
        verb = token.head
        if verb.pos_ != "VERB":
            continue
        if verb.lemma_ in words_for(TABLE, "presuming"):
            is_unkept = _has_neither(verb) or any(c.dep_ == "neg" for c in verb.children)
            return ("violated" if is_unkept else "in_force"), verb.text
        status = _use_for(verb, token)
        is_done = judge_factuality(verb).factuality == "asserted"
        if status in {"violated", "suspended", "expired", "superseded"} and is_done and token.dep_ != "nsubj":
            return status, verb.text
    return None


def noun_phrase_of(head: Token) -> Span:
    """The accord's noun phrase: its modifiers, what follows with "between", "on", "of", and who made it when."""
    end = head.i
    for child in head.children:
        if child.i < head.i:
            continue
        if child.dep_ == "prep" and child.lower_ in {"between", "on", "with", "of", "over", "among", "for", "along"}:
            clauses = [t.i for t in child.subtree if t.dep_ in {"relcl", "acl", "advcl", "ccomp"}]
            end = max(end, min([*(c - 1 for c in clauses), child.right_edge.i]))
        elif child.dep_ in {"relcl", "acl"} and use_of(TABLE, child, "signing") and child.right_edge.i - head.i < LONG:
            end = max(end, child.right_edge.i)
    doc = head.doc
    start = head.left_edge.i
    while start < head.i and (doc[start].is_punct or doc[start].pos_ in {"CCONJ", "ADP", "PRON"}):
        start += 1
    end = head.i if end - head.i > LONG else end
    while end > head.i and doc[end].is_punct:
        end -= 1
    return (doc[start].idx, doc[end].idx + len(doc[end]))


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
