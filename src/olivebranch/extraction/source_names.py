"""Small questions about speakers' names and offices: whose name may it be, is it an official's, who are several."""

import re

from spacy.tokens import Token

from olivebranch.codebook import load_codebook
from olivebranch.extraction.people import gender_of_name
from olivebranch.extraction.source_words import words_for
from olivebranch.records import Source

RANKS = frozenset({"prime", "vice", "deputy"})
_NAME = re.compile(r"[\w .'’\-\u00ad]+")


def name_of(words: str) -> str:
    """A name without marks, owner's 's and what a parser added after a mark."""
    found = _NAME.match(words.strip("*_\"'“”‘’ "))
    return " ".join(found.group().split()).removesuffix("'s").removesuffix("’s").strip(" -") if found else ""


def is_called(head: Token, office: str | None) -> bool:
    """Whether the holder of an office may be called by a noun: "the minister" is no prime minister."""
    words = (office or "").lower().replace("-", " ").split()
    said = {token.lower_ for token in head.subtree}
    return head.lemma_.lower() in words and all(word in said for word in RANKS.intersection(words))


def fits_gender(name: str, gender: str) -> bool:
    """Whether a name can be that of a man ("m") or woman ("f"), as far as names tell."""
    told = gender_of_name(load_codebook().actor_words, name)
    return told is None or told == gender


def may_be(source: Source, gender: str) -> bool:
    return bool(source.name) and fits_gender(source.name or "", gender)


def is_person_source(source: Source) -> bool:
    return source.is_named and source.office is not None


def actors_are_official(head: Token) -> bool:
    """Whether the phrase says that its people act for a state ("government experts")."""
    return any(child.lower_ in {"government", "state", "ministry", "un", "military"} for child in head.children)


def is_official(office: str | None) -> bool:
    words = (office or "").lower().split()
    return any(word in words_for("official") for word in words)


def join_sources(sources: list[Source]) -> Source:
    """Several speakers of one statement: names joined, the rest kept where they agree."""
    first = sources[0]
    spans = [source.span for source in sources if source.span]
    names = list(dict.fromkeys(source.name for source in sources if source.name))

    def shared(field: str) -> str | None:
        values = {getattr(source, field) for source in sources}
        return values.pop() if len(values) == 1 else None

    return Source(
        span=(min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None,
        name=" and ".join(names) or None,
        country=shared("country"),
        office=shared("office"),
        affiliation=shared("affiliation"),
        sector=shared("sector"),
        is_expert=first.is_expert and all(source.is_expert for source in sources),
        is_named=all(source.is_named for source in sources),
    )
