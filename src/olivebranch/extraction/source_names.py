"""Small questions about speakers' names and offices: whose name may it be, is it an official's, who are several."""

import re
from collections.abc import Sequence
from datetime import date

from spacy.tokens import Token

from olivebranch.codebook import load_codebook
from olivebranch.extraction.identity import print_office
from olivebranch.extraction.people import gender_of_name
from olivebranch.extraction.source_words import words_for
from olivebranch.records import Source

RANKS = frozenset({"prime", "vice", "deputy"})
MINISTRIES = {
    "foreign": "foreign_minister", "external": "foreign_minister",
    "defence": "defence_minister", "defense": "defence_minister",
}  # fmt: skip
"""Words of a ministry's name, with the kind of office of its head."""

USUAL_NAMES = {"foreign_minister": "Ministry of Foreign Affairs", "defence_minister": "Ministry of Defence"}
_ARTICLE = re.compile(r"^(?:(?:the|this|that|these|those|some|several|many|most|other)\s+)+", re.IGNORECASE)
_INDEFINITE = re.compile(r"^(?:an?|another|one|two|three|four|five)(?=\s)", re.IGNORECASE)
_NAME = re.compile(r"[\w .'’\-\u00ad]+")


def name_of(words: str) -> str:
    """A name without marks, owner's 's and what a parser added after a mark."""
    found = _NAME.match(words.strip("*_\"'“”‘’ "))
    return " ".join(found.group().split()).removesuffix("'s").removesuffix("’s").strip(" -") if found else ""


def without_article(words: str) -> str:
    """A phrase without "the", "some" and the like; "a" stays, in small: it says that nobody in particular is meant.

    Example: "The ministry" gives "ministry", "An Indian official" gives "an Indian official".
    """
    bare = _ARTICLE.sub("", words)
    return _INDEFINITE.sub(lambda match: match.group().lower(), bare)


def ministry_name(words: Sequence[str], country: str) -> str | None:
    """A ministry's name with its country, of the words (lower case) that a text calls it by.

    Example: ["its", "foreign", "ministry"] of India gives "Ministry of External Affairs of India".
    """
    known = load_codebook()
    kind = next((kind for word, kind in MINISTRIES.items() if word in words), None)
    if kind is None or not known.is_state(country):
        return None
    formal = next((row.title for row in known.table("offices") if row.of == country and row.kind == kind), "")
    title = re.sub(r"^(?:Federal )?Minister (?=of|for)", "Ministry ", formal)
    title = re.sub(r"^Secretary of (?=State|Defen[cs]e)", "Department of ", title)
    return f"{title if title != formal else USUAL_NAMES[kind]} of {known.name_of(country)}"


def holder_source(words: Sequence[str], country: str | None, on: date | None) -> Source | None:
    """Who held, on a day, the office that the words (lower case) name; None where the codebook knows nobody.

    Example: ["foreign", "minister"] of RUS on 2014-09-28 gives Sergey Lavrov.
    """
    known = load_codebook()
    office = known.office_by_title(" ".join(words), country) if country and on else None
    holding = known.holder_of(office.of, office.office, on) if office and on else None
    if holding is None:
        return None
    return Source(
        name=holding.person.name,
        country=holding.office.of,
        office=print_office(holding.office),
        sector=holding.office.sector,
        is_named=True,
    )


def fits_gender(name: str, gender: str) -> bool:
    """Whether a name can be that of a man ("m") or woman ("f"), as far as names tell."""
    told = gender_of_name(load_codebook().actor_words, name)
    return told is None or told == gender


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
