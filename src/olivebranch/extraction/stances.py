"""Which way the words of a passage lean: trust, doubt, both; by idioms of judgement and by intents told."""

from spacy.tokens import Span as Words
from spacy.tokens import Token

from olivebranch.extraction.conduct import TABLE, Stance
from olivebranch.extraction.syntax import is_passive
from olivebranch.extraction.word_uses import iter_words, search_words, words_for

NEGATION_REACH = 4
CONDITION_REACH = 5


def judge_words(piece: Words) -> tuple[Stance, str] | None:
    """The stance of the judging words in a passage, turned by a negation before them, and the words themselves."""
    text = piece.text
    found: list[tuple[Stance, str]] = []
    mixed = search_words(TABLE, "mixed", text)
    if mixed:
        return "mixed", mixed[0]
    doubts = list(iter_words(TABLE, "doubts", text))
    for match in doubts:
        found.append((_turned("doubts", text, match.start(), match[0]), match[0]))
    for match in iter_words(TABLE, "believes", text):
        if _is_condition(text[: match.start()]):
            continue
        if not any(d.start() <= match.start() < d.end() for d in doubts):
            found.append((_turned("believes", text, match.start(), match[0]), match[0]))
    if not found:
        return None
    stances = {stance for stance, _ in found}
    return (stances.pop() if len(stances) == 1 else "mixed"), found[0][1]


def _is_condition(before: str) -> bool:
    """ "If the rebels keep their word" trusts nobody: a condition stands in the few words before."""
    return search_words(TABLE, "conditions", " ".join(before.split()[-CONDITION_REACH:])) is not None


def _turned(stance: Stance, text: str, start: int, words: str) -> Stance:
    """A negation in the few words before turns a judgement round: "not a ploy", "hardly a breakthrough"."""
    before = text[:start].lower().replace("n't", " n't").split()[-NEGATION_REACH:]
    if not any(word.strip(",;:.") in words_for(TABLE, "negators") for word in before):
        return stance
    if any(mark in text[:start][-40:] for mark in (",", ";", ":", " but ")) and before[-1:] != ["not"]:
        clause = text[:start].replace(";", ",").replace(" but ", ",").rsplit(",", 1)[-1].lower().split()
        if not any(word in words_for(TABLE, "negators") for word in clause[-NEGATION_REACH:]):
            return stance
    return "doubts" if stance == "believes" else "believes"


def judge_intent(piece: Words) -> tuple[Stance, str] | None:
    """A side said to hope, want or understand is believed to mean it; said not to, is doubted."""
    for token in piece:
        if token.pos_ == "VERB" and token.lemma_ in words_for(TABLE, "intent") and not _is_aim(token):
            if _is_condition(piece.doc[piece.start : token.i].text):
                continue
            words = {t.lemma_.lower() for t in token.subtree}
            if words & words_for(TABLE, "hostile"):
                continue
            if not words & (words_for(TABLE, "overture") | words_for(TABLE, "mending")):
                continue
            is_negated = any(child.dep_ == "neg" for child in token.children)
            return ("doubts" if is_negated else "believes"), token.text
    return None


def _is_aim(verb: Token) -> bool:
    """ "The offer is aimed at Brussels" tells of a target, not of a wish."""
    return verb.dep_ == "amod" or is_passive(verb)


def speaks_of_words(piece: Words, before: str = "") -> bool:
    """Whether an offer, a promise or the like is what is judged: in the passage, or just before it."""
    words = {word.strip(".,;:!?()“”‘’\"'").lower() for word in f"{before} {piece.text}".split()}
    singular = words | {word.removesuffix("s") for word in words}
    return bool(singular & words_for(TABLE, "overture"))
