"""Reads one clause as an offer: willingness of one's own side, and the cooperative act or the restraint it is for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from spacy.tokens import Span as Tokens
from spacy.tokens import Token

from olivebranch.codebook import load_table
from olivebranch.codebook.tables import OvertureAct
from olivebranch.extraction.syntax import (
    agents_of,
    is_passive,
    lemma_of,
    patients_of,
    prepositions_of,
    subjects_of,
    with_conjuncts,
)
from olivebranch.records import Grade, Span

TOLD_VERBS = frozenset(
    "agree announce direct express instruct invite offer order pledge promise propose reaffirm signal undertake "
    "volunteer vow".split()
)
"""Verbs by which a story tells an offer or an ordered step; what two sides agreed is an accord, found elsewhere."""
ORDERS = frozenset({"announce", "direct", "instruct", "order"})
OPEN_ADJECTIVES = frozenset({"ready", "willing", "prepared", "open"})
MODALS = frozenset({"will", "'ll", "shall", "can", "could", "would", "may", "might"})
CONDITIONS = frozenset({"if", "provided", "once", "unless"})
CONDITION_PHRASES = (
    "as long as",
    "as soon as",
    "depended on",
    "depending on",
    "depends on",
    "in exchange for",
    "in exchange if",
    "in return",
    "on condition",
    "on the condition",
    "only after",
    "providing that",
    "so long as",
    "subject to",
    "whenever ",
)
IRREVOCABLE = re.compile(
    r"\b(irreversibl[ey]|irrevocabl[ey]|unconditional(?:ly)?|once and for all|permanently)\b", re.I
)
UNDER_WAY = re.compile(r"\b(already|has begun|have begun|under way|underway|started|is now|are now)\b", re.I)
VAGUE = re.compile(
    r"\b(ago|day|days|decades?|earlier|future|last|now|past|period|previous|recent|since|time|today|years?|yesterday)\b",
    re.I,
)
MONEY = re.compile(
    r"[$€£¥]\s?\d|\b\d[\d.,]*\s?(?:million|billion|bn|m)?\s?(?:dollars|euros|pounds|yuan|roubles|rubles)\b", re.I
)
CARRIERS = frozenset(
    "announce appoint carry cut deliver dispatch drop exchange grant name sell sign waive "
    "accept act allow attend be begin bring build come consider continue create deepen do establish examine expand "
    "find get give go have help hold host implement keep launch lead let look make maintain move normalize observe "
    "open pay provide put re-open reach receive reduce reopen respect restart restore resume return see seek send set "
    "show start stop strengthen study support take travel turn".split()
)
"""Verbs that carry a cooperative act after a modal ("can resume a dialogue"); "might cancel the meeting" is none."""
HOSTILE_VERBS = frozenset(
    "block boycott break cancel closure control derail fence halt oppose postpone prevent refuse reject sabotage scrap "
    "tighten veto wall".split()
)
HARM = frozenset({"attack", "fight", "force", "punish", "retaliate", "strike", "war", "weapon"})
MEASURE_FAMILIES = frozenset({"easing", "withdrawal", "release", "ceasefire", "disarmament", "aid", "trade"})
MEASURE_VERBS = frozenset(
    "close destroy discontinue dismantle drop ease end exchange free freeze halt hand lift open provide pull release "
    "remove reopen resume return "
    "send supply suspend swap unfreeze withdraw".split()
)
MENDING = frozenset({"appoint", "ease", "name", "normalise", "normalize", "restore"})
MEASURE_NOUNS = frozenset({"delivery", "exchange", "handover", "lifting", "release", "shipment", "swap", "withdrawal"})
GIVING = frozenset(
    "ease free lift meet negotiate reconcile relax release remove reopen restore resume return talk unfreeze waive "
    "withdraw".split()
)
"""What is no restraint to refuse: "does not plan to ease its sanctions"."""
SPURNING = frozenset(
    {"decline", "exclude", "object", "oppose", "preclude", "refuse", "reject", "rule", "shun", "spurn", "turn"}
)
"""Verbs whose negation is willingness ("we will not turn down talks", "we do not rule out a visit")."""
STANDING = frozenset({"stand", "remain", "stay"})
WILL_NOUNS = frozenset(
    "commitment desire determination hope intention interest openness readiness willingness wish".split()
)
VOICING = frozenset(
    "affirm confirm convey declare express reaffirm reiterate repeat restate signal state underline voice".split()
)
TELLING = frozenset({"say", "tell", "announce", "declare", "state"})


@dataclass(frozen=True, slots=True)
class Offer:
    """One clause that offers: where, what, how firmly, and why we think so."""

    span: Span
    trigger: Span
    family: str | None
    is_restraint: bool
    grade: Grade
    condition: Span | None
    is_specific: bool
    is_irrevocable: bool
    is_under_way: bool
    costs_money: bool
    why: str


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for row in load_table("overture_phrases") if row.kind == kind for word in row.words)


@cache
def _acts(kind: str) -> tuple[OvertureAct, ...]:
    order = (
        "release",
        "withdrawal",
        "ceasefire",
        "disarmament",
        "easing",
        "aid",
        "meeting",
        "trade",
        "agreement",
        "restraint_sanctions",
        "restraint_tests",
        "restraint_force",
    )
    rows = [row for row in load_table("overture_acts") if row.kind == kind]
    return tuple(sorted(rows, key=lambda row: order.index(row.family) if row.family in order else len(order)))


Side = Literal["own", "other"]


def find_offer(clause: Tokens, side_of: Callable[[list[Token]], Side | None]) -> Offer | None:
    """The offer that a clause of somebody's statement makes for his own side, or None.

    Example: "We are ready to resume talks" is an offer of a meeting; "They should resume talks" is none.
    """
    for token in clause:
        is_denied = _is_negated(token)
        act_tokens = _willing_for(token)
        if act_tokens is None or not _is_own_doing(token, side_of) or _is_others_doing(token, side_of):
            continue
        is_denied = is_denied and lemma_of(token) not in SPURNING
        if is_denied and any(lemma_of(t) in GIVING for t in act_tokens[:6] if t.pos_ == "VERB"):
            continue
        found = _act_among(act_tokens, hostile=is_denied)
        if found is None and not is_denied and _may_mean_it_all(token, act_tokens):
            found = _act_among(list(clause), hostile=False)
        if found is None or (found[1].kind == "cooperative" and is_denied):
            continue
        word, row = found
        is_restraint = row.kind == "hostile"
        family = "restraint" if is_restraint and not _has_modal(token) else row.family
        return _offer(clause, token, family, is_restraint, f"“{token.text}” of one's own side for “{word.text}”")
    forgone = _forgone(clause)
    if forgone is not None:
        word, row = forgone
        return _offer(clause, word, row.family, True, f"“no {word.text}” of one's own side")
    fixed = _fixed_expression(clause)
    return _offer(clause, clause[0], "relations", False, f"fixed expression “{fixed}”") if fixed else None


def find_promise(clause: Tokens, cue: str, *, is_own_order: bool = False) -> Offer | None:
    """The offer of a statement that is an infinitive of its cue ("pledged not to attack the convoys"), or None.

    An order binds only one's own side: "instructed the ministry to reopen the embassy" is a step.
    """
    start = 0 if clause[0].lower_ == "to" else 1 if clause[0].lower_ == "not" else None
    if start is None or not cue_promises(cue) or (cue in ORDERS and not is_own_order):
        return None
    found = _act_among(list(clause), hostile=start == 1)
    if start == 0 and any(lemma_of(token) in HOSTILE_VERBS for token in clause):
        return None
    if found is None or (found[1].kind == "hostile") != (start == 1):
        return None
    word, row = found
    offer = _offer(clause, word, row.family, start == 1, f"“{cue}” to do what “{word.text}” says")
    return replace(offer, grade="step") if cue in ORDERS and start == 0 else offer


def cue_promises(cue: str) -> bool:
    """Whether a reporting verb binds whoever says it ("pledged", "offered")."""
    return cue in TOLD_VERBS or (cue in _words("willing") and cue not in {"suggest", "need", "like", "wait", "try"})


def _forgone(clause: Tokens) -> tuple[Token, OvertureAct] | None:
    """The hostile act of "there will be no reprisals"."""
    for token in clause:
        is_there = token.lemma_ == "be" and any(c.dep_ == "expl" for c in token.children)
        if is_there and {"will", "would"} & {c.lower_ for c in token.children if c.dep_ == "aux"}:
            absent = [c for c in token.children if c.dep_ == "attr" and any(d.lower_ == "no" for d in c.children)]
            return _act_among([t for c in absent for t in c.subtree], hostile=True)
    return None


def _is_own_doing(token: Token, side_of: Callable[[list[Token]], Side | None]) -> bool:
    """Whether the willing side is the speaker's: it is the subject, or the doer is left out ("they would be freed")."""
    subjects = _own_subjects(token)
    if side_of(subjects) == "own":
        return True
    if token.pos_ != "VERB" or not _has_modal(token):
        return False
    is_undone = is_passive(token) and not agents_of(token) and lemma_of(token) in MEASURE_VERBS - {"lift", "ease"}
    goes_on = lemma_of(token) in {"continue", "resume"} and any(_is_act_word(lemma_of(s)) for s in subjects)
    return (is_undone or goes_on) and side_of(subjects) is None


def _is_others_doing(token: Token, side_of: Callable[[list[Token]], Side | None]) -> bool:
    """ "He hopes that India and Pakistan will talk": what is wished for is for others to do."""
    clauses = [c for c in token.children if c.dep_ in {"ccomp", "xcomp"} and c.pos_ in {"VERB", "AUX"}]
    own = [[s for s in clause.children if s.dep_ in {"nsubj", "nsubjpass"}] for clause in clauses]
    return any(subjects and side_of(with_conjuncts(subjects)) == "other" for subjects in own)


def told_offer(sentence: Tokens) -> Iterator[tuple[Offer, list[Token]]]:
    """Offers that the story itself tells, and whose they are.

    Example: "Kabul offered to hold talks", "Cairo ordered the release", "Baku is ready to reopen the border".
    """
    for token in sentence:
        if token.pos_ == "VERB" and lemma_of(token) in TOLD_VERBS:
            found = _told_by_verb(sentence, token)
        else:
            found = _told_as_ready(sentence, token)
        if found is not None:
            yield found, _own_subjects(token)


def _told_by_verb(sentence: Tokens, token: Token) -> Offer | None:
    """The offer of "offered", "pledged", "announced", "ordered"; a promise not to act is one of restraint."""
    lemma = lemma_of(token)
    act_tokens = [t for t in token.subtree if t.i > token.i]
    if _is_negated(token) or token.dep_ in {"xcomp", "pcomp", "acl", "relcl", "advcl"}:
        return None
    if any(lemma_of(t) in HOSTILE_VERBS for t in act_tokens):
        return None
    if any(child.dep_ == "ccomp" and child.lemma_ in TELLING for child in token.children):
        return None
    is_restraint = any(_is_negated(c) for c in token.children if c.dep_ in {"xcomp", "ccomp"})
    found = _act_among([token, *act_tokens] if lemma == "invite" else act_tokens, hostile=is_restraint)
    if found is None or (found[1].kind == "hostile") != is_restraint:
        return None
    word, row = found
    if lemma == "agree" and row.family not in MEASURE_FAMILIES:
        return None
    measures = MEASURE_VERBS | MENDING | MEASURE_NOUNS
    if lemma in ORDERS and not any(lemma_of(t) in measures for t in act_tokens):
        return None
    offer = _offer(sentence, token, row.family, is_restraint, f"told: “{token.text}” for “{word.text}”")
    if lemma == "invite":
        return replace(offer, grade="specific", is_specific=True)
    if lemma in ORDERS and not is_restraint and row.family in MEASURE_FAMILIES | {"relations"}:
        return replace(offer, grade="step")
    return offer


def _told_as_ready(sentence: Tokens, token: Token) -> Offer | None:
    """The offer of "is ready to", "expressed its readiness to": what a side is told to be willing to do."""
    stands = token.head.pos_ == "AUX" or token.head.lemma_ in STANDING
    is_ready = token.pos_ == "ADJ" and lemma_of(token) in OPEN_ADJECTIVES and stands
    is_noun = token.dep_ == "dobj" and token.lemma_ in WILL_NOUNS and token.head.lemma_ in VOICING
    if not (is_ready or is_noun) or _is_negated(token) or token.head.dep_ in {"advcl", "relcl"}:
        return None
    act_tokens = [t for t in token.subtree if t.i > token.i]
    found = _act_among(act_tokens, hostile=False)
    if found is None or any(lemma_of(t) in HOSTILE_VERBS | HARM for t in act_tokens):
        return None
    return _offer(sentence, token, found[1].family, False, f"told: “{token.text}” for “{found[0].text}”")


def _fixed_expression(clause: Tokens) -> str | None:
    if any(token.tag_ == "VBD" and token.dep_ == "ROOT" for token in clause):
        return None
    said = [{lemma_of(token), token.lower_} for token in clause if not token.is_punct]
    return next((words for words in sorted(_words("fixed")) if _is_said(words.split(), said)), None)


def _is_said(words: list[str], said: list[set[str]]) -> bool:
    """Whether the words come in order, with at most two others between each and the next."""
    for start, forms in enumerate(said):
        if words[0] not in forms:
            continue
        place = start
        for word in words[1:]:
            place = next((n for n in range(place + 1, min(place + 4, len(said))) if word in said[n]), -1)
            if place < 0:
                break
        if place >= 0:
            return True
    return False


def _is_negated(token: Token) -> bool:
    """Negated itself, or by its object's or its noun's "no" ("have no desire")."""
    if any(child.dep_ == "neg" or child.lower_ in {"never", "no", "neither"} for child in token.children):
        return True
    objects = patients_of(token) if token.pos_ == "VERB" else []
    if any(child.lower_ == "no" for obj in objects for child in obj.children):
        return True
    if token.pos_ == "ADJ" and any(child.dep_ == "neg" for child in token.head.children):
        return True
    return token.pos_ == "NOUN" and any(child.dep_ == "neg" for child in token.head.children)


def _may_mean_it_all(token: Token, act_tokens: list[Token]) -> bool:
    """ "Ready to go anywhere if they sit down", "values its ties and would develop them": the act stands elsewhere."""
    is_open = lemma_of(token) in OPEN_ADJECTIVES and _act_among(act_tokens, hostile=True) is None
    return is_open or any(t.lower_ in {"them", "it"} for t in act_tokens[:4])


def _own_subjects(token: Token) -> list[Token]:
    """Whose willingness it is: the subject of the verb, of the copula above an adjective, the owner of a noun."""
    if token.pos_ == "NOUN":
        owners = [child for child in token.children if child.dep_ in {"poss", "amod", "compound"}]
        return owners or subjects_of(token.head)
    if token.pos_ == "ADJ" and (token.head.pos_ == "AUX" or token.head.lemma_ in STANDING):
        return subjects_of(token.head)
    if is_passive(token) and token.lower_ in _words("willing"):
        return patients_of(token)  # "Is committed to", "was prepared to": no doer but the willing side.
    if token.lower_ == "let":
        return [t for t in token.subtree if t.lower_ in {"us", "'s"}][:1]
    return subjects_of(token)


def _willing_for(token: Token) -> list[Token] | None:
    """What a word of willingness or a modal is for, as tokens; None where it is no such word or speaks of the past."""
    lemma = lemma_of(token)
    if lemma == "let" and any(t.lower_ in {"us", "'s"} for t in token.subtree):
        return [t for t in token.subtree if t.i > token.i]
    if lemma in SPURNING and token.pos_ in {"VERB", "ADJ"} and _is_negated(token):
        return [t for t in token.subtree if t.i > token.i]
    if lemma == "be" and _has_modal(token) and any(c.dep_ == "expl" for c in token.children):
        return None
    if lemma in _words("willing") and token.pos_ == "NOUN" and token.dep_ == "nsubj" and token.head.lemma_ == "be":
        return [t for t in token.head.subtree if t.i > token.i]
    is_willing = lemma in _words("willing") or (token.tag_ == "VBN" and token.lower_ in _words("willing"))
    if is_willing and token.pos_ in {"VERB", "ADJ", "NOUN"}:
        is_past = token.tag_ == "VBD" and not _is_backshifted(token)
        if is_past and lemma in TOLD_VERBS and any(t.lower_ == "if" for t in token.subtree):
            is_past = False  # "We offered to close it if they lifted the embargo" still stands.
        if is_past or (lemma == "like" and not _has_modal(token)):
            return None
        return [t for t in token.subtree if t.i > token.i]
    is_clause = token.pos_ == "VERB" or (
        token.lemma_ == "be" and token.dep_ not in {"aux", "auxpass"} and _is_negated(token)
    )
    if is_clause and _has_modal(token) and (lemma in CARRIERS or _is_act_word(lemma) or _is_negated(token)):
        return [token, *(t for t in token.subtree if t.i > token.i)]
    if token.pos_ == "VERB" and lemma in _words("step") and _is_present_step(token):
        return [token, *(t for t in token.subtree if t.i > token.i)]
    return None


def _is_act_word(lemma: str) -> bool:
    return any(lemma in row.words for row in _acts("cooperative"))


def _has_modal(token: Token) -> bool:
    auxiliaries = {child.lower_ for child in token.children if child.dep_ == "aux"}
    return bool(auxiliaries & MODALS) and not auxiliaries & {"have", "'ve"}


def _is_backshifted(token: Token) -> bool:
    """ "Said that it wanted": the past of reported speech is the speaker's present."""
    return any(ancestor.lemma_ in TELLING for ancestor in token.ancestors)


def _is_present_step(token: Token) -> bool:
    """ "We are withdrawing", "we have ordered": done or begun now, by one's own decision."""
    auxiliaries = {child.lower_ for child in token.children if child.dep_ == "aux"}
    present = {"have", "has", "am", "are", "is", "'ve", "'re"} | (
        {"had", "was", "were"} if _is_backshifted(token) else set()
    )
    return bool(auxiliaries & present) and not auxiliaries & MODALS and token.tag_ in {"VBN", "VBG"}


def _act_among(tokens: list[Token], *, hostile: bool) -> tuple[Token, OvertureAct] | None:
    """The first act in the words: a hostile one where it is forgone, else a cooperative one."""
    kind = "hostile" if hostile or any(t.dep_ == "neg" for t in tokens[:4]) else "cooperative"
    return next(((t, row) for row in _acts(kind) for t in tokens if _is_word(t, row)), None)


def _is_word(token: Token, row: OvertureAct) -> bool:
    if lemma_of(token) == "return" and not (token.pos_ == "VERB" and patients_of(token)):
        return False  # To return to a place gives nothing back.
    return token.pos_ in {"VERB", "NOUN", "PROPN", "ADJ"} and (
        lemma_of(token) in row.words or token.lower_ in row.words
    )


def _offer(clause: Tokens, trigger: Token, family: str | None, is_restraint: bool, why: str) -> Offer:
    condition = _condition(clause)
    text = clause.text
    is_dated = any(ent.label_ in {"DATE", "TIME"} and VAGUE.search(ent.text) is None for ent in clause.ents)
    specific = is_dated or (family in MEASURE_FAMILIES and not is_restraint and _names_measure(clause))
    is_ordered = lemma_of(trigger) in ORDERS and _is_present_step(trigger)
    is_measure = family in MEASURE_FAMILIES and _is_step(clause, trigger, is_dated=is_dated)
    step = not is_restraint and (is_ordered or is_measure)
    grade: Grade = "step" if step else "conditional" if condition else "specific" if specific else "wish"
    return Offer(
        span=_trim(clause),
        trigger=(trigger.idx, trigger.idx + len(trigger)),
        family=family,
        is_restraint=is_restraint,
        grade=grade,
        condition=condition,
        is_specific=specific,
        is_irrevocable=bool(IRREVOCABLE.search(text)),
        is_under_way=step and (bool(UNDER_WAY.search(text)) or any(_is_present_step(t) for t in clause)),
        costs_money=bool(MONEY.search(text)),
        why=why,
    )


def _is_step(clause: Tokens, trigger: Token, *, is_dated: bool) -> bool:
    """Done or begun, or scheduled by one's own decision: "we have ordered", "we will release him tomorrow"."""
    if any(_is_present_step(token) and lemma_of(token) in _words("step") for token in clause):
        return True
    modals = {child.lower_ for child in trigger.children if child.dep_ == "aux"}
    will = bool(modals & {"will", "'ll", "shall"}) or ("would" in modals and _is_backshifted(trigger))
    return is_dated and will


def _names_measure(clause: Tokens) -> bool:
    """A verb of a measure with its own object: "lift the embargo", "release the sailors"."""
    if any(t.pos_ == "NOUN" and t.lemma_ in MEASURE_NOUNS and list(prepositions_of(t)) for t in clause):
        return True
    return any(
        lemma_of(t) in MEASURE_VERBS and (patients_of(t) or list(prepositions_of(t)))
        for t in clause
        if t.pos_ == "VERB"
    )


def _condition(clause: Tokens) -> Span | None:
    """The clause or phrase that the offer hangs on."""
    for token in clause:
        if (
            token.lower_ in CONDITIONS
            and token.dep_ in {"mark", "advmod", "prep"}
            and token.head.dep_ in {"advcl", "pcomp"}
        ):
            words = [t for t in token.head.subtree if clause.start <= t.i < clause.end and not t.is_punct]
            return (words[0].idx, words[-1].idx + len(words[-1])) if words else None
    lower = clause.text.lower()
    for phrase in CONDITION_PHRASES:
        at = lower.find(phrase)
        if at >= 0:
            return (clause.start_char + at, clause.end_char - (1 if clause[-1].is_punct else 0))
    return None


def _trim(clause: Tokens) -> Span:
    """The clause without marks and white space at its ends."""
    words = [t for t in clause if not t.is_space and t.text not in {'"', "'", ",", ";"}]
    while words and words[-1].text in {".", "!"}:
        words.pop()
    return (words[0].idx, words[-1].idx + len(words[-1])) if words else (clause.start_char, clause.end_char)
