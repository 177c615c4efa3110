"""What a passage foretells of a side's conduct: keeping its word, yielding, breaking it, pressing on."""

from collections.abc import Callable, Iterator
from typing import Literal

from spacy.tokens import Span as Words
from spacy.tokens import Token

from olivebranch.extraction.syntax import is_passive, lemma_of, particle_of
from olivebranch.extraction.word_uses import search_words, words_for

TABLE = "assessment_words"
Stance = Literal["believes", "doubts", "mixed", "none"]

MODALS = frozenset("will 'll ’ll wo would may might could can ca going must".split())
OUTLOOKS = frozenset(
    "likely unlikely bound set certain sure able unable ready willing unwilling prepared expected incapable capable "
    "reluctant going determined".split()
)
UNABLE = frozenset(
    {"unlikely", "unable", "unwilling", "incapable", "reluctant", "refuse", "fail", "hesitate", "decline"}
)
NOT = frozenset({"never", "hardly", "scarcely", "rarely", "seldom", "barely", "neither", "nor", "no", "nobody"})
CEASING = frozenset({"stop", "cease", "halt", "quit"})
KEPT = frozenset({"keep", "carry", "live", "meet", "stand", "hold"})
"""Verbs that speak of a promise only by what they govern: "keep the pledge", "carry out", not "keep the crews"."""
PARTICLES = {
    "carry": {"out", "through"},
    "live": {"up"},
    "stand": {"by"},
    "stick": {"to", "with"},
    "follow": {"through"},
    "act": {"time", "on"},
    "walk": {"away", "out"},
    "give": {"up", "back", "in", "way", "ground"},
}
"""What makes of a common verb one of keeping or yielding."""
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
FIRST_PERSON = frozenset({"i", "we"})
LINKS = frozenset({"xcomp", "acl", "conj", "pcomp", "prep", "oprd", "acomp", "attr"})
REACH = 5


def judge_conduct(
    piece: Words, is_strict: bool = False, is_side: Callable[[Token], bool] = lambda _: True
) -> tuple[Stance, str] | None:
    """The stance that a forecast or a habit told of a side takes, and its words; None where it foretells nothing.

    `is_strict` hears only the verbs of keeping and breaking one's word; else an act that leans neither way gives
    stance none. `is_side` says whether a subject is a power or its people. Example: "he will probably keep at least
    half of it" is mixed, "it has never honored a promise" doubts, "they will withdraw" believes.
    """
    found: list[tuple[Stance, str]] = []
    for verb in piece:
        if verb.pos_ not in {"VERB", "AUX"} or _is_condition(verb) or not _is_of_others(verb, is_side):
            continue
        leaning = _leaning(verb, is_strict) if _is_foretold(verb) or _is_habit(verb) else _of_means(verb)
        if leaning is not None:
            is_good = leaning ^ (_count_denials(verb, piece) % 2 == 1)
            found.append(("believes" if is_good else "doubts", verb.text))
    if found:
        return _joined(found, piece)
    return None if is_strict else _bare_forecast(piece, is_side)


def _joined(found: list[tuple[Stance, str]], piece: Words) -> tuple[Stance, str]:
    stances = {stance for stance, _ in found}
    if stances == {"believes"} and search_words(TABLE, "partly", piece.text):
        return "mixed", found[0][1]
    return (found[0][0] if len(stances) == 1 else "mixed"), found[0][1]


def _bare_forecast(piece: Words, is_side: Callable[[Token], bool]) -> tuple[Stance, str] | None:
    """ "Beijing will wait for the election": conduct foretold that is neither trusted nor mistrusted."""
    for verb in piece:
        helpers = {child.lower_ for child in verb.children if child.dep_ == "aux"}
        is_forecast = bool(helpers & {"will", "'ll", "’ll", "wo"}) and verb.dep_ not in {"relcl", "advcl"}
        is_idle = lemma_of(verb) in words_for(TABLE, "idle") or is_passive(verb)
        if verb.pos_ == "VERB" and is_forecast and not is_idle and _is_of_others(verb, is_side):
            is_denied = any(child.dep_ == "neg" for child in verb.children)
            return ("doubts" if is_denied else "none"), verb.text
    return None


def _is_of_others(verb: Token, is_side: Callable[[Token], bool]) -> bool:
    """Whether the act is of a side, where its subject is in the words, and not of the speaker's own."""
    for token in (*_chain(verb), *_above(verb)):
        subjects = [child for child in token.children if child.dep_ in SUBJECTS]
        if subjects:
            is_own = any(subject.lower_ in FIRST_PERSON for subject in subjects)
            return not is_own and any(is_side(subject) for subject in subjects)
    return True


def _is_condition(verb: Token) -> bool:
    """ "So long as Iran keeps its word", "if they leave": trusts nobody."""
    marks = {child.lower_ for child in verb.children if child.dep_ in {"mark", "advmod"}}
    return verb.dep_ == "advcl" and bool(marks & {"if", "unless", "as", "provided", "once", "until", "should"})


def _above(verb: Token) -> Iterator[Token]:
    """The predicate over the last link: "is" of "is likely to keep"."""
    *_, last = _chain(verb)
    if last.dep_ in {"xcomp", "acomp", "conj", "ccomp"}:
        yield last.head


def _is_foretold(verb: Token) -> bool:
    """ "Will keep", "may only be preparing to disown", "is unlikely to honor", "wants to divide", "do not give up"."""
    for token in _chain(verb):
        words = {child.lower_ for child in token.children if child.dep_ in {"aux", "auxpass", "neg"}}
        if words & {"have", "has", "had", "did"} and not words & {"will", "wo"}:
            return False
        if words & MODALS or token.lower_ in OUTLOOKS or (words & {"do", "does"} and token.dep_ != "relcl"):
            return True
        if token != verb and lemma_of(token) in words_for(TABLE, "pursuing") | words_for(TABLE, "trusting"):
            return True
    return False


def _chain(verb: Token) -> Iterator[Token]:
    """A verb and what governs it as its complement: "is unlikely to keep", "no reason to believe that it will act"."""
    token = verb
    for _ in range(REACH):
        yield token
        is_infinitive = token.dep_ == "ccomp" and any(child.lower_ == "to" for child in token.children)
        if not is_infinitive and token.dep_ not in LINKS:
            return
        is_of_noun = token.dep_ == "acl" and token.head.pos_ == "NOUN"
        if is_of_noun and (token.tag_ != "VB" or token.head.lemma_ not in words_for(TABLE, "framing")):
            return
        token = token.head


def _is_habit(verb: Token) -> bool:
    """ "Has always honored", "keeps what it signs", "is a man who delivers"."""
    words = {child.lower_ for child in verb.children if child.dep_ in {"advmod", "neg", "npadvmod"}}
    if words & words_for(TABLE, "always"):
        return True
    if verb.tag_ not in {"VBZ", "VBP"}:
        return False
    governed = {token.lower_ for child in verb.children for token in (child, *child.children)}
    if verb.lemma_ == "do":
        return any(
            child.dep_ in {"ccomp", "dobj"} and "what" in {t.lower_ for t in child.subtree} for child in verb.children
        )
    if verb.lemma_ == "mean":
        return True
    is_bare = lemma_of(verb) in {"deliver", "cheat", "lie", "renege", "forget"}
    return is_bare or bool(governed & {"what", "whatever", "promises", "agreements", "commitments", "word"})


def _leaning(verb: Token, is_strict: bool) -> bool | None:
    """True where the act keeps or yields, False where it breaks or presses on, None where it says nothing."""
    lemma = lemma_of(verb)
    if lemma == "mean":
        meant = {child.lower_ for child in verb.children if child.dep_ == "dobj"}
        return True if meant & {"it", "business"} and not any(c.dep_ == "ccomp" for c in verb.children) else None
    if lemma == "do":
        return True if _is_habit(verb) else None
    if lemma in KEPT:
        return _kept(verb, lemma, is_strict)
    if lemma in words_for(TABLE, "breaking"):
        return False if lemma not in {"break", "scrap", "ignore", "tear"} or _governs_binding(verb) else None
    if lemma in words_for(TABLE, "keeping"):
        return _with_particle(verb, lemma)
    if is_strict and not any(t.lemma_ in {"use", "exploit"} for t in _chain(verb)):
        return None
    if lemma in words_for(TABLE, "hostile_acts"):
        return False ^ _is_ceased(verb)
    if lemma in words_for(TABLE, "yielding"):
        return None if lemma in CEASING and _ceases_hostile(verb) else _with_particle(verb, lemma)
    return None


def _is_ceased(verb: Token) -> bool:
    """ "Stop arming them": the hostile act given up."""
    return verb.dep_ in {"xcomp", "pcomp"} and (verb.head.lemma_ in CEASING or verb.head.head.lemma_ in CEASING)


def _ceases_hostile(verb: Token) -> bool:
    return any(child.dep_ == "xcomp" and lemma_of(child) in words_for(TABLE, "hostile_acts") for child in verb.children)


def _kept(verb: Token, lemma: str, is_strict: bool) -> bool | None:
    if lemma == "keep":
        if _governs_binding(verb):
            return True
        return None if is_strict else False
    if lemma == "hold":
        return None if is_strict or any(child.dep_ == "dobj" for child in verb.children) else True
    return _with_particle(verb, lemma)


def _with_particle(verb: Token, lemma: str) -> bool | None:
    """Common verbs keep or yield only with their particle: "carry out", "give up", "act this time"."""
    wanted = PARTICLES.get(lemma)
    if wanted is not None:
        after = {child.lower_ for child in verb.children} | {particle_of(verb)}
        return True if after & wanted or (lemma == "act" and _is_bare(verb)) else None
    if lemma == "meet":
        return True if _governs_binding(verb) else None
    return True


def _is_bare(verb: Token) -> bool:
    return not any(child.dep_ in {"dobj", "attr", "acomp"} for child in verb.children)


def _governs_binding(verb: Token) -> bool:
    """Whether what is kept or broken is a word given: "this bargain", "what it signs", "half of it"."""
    objects = [c for c in verb.children if c.dep_ in {"dobj", "ccomp", "prep", "nsubjpass", "attr", "npadvmod", "prt"}]
    governed = [t for head in objects for t in (head, *head.children, *(g for c in head.children for g in c.children))]
    words = {t.lower_ for t in governed} | {t.lemma_.lower() for t in governed}
    return bool(words & words_for(TABLE, "binding"))


def _of_means(verb: Token) -> bool | None:
    """ "Has the money to do it", "lacks the votes": whether a side can."""
    objects = [child for child in verb.children if child.dep_ == "dobj"]
    if lemma_of(verb) not in {"have", "lack"} or not objects or verb.tag_ == "VBD":
        return None
    is_means = any(child.lemma_.lower() in words_for(TABLE, "means") for child in objects)
    has_purpose = any(
        c.tag_ == "VB" and c.dep_ in {"acl", "relcl", "advcl", "xcomp"} for o in (verb, *objects) for c in o.children
    )
    if not is_means or not has_purpose:
        return None
    return verb.lemma_ == "have"


def _count_denials(verb: Token, piece: Words) -> int:
    """How often the words turn the act round: "never", "unlikely to", "no reason to believe that it will"."""
    count = 0
    links = list(_chain(verb))
    for token in (*links, *_above(verb)):
        subjects = [c for s in token.children if s.dep_ in SUBJECTS for c in (s, *s.children)]
        objects = [c for o in token.children if o.dep_ == "dobj" for c in o.children] if token.lemma_ == "have" else []
        marks = [c for c in token.children if c.dep_ == "neg" or (c.lower_ in NOT and c.dep_ != "det")]
        marks += [c for c in (*subjects, *objects) if c.lower_ in {"neither", "no", "few", "nobody"}]
        count += bool(marks) + (token != verb and bool({token.lower_, lemma_of(token)} & UNABLE))
    before = piece.text[: max(0, verb.idx - piece.start_char)]
    if search_words(TABLE, "doubting_frames", before) and not {"unlikely"} & {t.lower_ for t in links}:
        count += 1
    over = [t for t in verb.ancestors if t.i >= piece.start and t.i < verb.i]
    return count + any(lemma_of(t) in words_for(TABLE, "mistrusting") for t in over)
