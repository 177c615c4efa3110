"""Every name the codebook knows, laid out so that a text can be searched for all of them in one pass."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, cast

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


def plain_name(key: str) -> str:
    """A folded name without middle initials and generation: "vladimir v putin" gives "vladimir putin"."""
    parts = key.split()
    kept = [part for n, part in enumerate(parts) if n == 0 or (len(part) > 1 and part not in {"jr", "sr", "ii", "iii"})]
    return " ".join(kept)


def without_middle(key: str) -> str:
    """A folded name of three words without the second, if no particle: "john william ashe" gives "john ashe"."""
    parts = key.split()
    return f"{parts[0]} {parts[2]}" if len(parts) == 3 and parts[1] not in PARTICLES else key


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


PackedNames = dict[str, list[tuple[str, str, str, int]]]
"""Names by their first word, as plain tuples; the last cell is the number of the metonym's row, -1 where none."""


def pack_names(names: Iterable[Name], metonyms: Sequence[Metonym]) -> PackedNames:
    """Names by their first word, the longest first, each once."""
    number_of = {id(metonym): number for number, metonym in enumerate(metonyms)}
    packed: PackedNames = {}
    for name in names:
        entry = (name.words, name.kind, name.code, number_of.get(id(name.metonym), -1))
        packed.setdefault(first_word(name.words), []).append(entry)
    return {word: sorted(dict.fromkeys(entries), key=lambda entry: -len(entry[0])) for word, entries in packed.items()}


class NameIndex:
    """Names by their first word; `names_at` reads one place of a text."""

    def __init__(self, packed: PackedNames, metonyms: Sequence[Metonym]) -> None:
        self._packed = packed
        self._metonyms = metonyms
        self._ready: dict[str, dict[str, tuple[Name, ...]]] = {}

    @classmethod
    def of(cls, names: Iterable[Name]) -> "NameIndex":
        """The index of these names."""
        names = tuple(names)
        metonyms = tuple(name.metonym for name in names if name.metonym)
        return cls(pack_names(names, metonyms), metonyms)

    def _beginning_with(self, word: str) -> dict[str, tuple[Name, ...]]:
        """The names that begin with a word, by all their words, longest first; made when first asked for."""
        ready = self._ready.get(word)
        if ready is None:
            found: dict[str, list[Name]] = {}
            for words, kind, code, number in self._packed[word]:
                metonym = self._metonyms[number] if number >= 0 else None
                found.setdefault(words, []).append(Name(words, cast(NameKind, kind), code, metonym))
            ready = self._ready[word] = {words: tuple(names) for words, names in found.items()}
        return ready

    def names_at(self, text: str, start: int) -> list[Name]:
        """The longest names that the text says at `start`, whole words only; [] where there are none."""
        word = first_word(text, start)
        if word not in self._packed:
            return []
        for words, names in self._beginning_with(word).items():
            end = start + len(words)
            if text.startswith(words, start) and not (text[end - 1].isalnum() and text[end : end + 1].isalnum()):
                return list(names)
        return []


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
