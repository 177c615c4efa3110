"""Accords told by their act alone: two powers that "agreed to resume talks" or "would restore relations"."""

from dataclasses import dataclass

from spacy.tokens import Token

from olivebranch.extraction.accord_parties import AccordParties
from olivebranch.extraction.accord_standing import TABLE, Status
from olivebranch.extraction.factuality import judge_factuality
from olivebranch.extraction.syntax import lemma_of, subjects_of
from olivebranch.extraction.word_uses import words_for
from olivebranch.records import EventActor, Span

CAP_TOKENS = 22
UNSURE = frozenset({"if", "unless", "whether", "until"})


@dataclass(frozen=True)
class JointAct:
    """What two powers undertake together: the clause, the two, and the standing that the telling gives it."""

    span: Span
    parties: list[EventActor]
    status: Status


def joint_act_of(verb: Token, sides: AccordParties) -> JointAct | None:
    """The accord that a verb with two powers as its subject makes, None where it makes none.

    Example: "China and Japan have agreed to resume dialogue" is one of CHN and JPN, in force.
    """
    if verb.pos_ != "VERB" or any(child.lower_ in UNSURE for child in verb.children):
        return None
    lemma = lemma_of(verb)
    is_agreeing = lemma in words_for(TABLE, "joint_acts") and _binds(verb)
    if not is_agreeing and not (lemma in words_for(TABLE, "restoring") and _is_promised(verb)):
        return None
    if not {t.lemma_.lower() for t in verb.subtree} & words_for(TABLE, "joint_matters"):
        return None
    heads = subjects_of(verb)
    parties = [a for a in sides.of(heads) if sides.can_sign(a)]
    judged = judge_factuality(verb).factuality
    if len(parties) != 2 or not heads or any(child.dep_ == "neg" for child in verb.children):
        return None
    if judged in {"denied", "called-for", "wished"} or _hangs_on_if(verb):
        return None
    is_done = is_agreeing and judged == "asserted"
    return JointAct(_clause(verb, heads), parties, "in_force" if is_done or not is_agreeing else "proposed")


def _hangs_on_if(verb: Token) -> bool:
    return any(c.dep_ == "advcl" and any(m.lower_ in UNSURE for m in c.children) for c in verb.children)


def _binds(verb: Token) -> bool:
    """ "Agreed to", "agreed on", "agreed that they would": not "agreed with him"."""
    return any(
        c.dep_ in {"xcomp", "ccomp"} or (c.dep_ == "prep" and c.lower_ in {"on", "to", "upon"}) for c in verb.children
    )


def _is_promised(verb: Token) -> bool:
    """ "Announced that they would restore", "are to exchange": told as settled, by "will", "would", "to"."""
    words = {child.lower_ for child in verb.children if child.dep_ == "aux"}
    return bool(words & {"will", "would", "'ll"}) or (verb.tag_ == "VB" and "to" in words and verb.head.lemma_ == "be")


def _clause(verb: Token, heads: list[Token]) -> Span:
    doc = verb.doc
    before = [head.left_edge.i for head in heads if verb.sent.start <= head.i < verb.i]
    first = min([*before, verb.i])
    last = min(verb.right_edge.i, first + CAP_TOKENS)
    while last > verb.i and (doc[last].is_punct or doc[last].is_space):
        last -= 1
    return (doc[first].idx, doc[last].idx + len(doc[last]))
