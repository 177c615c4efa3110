"""Turns bytes into text, and checks that the text is one that can be read: not empty, and English."""

import re

from olivebranch.errors import EmptyStory, NotEnglish, UnreadableStory

SAMPLE = 4_000
"""Characters that the language is told from."""

FEW_WORDS = 25
"""A shorter text is taken as English where its letters are Latin: too little to tell."""

ENGLISH_SHARE = 0.12
"""A text with at least this share of COMMON words is English whatever the model says of its names."""

_COMMON = "the of and to in a is that for on was said by with as at be has have from he it not his its will are were"
COMMON = frozenset(_COMMON.split())
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decode_text(data: bytes, name: str) -> str:
    """`data` as text: by its byte-order mark, else as UTF-8, else as Windows-1252.

    A UTF-8 text with a few damaged bytes stays UTF-8, each damaged byte a replacement character.

    Raises:
        UnreadableStory: in no encoding that we know.
    """
    encoding = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        pass
    patched = data.decode(encoding or "utf-8", errors="replace")
    damaged = patched.count("\ufffd")
    whole = sum(char > "\x7f" for char in patched) - damaged
    if encoding or damaged * 10 <= whole:
        return patched
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableStory(f"{name}: is in no encoding that we know; save it as UTF-8") from error


def check_text(text: str, name: str) -> None:
    """Refuses a text without words and one that is not English.

    Raises:
        EmptyStory, NotEnglish: each message says what to do.
    """
    words = re.findall(r"[^\W\d_]+", text[: 40 * SAMPLE])
    if not words:
        raise EmptyStory(f"{name}: has no words to read; check that the story was saved with its text")
    language = detect_language(text)
    if language != "en":
        raise NotEnglish(f"{name}: is not in English (it looks like '{language}'); give an English translation")


def detect_language(text: str) -> str:
    """The ISO 639-1 code of the language that `text` is most likely in; `en` where too little tells.

    Method: a text in another script is told by its letters; one with enough common English words is English; else
    py3langid (a naive Bayes model over byte n-grams) decides on a sample from the middle.
    """
    middle = max(0, len(text) // 2 - SAMPLE // 2)
    sample = text[middle : middle + SAMPLE]
    letters = [char for char in sample if char.isalpha()]
    if sum(char < "\u0250" for char in letters) < 0.6 * len(letters):
        return _classify(sample, but_not="en")
    words = re.findall(r"[^\W\d_]+", sample.lower())
    if len(words) < FEW_WORDS or sum(word in COMMON for word in words) >= ENGLISH_SHARE * len(words):
        return "en"
    return _classify(sample)


def _classify(sample: str, but_not: str | None = None) -> str:
    from py3langid.langid import rank

    return next((str(language) for language, _ in rank(sample) if language != but_not), "und")
