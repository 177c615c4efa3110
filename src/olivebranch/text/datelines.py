"""Finds the dateline that opens a paragraph and the reporters' names that close one."""

import re

from olivebranch.text.patterns import expand_pattern

_LONGEST_DATELINE = 90
_LONGEST_SIGN_OFF = 350

_CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’]+(?:[ -][A-ZÀ-Þ][A-ZÀ-Þ.'’]*){0,3}"
_BODIES = "NATO|OSCE|IAEA|CSTO|ASEAN|OPEC|UNSC|BRICS|AUKUS|UNESCO|OPCW|UPDATE|EXCLUSIVE|BREAKING|WATCH|QUESTION|ANSWER"
"""What is written in capitals before a dash, and is no city."""

_AGENCY = r"[(/\[]\+?(?:<agency>|(?-i:[A-Z][\w.&'’]*(?: [A-Z][\w.&'’]*){0,3}))[)/\].]+"
"""An agency that we know, or any name in brackets: only after a city or a date can it be one."""
_DASH = r"(?: (?:—|–|―|--|-|_) ?|(?:—|–|―|--) )"
_DATELINE = expand_pattern(
    rf"(?:(?-i:(?!(?:{_BODIES})\b){_CAPITALS}(?:/{_CAPITALS}){{0,2}})(?:, (?-i:[A-Z][\w.]+(?: [A-Z][\w.]+)?))?"
    rf"(?:(?:,? [|/]? ?<date>[.,]?)?(?: ?{_AGENCY})?{_DASH}|,? <date>\.? ?{_AGENCY} ?(?:[-–—.:]+ ?)?)"
    rf"|(?:<place>,? )?(?:<date>,? ?)?{_AGENCY}(?:{_DASH}| ?[-:.] ?| ?)"
    rf"|(?-i:[A-Z]\w+(?: [A-Z]\w+){{0,2}}), <date>,? ?[-–—]+ )"
    r"(?=(?-i:[\"“„«'‘’A-ZÀ-Þ\d(\[]))"
)
_SIGN_OFF = re.compile(
    r"[(\[](?:(?:additional |with )?(?:reporting|writing|editing)\b[^()\[\]]{2,300})[)\]]\.?$", re.IGNORECASE
)


def find_dateline(words: str) -> int:
    """How many characters of a paragraph's words are its dateline; 0 where it has none.

    Example: 9 for `MOSCOW — The talks failed.`
    """
    match = _DATELINE.match(words[: _LONGEST_DATELINE + 1])
    return match.end() if match and match.end() < len(words) else 0


def find_sign_off(words: str) -> int:
    """Where the names in brackets that close a paragraph begin; its length where there are none.

    Example: 21 for `They left on Monday. (Reporting by Jane Doe)`
    """
    match = _SIGN_OFF.search(words, max(0, len(words) - _LONGEST_SIGN_OFF))
    return match.start() if match else len(words)
