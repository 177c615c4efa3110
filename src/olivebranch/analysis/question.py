"""Which question a story raises: the dyad, its strongest overture, and the headline made from it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from olivebranch.analysis.naming import is_group, name_code, name_codes
from olivebranch.codebook import load_codebook
from olivebranch.errors import UsageError
from olivebranch.ledger.story_rows import overture_ids
from olivebranch.records import Attribution, Overture, Reading

GRADE_ORDER = {"wish": 0, "conditional": 1, "specific": 2, "step": 3}
SHORT_QUOTE = 70
"""Characters of the words that a headline quotes."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """An overture with its key in the ledger, the reading that holds it and the statement that it was made in."""

    key: str
    reading: Reading
    overture: Overture
    attribution: Attribution | None

    @property
    def said_on(self) -> date | None:
        """The first day that it can have been said on, else that of publication."""
        return self.overture.said_on.from_ if self.overture.said_on else self.reading.article.published_on

    @property
    def strength(self) -> tuple[bool, int, bool]:
        """How much it can answer for: the executive before others, then the grade, then whether it is quoted."""
        sector = self.attribution.source.sector if self.attribution else None
        quoted = self.attribution is not None and self.attribution.kind == "direct"
        return (sector in {"GOV", None}, GRADE_ORDER[self.overture.grade], quoted)


def spoken_overtures(readings: tuple[Reading, ...]) -> list[Spoken]:
    """Every overture of the stories in text order."""
    return [
        Spoken(key, reading, overture, _statement_of(reading, overture))
        for reading in readings
        for overture, key in zip(reading.overtures, overture_ids(reading), strict=True)
    ]


def _statement_of(reading: Reading, overture: Overture) -> Attribution | None:
    return next((a for a in reading.attributions if a.id == overture.attribution), None)


def parse_dyad(text: str) -> tuple[str, str]:
    """The two codes of "RUS:USA" or "RUS>USA".

    Raises:
        UsageError: not two codes, or codes that the codebook does not hold.
    """
    parts = [part.strip().upper() for part in text.replace(">", ":").split(":")]
    if len(parts) != 2 or parts[0] == parts[1] or not all(parts):
        raise UsageError(f"'{text}' is not a dyad; write two different codes, as in RUS:USA")
    codebook = load_codebook()
    for code in parts:
        if codebook.resolve(code) != code:
            raise UsageError(
                f"'{code}' is no code of the codebook; countries have ISO 3166 alpha-3 codes, as in RUS:USA"
            )
    return parts[0], parts[1]


def choose_side(spoken: list[Spoken], readings: tuple[Reading, ...], dyad: str | None) -> tuple[str, set[str]] | None:
    """Whose overtures, and to whom: the dyad asked for, else that of the strongest overture, else the busiest pair."""
    if dyad is not None:
        source, target = parse_dyad(dyad)
        return source, {target}
    if spoken:
        source = max(spoken, key=lambda s: s.strength).overture.from_
        return source, {code for s in spoken if s.overture.from_ == source for code in s.overture.to}
    pairs = Counter(
        (event.actors[0].code, event.recipients[0].code)
        for reading in readings
        for event in reading.events
        if event.actors and event.recipients and event.actors[0].code != event.recipients[0].code
    )
    if not pairs:
        return None
    (source, target), _ = pairs.most_common(1)[0]
    return source, {target}


def of_side(spoken: list[Spoken], source: str, targets: set[str]) -> list[Spoken]:
    """The overtures of this side to any of these, or to nobody named.

    One to a group is listed for each of its members (and stays one to the group); a body such as the EU and its
    members are never taken for each other.
    """
    return [s for s in spoken if s.overture.from_ == source and (not s.overture.to or _reaches(s, targets))]


def _reaches(spoken: Spoken, targets: set[str]) -> bool:
    codebook, day = load_codebook(), spoken.said_on or date.today()
    groups = [code for code in spoken.overture.to if is_group(code)]
    members = {member for group in groups for member in codebook.members(group, day)}
    return bool(targets & ({*spoken.overture.to} | members))


def make_question(strongest: Spoken | None, source: str, targets: set[str]) -> str:
    """The headline's question: "Does Russia mean it? Russia → United States: “a reset”"."""
    name, others = name_code(source), name_codes(targets)
    if strongest is None:
        return f"What does {name} do towards {others}? No overture found"
    return f"Does {name} mean it? {name} → {others}: “{short_words(strongest)}”"


def short_words(spoken: Spoken) -> str:
    """The few words that name the overture: a phrase quoted within it, else its beginning."""
    words = spoken.reading.line(spoken.overture.span)
    inner = [part for part in _quoted_parts(words) if len(part) <= SHORT_QUOTE // 2]
    if inner:
        return inner[0]
    if len(words) <= SHORT_QUOTE:
        return words
    return words[:SHORT_QUOTE].rsplit(" ", 1)[0] + " …"


def _quoted_parts(words: str) -> list[str]:
    parts, opened = [], None
    for place, mark in enumerate(words):
        if mark in "“‘" or (mark in "\"'" and opened is None and (place == 0 or words[place - 1] == " ")):
            opened = place + 1
        elif opened is not None and mark in "”’\"'" and (place + 1 == len(words) or not words[place + 1].isalpha()):
            parts.append(words[opened:place].strip(" ,.;"))
            opened = None
    if opened is not None and len(words) - opened <= SHORT_QUOTE // 2:
        parts.append(words[opened:].strip(" ,.;"))
    return parts
