"""Every name the codebook knows, laid out so that a text can be searched for all of them in one pass."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from olivebranch.codebook.tables import Country, Metonym, Organisation, Person

NameKind = Literal["country", "demonym", "capital", "metonym", "organisation", "person", "surname"]

FAMILY_NAME_FIRST = frozenset({"CHN", "HKG", "KHM", "KOR", "PRK", "TWN", "VNM"})
"""Countries whose people are printed family name first: Xi Jinping, Kim Jong Un."""

PARTICLES = frozenset(
    [
        "al",
        "bin",
        "da",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "ten",
        "van",
        "von",
    ]
)
"""Words that belong to the surname after them: de Mistura, Van Rompuy."""

_FOLDED = str.maketrans({"-": " ", "–": " ", "_": " ", ".": None, "'": None, "`": None, ",": None})


class Name(NamedTuple):
    """A surface form and what it may stand for: `code` of a country or body, or the printed name of a person."""

    words: str
    kind: NameKind
    code: str
    metonym: Metonym | None = None


def fold_name(words: str) -> str:
    """A name as a key: accents, case, dots and marks off, so that "Jean-Yves" and "jean yves" are one."""
    if not words.isascii():
        plain = unicodedata.normalize("NFKD", words.replace("’", "'").replace("ł", "l").replace("ø", "o"))
        words = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(words.translate(_FOLDED).casefold().split())


def surname_of(name: str, country: str | None = None) -> str:
    """The family name in a printed name: "Sergey Lavrov" gives "Lavrov", "Xi Jinping" of CHN gives "Xi"."""
    parts = [part for part in name.split() if part.strip(".,") not in {"Jr", "Sr", "II", "III"}]
    if not parts:
        return name
    if country in FAMILY_NAME_FIRST and len(parts) > 1 and not parts[1].endswith("."):
        return parts[0]
    start = len(parts) - 1
    while start > 1 and parts[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(parts[start:])


class NameIndex:
    """Names by their first word, longest first; `names_at` reads one place of a text."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_first: dict[str, list[Name]] = {}
        self._sorted: dict[str, tuple[Name, ...]] = {}
        for name in names:
            self._by_first.setdefault(first_word(name.words), []).append(name)

    def _beginning_with(self, word: str) -> tuple[Name, ...]:
        """The names that begin with a word, longest first, each once; put in order when first asked for."""
        if word not in self._sorted:
            known = {
                (name.words, name.kind, name.code, id(name.metonym)): name for name in self._by_first.get(word, ())
            }
            self._sorted[word] = tuple(sorted(known.values(), key=lambda name: -len(name.words)))
        return self._sorted[word]

    def names_at(self, text: str, start: int) -> list[Name]:
        """The longest names that the text says at `start`, whole words only; [] where there are none."""
        word = first_word(text, start)
        if word not in self._by_first:
            return []
        found: list[Name] = []
        for name in self._beginning_with(word):
            if found and len(name.words) < len(found[0].words):
                break
            end = start + len(name.words)
            if text.startswith(name.words, start) and not (text[end - 1].isalnum() and text[end : end + 1].isalnum()):
                found.append(name)
        return found


def first_word(text: str, start: int = 0) -> str:
    """The run of letters and digits at `start`, or the one character that stands there."""
    end = start
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[start : max(end, start + 1)]


def iter_country_names(countries: Iterable[Country]) -> Iterator[Name]:
    """Names, demonyms and capitals of countries."""
    for country in countries:
        for words in (country.name, *country.names):
            yield Name(words, "country", country.iso3)
        for words in country.demonyms:
            yield Name(words, "demonym", country.iso3)
        if country.capital:
            yield Name(country.capital, "capital", country.iso3)


def iter_body_names(organisations: Iterable[Organisation], metonyms: Iterable[Metonym]) -> Iterator[Name]:
    """Names of organisations, and the words that stand for a power."""
    for body in organisations:
        for words in (body.name, *body.names):
            yield Name(words, "organisation", body.code)
    for metonym in metonyms:
        yield Name(metonym.phrase, "metonym", metonym.code, metonym)


def iter_people_names(people: Iterable[Person]) -> Iterator[Name]:
    """Full names and variants of people, and their surnames alone."""
    for person in people:
        for words in (person.name, *person.variants):
            yield Name(words, "person" if " " in words else "surname", person.name)
        yield Name(surname_of(person.name, person.country), "surname", person.name)
