"""Finds the words that code an event: which row of the phrase table a verb, noun or adjective fits, and its object."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from spacy.tokens import Span as Tokens
from spacy.tokens import Token

from olivebranch.codebook import load_table
from olivebranch.codebook.tables import EventPhrase
from olivebranch.extraction.syntax import (
    agents_of,
    is_passive,
    is_verbal,
    lemma_of,
    particle_of,
    patients_of,
    prepositions_of,
    subjects_of,
    with_conjuncts,
)
from olivebranch.records import Span

PERSON = "@person"
"""Among a row's objects: any person, named or not."""
INFINITIVE = "@infinitive"
"""Among a row's objects: an infinitive that says what is asked."""
BY = "@by_"
"""Begins the classes of words that the doer, not the object, must be one of ("troops entered")."""
REACH = 25
"""How many tokens back a pronoun's noun is looked for."""
ASIDE = frozenset(
    "after amid as because before during following like since than under until while within without".split()
)
"""Prepositions that lead away from what an act is done to."""
QUARRELS = frozenset({"war", "dispute", "row", "conflict", "crisis", "standoff", "campaign", "talk"})
"""Nouns whose modifier is not what the verb acts upon: suspending a gas war cuts no gas."""
WORD_KINDS = {"NOUN": "noun", "PROPN": "noun", "ADJ": "adj"}


@dataclass(frozen=True, slots=True)
class Match:
    """A trigger and the row that it fits; `object` is the word that the row asked for, where it asked.

    `others` are further rows that fit as well: the first that finds both sides is taken.
    """

    trigger: Token
    phrase: EventPhrase
    object: Token | None
    runner_up: str | None
    others: tuple["Match", ...] = ()

    @property
    def span(self) -> Span:
        """The smallest phrase that says it: the trigger with its particle."""
        end = self.trigger.i
        for child in self.trigger.children:
            if child.i == end + 1 and child.lower_ in self.phrase.particles:
                end = child.i
        last = self.trigger.doc[end]
        return (self.trigger.idx, last.idx + len(last))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a row asks of the words around its head: words (those of classes are nouns), phrases, words of the doer."""

    words: frozenset[str]
    nouns: frozenset[str]
    phrases: tuple[str, ...]
    doers: frozenset[str]


@cache
def _rows() -> dict[tuple[str, str], tuple[EventPhrase, ...]]:
    rows: dict[tuple[str, str], list[EventPhrase]] = {}
    for row in load_table("event_phrases"):
        for head in row.heads:
            rows.setdefault((head, row.pos), []).append(row)
    return {key: tuple(found) for key, found in rows.items()}


@cache
def _wanted(row: EventPhrase) -> _Wanted:
    classes = {entry.name: entry.words for entry in load_table("event_objects")}
    objects = [name for name in row.objects if not name.startswith(BY)]
    words = {word for name in objects for word in classes.get(name, (name,))}
    nouns = words - {name for name in objects if name not in classes}
    doers = {word for name in row.objects if name.startswith(BY) for word in classes[name]}
    phrases = tuple(word for word in words if " " in word)
    return _Wanted(frozenset(words), frozenset(nouns), phrases, frozenset(doers))


def match_phrases(tokens: Tokens) -> list[Match]:
    """The matches in one sentence, each trigger with its best row, in text order."""
    return [match for token in tokens if (match := match_word(token)) is not None]


def covered_objects(matches: Iterable[Match]) -> set[int]:
    """Tokens that are the object of a matched verb and so no event of their own ("imposed sanctions" is one)."""
    return {match.object.i for match in matches if match.object is not None and match.trigger.i != match.object.i}


def match_word(token: Token) -> Match | None:
    """The best row of the phrase table for one word where it stands, or None.

    Example: "imposed" in "Canada imposed sanctions on Belarus" is SANCTION, with "sanctions" as its object.
    """
    rows = _rows_of(token)
    if not rows or token.dep_ in {"aux", "auxpass"} or (token.dep_ == "compound" and token.pos_ in {"NOUN", "PROPN"}):
        return None
    around = _Around(token)
    fits = [(found[0], row, found[1]) for row in rows if (found := _fit(around, row)) is not None]
    if not fits:
        return None
    # Of rows that fit alike the one that asked for fewer words says more.
    fits.sort(key=lambda fit: (-fit[0], len(_wanted(fit[1]).words)))
    runner_up = next((row.type for _, row, _ in fits[1:] if row.type != fits[0][1].type), None)
    others = tuple(Match(token, row, word, fits[0][1].type) for _, row, word in fits[1:])
    return Match(token, fits[0][1], fits[0][2], runner_up, others)


def _rows_of(token: Token) -> tuple[EventPhrase, ...]:
    """The rows that the token's word may fit, by its part of speech; a gerund may be a noun ("fighting spread")."""
    kind = "verb" if is_verbal(token) else WORD_KINDS.get(token.pos_)
    if kind is None:
        return ()
    rows = _rows().get((_joined_lemma(token), kind), ())
    if not rows and token.tag_ == "VBG":
        rows = _rows().get((token.lower_, "noun"), ())
    return rows


def _joined_lemma(token: Token) -> str:
    """The lemma, with what a hyphen joins to it: the parser cuts "test-fired" in three."""
    lemma = lemma_of(token)
    if (
        token.i >= 2
        and token.nbor(-1).text == "-"
        and not token.nbor(-2).whitespace_
        and not token.nbor(-1).whitespace_
    ):
        joined = f"{token.nbor(-2).lower_}-{lemma}"
        if any((joined, kind) in _rows() for kind in ("verb", "noun")):
            return joined
    return lemma


class _Around:
    """What stands around one trigger, found once for all of its rows."""

    def __init__(self, trigger: Token) -> None:
        self.trigger = trigger

    @cached_property
    def governed(self) -> list[Token]:
        return list(governed_words(self.trigger))

    @cached_property
    def text(self) -> str:
        return " ".join(token.lower_ for token in self.trigger.subtree)

    @cached_property
    def particles(self) -> set[str]:
        found = {word for prep, _ in prepositions_of(self.trigger) for word in (prep, prep.split()[0])}
        own = particle_of(self.trigger)
        return found | {own} if own else found

    @cached_property
    def doers(self) -> list[Token]:
        heads = agents_of(self.trigger) if is_passive(self.trigger) else subjects_of(self.trigger)
        return heads if is_verbal(self.trigger) else []


def _fit(around: _Around, row: EventPhrase) -> tuple[int, Token | None] | None:
    """How well the row fits (the more it asked for, the better) and the object found; None where it does not."""
    score = 0
    if row.particles:
        if around.particles & set(row.particles):
            score += 2
        elif not row.particle_optional:
            return None
    if not row.objects:
        return score, None
    wanted = _wanted(row)
    if wanted.doers:
        return (score + 2, None) if any(_is_one_of(t, wanted.doers) for t in around.doers) else None
    if INFINITIVE in row.objects and _has_infinitive(around.trigger):
        return score + 3, None
    for candidate in around.governed:
        if _is_one_of(candidate, wanted.words) and not (
            candidate.pos_ == "VERB" and _is_one_of(candidate, wanted.nouns)
        ):
            return score + 3, candidate
        if candidate.lower_ in {"it", "them"} and _stands_for(candidate, wanted.words):
            return score + 3, candidate
    if any(phrase in around.text for phrase in wanted.phrases):
        return score + 3, None
    return None


def _is_one_of(token: Token, words: frozenset[str]) -> bool:
    return token.lemma_.lower() in words or token.lower_ in words or (PERSON in words and token.ent_type_ == "PERSON")


def _has_infinitive(token: Token) -> bool:
    return any(
        child.dep_ in {"xcomp", "ccomp", "advcl"} and any(c.dep_ == "aux" and c.lower_ == "to" for c in child.children)
        for child in token.children
    )


def _stands_for(pronoun: Token, wanted: frozenset[str]) -> bool:
    """Whether the last noun of the wanted kind before a pronoun is near enough to be what it means."""
    if pronoun.dep_ == "nsubjpass" and any(
        c.dep_ == "auxpass" and c.text.startswith("'") for c in pronoun.head.children
    ):
        return False  # "It's embraced" has it, not was it.
    before = pronoun.doc[max(0, pronoun.i - REACH) : pronoun.i]
    tag = "NNS" if pronoun.lower_ == "them" else "NN"
    return any(token.tag_ == tag and token.lemma_.lower() in wanted for token in before)


def governed_words(token: Token) -> Iterator[Token]:
    """What the trigger acts upon: its objects, what those are of, its complements and prepositional objects."""
    heads = patients_of(token) if is_verbal(token) else []
    if not heads and token.pos_ in {"NOUN", "PROPN"}:
        yield from (child for child in token.children if child.dep_ in {"compound", "amod", "nmod"})
    heads = heads + [child for child in token.children if child.dep_ in {"dative", "acomp"}]
    for head in heads:
        yield head
        yield from (obj for prep, obj in prepositions_of(head) if prep in {"of", "on", "out of"})
        if head.lemma_ not in QUARRELS:
            yield from (child for child in head.children if child.dep_ in {"compound", "amod", "nmod"})
    for prep, obj in prepositions_of(token):
        if prep in ASIDE:
            continue
        yield obj
        yield from (child for child in obj.children if child.dep_ in {"compound", "dobj"})
        yield from (inner for prep, inner in prepositions_of(obj) if prep == "of")
    for child in token.children:
        if child.dep_ in {"xcomp", "ccomp", "advcl", "acl"} and child.pos_ in {"VERB", "AUX"}:
            yield child
            yield from with_conjuncts(patients_of(child))


def recipient_heads(match: Match, role: str) -> list[Token]:
    """The tokens that stand in a recipient role of the match (see `EventPhrase.recipient_roles`)."""
    trigger = match.trigger
    objects = patients_of(trigger) if is_verbal(trigger) else []
    if role == "dobj":
        return objects
    if role == "subj":
        return subjects_of(trigger)
    if role == "dative":
        return with_conjuncts([child for child in trigger.children if child.dep_ == "dative"])
    if role == "poss":
        bearers = objects or [trigger]
        return [c for obj in bearers for c in obj.children if c.dep_ in {"poss", "amod", "compound", "nmod"}]
    if role in {"comp", "csubj"}:
        return _complement_heads(trigger, role)
    bearers = [trigger, *objects, *([match.object] if match.object is not None else [])]
    found = {obj.i: obj for bearer in bearers for prep, obj in prepositions_of(bearer) if prep == role}
    return list(found.values())


def _complement_heads(trigger: Token, role: str) -> list[Token]:
    bearers = [trigger, *(patients_of(trigger) if trigger.pos_ == "VERB" else [])]
    clauses = [c for bearer in bearers for c in bearer.children if c.dep_ in {"xcomp", "ccomp", "advcl", "acl"}]
    clauses += [obj for prep, obj in prepositions_of(trigger) if obj.dep_ == "pcomp"]
    if role == "csubj":
        return [subject for clause in clauses for subject in subjects_of(clause) or patients_of(clause)]
    return [token for clause in clauses for token in clause.subtree]
