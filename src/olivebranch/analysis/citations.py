"""Numbers the sentences that a brief uses, in the order of the stories, and links each to the live page."""

from urllib.parse import quote, urlsplit

from olivebranch.analysis.brief import Cites, SourceLine
from olivebranch.records import Reading, Sentence, Span

LINK_WORDS = 6
"""Words at either end of a sentence that its text fragment names."""


class Citations:
    """Collects sentences while a brief is composed, then numbers them: compose once to collect, once to cite."""

    def __init__(self, readings: tuple[Reading, ...]) -> None:
        self.readings = {reading.article.id: reading for reading in readings}
        self._used: set[tuple[str, str]] = set()
        self._numbers: dict[tuple[str, str], int] | None = None

    def cite(self, reading: Reading, *spans: Span | None) -> Cites:
        """The numbers of the sentences that hold these spans; empty while collecting."""
        keys = {(reading.article.id, s.id) for span in spans if span for s in reading.sentences if _touches(s, span)}
        if self._numbers is None:
            self._used |= keys
            return ()
        return tuple(sorted(self._numbers[key] for key in keys if key in self._numbers))

    def number(self) -> tuple[SourceLine, ...]:
        """Fixes the numbers, in text order, and gives the numbered lines."""
        ordered = [
            (article_id, sentence)
            for article_id, reading in self.readings.items()
            for sentence in sorted(reading.sentences, key=lambda sentence: sentence.span)
            if (article_id, sentence.id) in self._used
        ]
        self._numbers = {(article_id, sentence.id): number for number, (article_id, sentence) in enumerate(ordered, 1)}
        return tuple(
            _line(number, self.readings[article_id], sentence)
            for number, (article_id, sentence) in enumerate(ordered, 1)
        )


def _touches(sentence: Sentence, span: Span) -> bool:
    return sentence.span[0] < span[1] and span[0] < sentence.span[1]


def _line(number: int, reading: Reading, sentence: Sentence) -> SourceLine:
    words = reading.line(sentence.span)
    return SourceLine(
        number=number,
        article_id=reading.article.id,
        paragraph=sentence.paragraph + 1,
        start=sentence.span[0],
        end=sentence.span[1],
        words=words,
        link=link_to_words(reading.article.url, words),
    )


def link_to_words(url: str | None, words: str) -> str | None:
    """A link that opens the page at these words (a text fragment, WICG scroll-to-text-fragment).

    None without words, or where `url` is no page of the web.
    """
    page, parts = web_page(url), words.split()
    if page is None or not parts:
        return None
    if len(parts) <= 2 * LINK_WORDS:
        fragment = _escape(" ".join(parts))
    else:
        fragment = f"{_escape(' '.join(parts[:LINK_WORDS]))},{_escape(' '.join(parts[-LINK_WORDS:]))}"
    return f"{page.split('#')[0]}#:~:text={fragment}"


def web_page(url: str | None) -> str | None:
    """The URL, made safe to print inside a link; None for anything but http and https (javascript:, data:, file:)."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return quote(parts.geturl(), safe="%/:?#[]@!$&()*+,;=~-._")


def _escape(words: str) -> str:
    """Percent-encoded for a text directive, where a dash, comma and ampersand have a meaning of their own."""
    return quote(words, safe="").replace("-", "%2D")
