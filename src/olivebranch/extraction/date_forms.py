"""The forms that dates take in news, compiled from the code tables: where they stand, and what guards them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Span as Words
from spacy.tokens import Token

from olivebranch.codebook import load_table
from olivebranch.codebook.tables import DateForm
from olivebranch.records import Span

NUMBER_SLOTS = {
    "day": r"(?<![\d.,$€£])(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%])(?![.,:]\d)",
    "ordinal_day": r"(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)",
    "month_number": r"(?:1[0-2]|0?[1-9])(?!\d)",
    "year": r"(?<![\d.,/$€£])(?:1[5-9]|20)\d\d(?![\d%])(?![.,]\d)",
    "short_year": r"\d\d(?!\d)",
    "decade": r"(?:1[5-9]|20)\d0(?=s)",
    "quarter": r"[1-4]",
    "half": r"[12]",
}
UNIT_ALONE = r"week|month|quarter|year|decade"
CASED_SLOTS = frozenset({"month", "weekday", "short_weekday", "feast"})
ORDINAL_END = re.compile(r"(?<=\d)(?:st|nd|rd|th)$", re.IGNORECASE)
GAP = r"[ \t\n\u00a0]{1,3}"

WHOLE_MONTHS = frozenset({"May", "June", "July"})

COUNTED = frozenset({"NNS", "NNPS"})
MONTH_LEADS = frozenset(
    {
        *("in", "since", "by", "last", "next", "this", "early", "late", "mid", "until", "till", "through", "from"),
        *("during", "before", "after", "between", "and", "to", "of", "for", "the", "around", "about", "every", "each"),
        *("ahead", "towards", "toward"),
    }
)
RANGE_LEADS = frozenset({"from", "between"})
WORLDS = frozenset({"world", "russia", "europe", "america", "china", "generation", "society", "standards", "youth"})


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form that a text holds at `span`, with the values of its slots."""

    span: Span
    form: DateForm
    groups: dict[str, str]


@cache
def _word_values() -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for row in load_table("date_words"):
        values.setdefault(row.slot, {})[row.word if row.slot in CASED_SLOTS else row.word.lower()] = row.value
    return values


def _slot_pattern(slot: str) -> str:
    """What a slot matches: its words, the longest first, or its digits."""
    kind = slot.rstrip("0123456789")
    if slot == "unit1":
        return rf"(?P<unit1>{UNIT_ALONE})"
    if kind == "number":
        return rf"(?P<{slot}>\d{{1,3}}|{_any_word(kind)})"
    if kind in NUMBER_SLOTS:
        return rf"(?P<{slot}>{NUMBER_SLOTS[kind]})"
    return rf"(?-i:(?P<{slot}>{_any_word(kind)}))" if kind in CASED_SLOTS else rf"(?P<{slot}>{_any_word(kind)})"


def _any_word(kind: str) -> str:
    words = sorted(_word_values()[kind], key=len, reverse=True)
    return "|".join(re.escape(word) + (r"\.?" if _is_short(kind, word) else "") for word in words)


def _is_short(kind: str, word: str) -> bool:
    """Whether a word may be written with a stop: Sept., Tues."""
    return kind == "short_weekday" or (
        kind == "month" and len(word) <= len("Sept") and word.title() not in WHOLE_MONTHS
    )


@cache
def _compiled() -> tuple[tuple[DateForm, re.Pattern[str]], ...]:
    return tuple((form, compile_form(form.pattern)) for form in load_table("date_forms"))


def compile_form(pattern: str) -> re.Pattern[str]:
    """A form's pattern with its slots filled in; it matches whole words, upper or lower case but for names."""
    filled = re.sub(r"\{([a-z_]+\d?)\}", lambda slot: _slot_pattern(slot[1]), pattern)
    return re.compile(rf"(?<![\w$€£])(?:{_gaps(filled)})(?!\w)", re.IGNORECASE)


def _gaps(pattern: str) -> str:
    """Spaces between words may be no-break spaces or the end of a line; those inside brackets are left alone."""
    return re.sub(r"(\[[^\]]*\])|\\? ", lambda found: found[1] or GAP, pattern)


@cache
def _traps() -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{row.pattern})" for row in load_table("date_traps")))


def find_forms(text: str) -> list[FoundForm]:
    """The forms in a text, in text order; of those that overlap the longest, and none that only look like dates.

    Example: "They met on Sept. 28." holds one form of the rule day_month, its month "9", its day "28".
    """
    closed = [found.span() for found in _traps().finditer(text)]
    found = [one for one in _iter_matches(text) if not any(_overlap(one.span, trap) for trap in closed)]
    found.sort(key=lambda one: (one.span[0] - one.span[1], one.span[0]))
    kept: list[FoundForm] = []
    for one in found:
        if not any(_overlap(one.span, other.span) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.span)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _iter_matches(text: str) -> Iterator[FoundForm]:
    for form, pattern in _compiled():
        for match in pattern.finditer(text):
            groups = {slot: _value(slot, words) for slot, words in match.groupdict().items() if words is not None}
            yield FoundForm(match.span(), form, groups)


def _value(slot: str, words: str) -> str:
    """What a slot's words stand for; digits stand for themselves."""
    kind = slot.rstrip("0123456789")
    plain = " ".join(words.split()).rstrip("." if kind in CASED_SLOTS else "")
    values = _word_values().get(kind, {})
    return values.get(plain if kind in CASED_SLOTS else plain.lower(), ORDINAL_END.sub("", plain))


def passes_guard(found: FoundForm, words: Words) -> bool:
    """Whether what stands around a form lets it be a date; `words` are its tokens in the parse."""
    guard = found.form.guard
    return guard is None or len(words) == 0 or GUARDS[guard](words)


def _before(words: Words) -> Token | None:
    return words[0].nbor(-1) if words[0].i > 0 else None


def _after(words: Words) -> Token | None:
    return words[-1].nbor(1) if words[-1].i + 1 < len(words.doc) else None


def _is_no_count(words: Words) -> bool:
    """Not "in May 30 people died"."""
    after = _after(words)
    return not (after is not None and words[-1].dep_ == "nummod" and words[-1].head == after and after.tag_ in COUNTED)


def _is_month(words: Words) -> bool:
    """A month, no modal or verb, surname or first name: after a preposition, or where the parser sees a date."""
    first, before = words[0], _before(words)
    if first.pos_ in {"AUX", "VERB"}:
        return False
    if first.lower_ in {"may", "march", "august", "april", "june"} and first.ent_type_ not in {"DATE", ""}:
        return False
    if before is not None and before.lower_ in MONTH_LEADS:
        return (
            before.lower_ not in {"of", "for", "to", "the", "and"} or first.ent_type_ == "DATE" or first.lower_ != "may"
        )
    return first.ent_type_ == "DATE"


def _is_year(words: Words) -> bool:
    """A year, no count: not "2014 soldiers", "Il-1976" or "1,900"."""
    first, before, after = words[0], _before(words), _after(words)
    if (
        before is not None
        and before.whitespace_ == ""
        and before.lower_ not in {"(", "[", '"', "'", "pre", "post", "-", "–", "—", "/"}
    ):
        return False
    if (
        before is not None
        and before.text == "-"
        and before.i > 0
        and before.nbor(-1).lower_ not in {"pre", "post", "mid"}
    ):
        return bool(before.whitespace_)
    if first.dep_ == "nummod" and after is not None and first.head == after and after.tag_ == "NNS":
        return before is not None and before.tag_ in {"DT", "PRP$", "POS", "JJ"}
    is_late = int(first.text[:4]) >= 1900 if first.text[:4].isdigit() else False
    return is_late or (before is not None and before.lower_ in MONTH_LEADS)


def _is_joined(words: Words) -> bool:
    """Two years with a dash, or "from 2010 to 2012"; "in 2010 and 2012" are two."""
    joint = [token.lower_ for token in words if token.lower_ in {"to", "and", "through", "until"}]
    before = _before(words)
    return not joint or (before is not None and before.lower_ in RANGE_LEADS)


def _is_month_pair(words: Words) -> bool:
    return _is_joined(words) and bool(words[0].pos_ not in {"AUX", "VERB"})


def _is_season(words: Words) -> bool:
    """The season, not "this fall in prices"."""
    after = _after(words)
    last = words[-1]
    if last.pos_ == "VERB":
        return False
    return last.lower_ not in {"fall", "spring"} or after is None or after.lower_ not in {"in", "of", "from", "between"}


def _is_today(words: Words) -> bool:
    """The day, not "today's world" or "a tomorrow without war"."""
    before, after = _before(words), _after(words)
    if before is not None and before.lower_ in {"a", "of", "better", "brighter"}:
        return False
    if after is None or after.tag_ != "POS" or after.i + 1 >= len(words.doc):
        return True
    return bool(after.nbor(1).lower_ not in WORLDS)


def _is_bare_day(words: Words) -> bool:
    """On the 28th, not "the 28th session"."""
    before, after = _before(words), _after(words)
    if after is not None and after.pos_ in {"NOUN", "PROPN", "ADJ", "NUM"}:
        return False
    return before is not None and before.lower_ in {"on", "until", "by", "from", "since", "to", "before", "after"}


def _is_weekend(words: Words) -> bool:
    """The weekend or a weekend meeting, not "a weekend"."""
    before = _before(words)
    if len(words) > 1:
        return True
    return words[0].dep_ in {"compound", "nmod", "amod"} and (
        before is None or before.lower_ not in {"a", "every", "each"}
    )


def _is_anchored(words: Words) -> bool:
    """Closed off ("a day earlier, …"), not "a day after the vote" or "a year later than"."""
    after = _after(words)
    if words[-1].lower_ in {"earlier", "later", "afterwards"}:
        return after is None or after.lower_ != "than"
    return after is None or after.is_punct or after.is_space or after.tag_ in {"CC", "VBD", "MD"}


def _is_not_of(words: Words) -> bool:
    """Not "the last week of September"."""
    after = _after(words)
    return after is None or after.lower_ != "of"


def _is_quarter(words: Words) -> bool:
    """Of a year, not "the first half of the season"."""
    after = _after(words)
    has_year = any((token.text[:4].isdigit() and len(token.text) >= 4) or token.lower_ == "year" for token in words)
    return has_year or ((after is None or after.lower_ != "of") and words[-1].lower_ == "quarter")


GUARDS: dict[str, Callable[[Words], bool]] = {
    "anchored": _is_anchored,
    "bare_day": _is_bare_day,
    "joined": _is_joined,
    "month_pair": _is_month_pair,
    "month_word": _is_month,
    "not_count": _is_no_count,
    "not_of": _is_not_of,
    "quarter_of_year": _is_quarter,
    "season_word": _is_season,
    "today_word": _is_today,
    "weekend_word": _is_weekend,
    "year_number": _is_year,
}
"""What else must hold of the words around a form, by the name that `date_forms` calls it."""
