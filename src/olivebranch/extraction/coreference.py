"""Says whom a pronoun or a nominal means: "he", "the minister", "the 64-year-old", "his Ukrainian counterpart"."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.codebook.names import fold_name
from olivebranch.extraction.nominals import LEADER_KINDS
from olivebranch.extraction.people import gender_of_name
from olivebranch.extraction.personal_names import HONORIFICS
from olivebranch.records import ActorMention, Document, Span

if TYPE_CHECKING:
    from spacy.tokens import Token

GENDER = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
NEUTER = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
REACH = 6
"""Sentences back in which a pronoun's antecedent is looked for."""

SUBJECT_WEIGHT, SAME_SENTENCE_WEIGHT, REPEAT_WEIGHT, SPEAKER_WEIGHT = 1.5, 0.5, 0.2, 1.0
"""How much a candidate gains by being a subject, near, often named, or the last speaker; one sentence back costs 1."""


def resolve_pronoun(token: "Token", document: Document, actors: Sequence[ActorMention]) -> ActorMention | None:
    """The mention that a third-person pronoun means; None for others, or where nobody fits.

    Salience by recency, role as a subject, and how often the story names the candidate (after Lappin & Leass 1994,
    much reduced); gender by the other pronouns' rules of names. A pronoun never means a mention in its own clause
    that it is the object or the subject beside.

    Example: in "Lavrov met Clinton. She smiled." the pronoun is Clinton.
    """
    word = token.lower_
    if word not in GENDER and word not in NEUTER and word not in PLURAL:
        return None
    before = [mention for mention in actors if mention.span[1] <= token.idx]
    genders = _genders(before, document) if word in GENDER else {}
    fitting = [m for m in before if _fits(word, m, genders) and not _is_clause_mate(token, m, document)]
    return _most_salient(token, fitting, document)


def _genders(mentions: Sequence[ActorMention], document: Document) -> dict[str, str | None]:
    """The gender of every person, by an honorific before any mention, else by the name."""
    words = load_codebook().actor_words
    genders = {mention.name: gender_of_name(words, mention.name) for mention in mentions if mention.kind == "person"}
    text = document.article.text
    for mention in mentions:
        before = text[max(0, mention.span[0] - 9) : mention.span[0]].split()
        title = before[-1].lower() if before and mention.kind == "person" else ""
        if title in words.get(HONORIFICS[1], ()):
            genders[mention.name] = "f"
        elif title in words.get(HONORIFICS[2], ()):
            genders[mention.name] = "m"
    return genders


def _fits(word: str, mention: ActorMention, genders: Mapping[str, str | None]) -> bool:
    if word in GENDER:
        return mention.kind == "person" and genders[mention.name] in (None, GENDER[word])
    if word in NEUTER:
        return mention.kind in ("state", "organisation") and not _is_plural(mention)
    return mention.kind != "person" and (mention.kind == "group" or _is_plural(mention))


def _is_plural(mention: ActorMention) -> bool:
    last = mention.name.split()[-1]
    return last.islower() and last.endswith("s") and not last.endswith("ss")


def _is_clause_mate(token: "Token", mention: ActorMention, document: Document) -> bool:
    """Whether pronoun and mention hang on one verb, so that they cannot be one: "Lavrov told him"."""
    root = _token_of(mention, document)
    if root is None or token.dep_ == "poss":
        return False
    return _verb_over(root) is not None and _verb_over(root) == _verb_over(token)


def _verb_over(token: "Token") -> "Token | None":
    head = token.head
    while head.pos_ in ("ADP", "PROPN", "NOUN") and head.head != head:
        head = head.head
    return head if head.pos_ in ("VERB", "AUX") else None


def _token_of(mention: ActorMention, document: Document) -> "Token | None":
    """The head token of a mention."""
    words = document.parse.char_span(*mention.span, alignment_mode="expand")
    return words.root if words is not None else None


def _most_salient(token: "Token", fitting: Sequence[ActorMention], document: Document) -> ActorMention | None:
    here = _sentence_number(document, token.idx)
    near = [m for m in fitting if here - _sentence_number(document, m.span[0]) <= REACH]
    if not near:
        return None
    is_subject = token.dep_ in SUBJECTS

    def score(mention: ActorMention) -> tuple[float, int]:
        gap = here - _sentence_number(document, mention.span[0])
        root = _token_of(mention, document)
        repeats = min(5, sum(m.name == mention.name for m in near))
        value = -float(gap) + REPEAT_WEIGHT * repeats + SAME_SENTENCE_WEIGHT * (gap == 0)
        if root is not None and root.dep_ in SUBJECTS:
            value += SUBJECT_WEIGHT
            value += SPEAKER_WEIGHT * (is_subject and _is_of_speech(root.head))
        return value, mention.span[0]

    return max(near, key=score)


def _is_of_speech(verb: "Token") -> bool:
    return any(child.dep_ in ("ccomp", "parataxis") for child in verb.children) or verb.dep_ in ("ccomp", "parataxis")


def _sentence_number(document: Document, offset: int) -> int:
    sentence = document.sentence_at(offset)
    return int(sentence.id[1:]) if sentence else 0


def resolve_nominal(
    span: Span, document: Document, actors: Sequence[ActorMention], codebook: Codebook, on: date | None
) -> ActorMention | None:
    """The mention that a noun phrase at `span` means: one that it overlaps, or an earlier one that it fits.

    A counterpart is the holder of the same office of the power named; a leader is whoever leads; a title or calling
    is the last person said to have it; "the ministry" is the last body so called; an age or a bare description
    is the person spoken of.

    Example: after "Foreign Minister Sergey Lavrov", "the minister" is Lavrov.
    """
    own = [m for m in actors if m.span[0] < span[1] and span[0] < m.span[1]]
    words = [word.strip(",.-") for word in fold_name(document.words(span)).split()]
    before = [mention for mention in actors if mention.span[1] <= span[0]]
    if "counterpart" in words:
        return _find_counterpart(own, words, span, document, actors, codebook, on)
    if len(own) == 1:
        return own[0]
    if own:
        return max(own, key=lambda mention: mention.span[1] - mention.span[0])
    return _last_person(words, before, codebook) or _last_body(words, before) or _by_age(words, before)


def _last_person(words: Sequence[str], before: Sequence[ActorMention], codebook: Codebook) -> ActorMention | None:
    """The last person whose office or calling has the head word, and the country if one is said."""
    powers = {code for word in words if (code := codebook.resolve(word))}
    people = [m for m in before if m.kind == "person" and (not powers or m.country in powers)]
    is_leader = bool(set(words) & codebook.actor_words.get("leader", frozenset()))
    for mention in reversed(people):
        if is_leader and _is_leader(mention, codebook):
            return mention
        if _titles(mention, codebook) & {words[-1], " ".join(words[-2:])}:
            return mention
    return None


def _titles(mention: ActorMention, codebook: Codebook) -> set[str]:
    """The words a person may be called by: those of the office, and its last word alone."""
    titles = {fold_name(mention.office)} if mention.office else set()
    if mention.country and mention.office:
        office = codebook.office_by_title(mention.office, mention.country)
        titles |= {fold_name(title) for title in office.titles} if office else set()
    return titles | {word for title in titles for word in title.split()}


def _is_leader(mention: ActorMention, codebook: Codebook) -> bool:
    office = codebook.office_by_title(mention.office or "", mention.country or "")
    return office is not None and office.kind in LEADER_KINDS


def _last_body(words: Sequence[str], before: Sequence[ActorMention]) -> ActorMention | None:
    """The last body whose name holds the head word: "the ministry", "the rebels", "the alliance"."""
    bodies: Iterable[ActorMention] = (m for m in reversed(before) if m.kind != "person")
    return next((m for m in bodies if words and words[-1] in fold_name(m.name).split()), None)


def _by_age(words: Sequence[str], before: Sequence[ActorMention]) -> ActorMention | None:
    """ "the 64-year-old": the person spoken of last."""
    if not {"year", "old"} <= set(words):
        return None
    return next((m for m in reversed(before) if m.kind == "person"), None)


def _find_counterpart(
    own: Sequence[ActorMention],
    words: Sequence[str],
    span: Span,
    document: Document,
    actors: Sequence[ActorMention],
    codebook: Codebook,
    on: date | None,
) -> ActorMention | None:
    """ "his Ukrainian counterpart": who held there, on that day, the office of the person that "his" means."""
    named = [m for m in own if m.kind == "person" and "counterpart" not in m.name]
    after = [m for m in actors if span[1] <= m.span[0] <= span[1] + 3 and m.kind == "person"]
    if named or after:
        return (named or after)[0]
    power = next((code for word in words if (code := codebook.resolve(word))), None)
    owner = next((m for m in reversed(actors) if m.span[1] <= span[0] and m.kind == "person" and m.country), None)
    office = codebook.office_by_title(owner.office or "", owner.country or "") if owner else None
    holding = codebook.holder_of(power, office.kind, on) if power and office and on else None
    if holding is None:
        return None
    name = holding.person.name
    return ActorMention(
        id="a0",
        span=span,
        name=name,
        entity=f"person:{fold_name(name).replace(' ', '-')}",
        kind="person",
        country=power,
        sector=holding.office.sector,
        office=holding.office.title,
        office_on=on,
        why=f"counterpart of {owner.name if owner else ''}: {holding.office.title} of {power} on {on}",
    )
