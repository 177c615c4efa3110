"""Takes an article apart into a Document, every offset that of the raw text."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from olivebranch import settings
from olivebranch.records import Article, Document, Paragraph, Sentence
from olivebranch.text.layout import lay_out, lay_out_loosely
from olivebranch.text.quotations import find_quotations
from olivebranch.text.sentences import find_cuts

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PLAIN_MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»＂", '"'),
        **dict.fromkeys("‘’‚‛‹›＇`", "'"),
        **dict.fromkeys("\u00a0\u2007\u202f\ufeff\u200b", " "),
    }
)
"""One-for-one replacements made before parsing: the parser knows only plain marks, and offsets must not move."""

_ODD = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Line ends inside a paragraph, control characters and half characters; the parser sees a space for each."""


_ENDLESS = re.compile(r"(\S{100})(\S{100,})")
"""A word no language has; the tokenizer's time grows with its square, so the parser sees its first 100 characters."""


@cache
def load_language() -> "Language":
    """spaCy's English pipeline, loaded once."""
    import spacy

    return spacy.load(settings.SPACY_MODEL)


def make_document(article: Article, *, is_story: bool = True) -> Document:
    """The document of an article: paragraphs, sentences, quotations and the parse.

    Where the text is no story but a sentence by itself, no line of it is taken for a headline or for furniture.
    No text raises; an empty one, or one that is all furniture, gives a document without sentences of its own.
    """
    paragraphs = lay_out(article.text, article.title) if is_story else lay_out_loosely(article.text)
    parse = _parse(article.text, paragraphs)
    sentences = tuple(_number_sentences(parse, paragraphs))
    return Document(article, paragraphs, sentences, find_quotations(article.text, paragraphs), parse)


def _number_sentences(parse: "Doc", paragraphs: tuple[Paragraph, ...]) -> Iterator[Sentence]:
    number = 0
    following = iter(paragraphs)
    paragraph = next(following, None)
    for sent in parse.sents:
        words = [token for token in sent if not token.is_space]
        if not words:
            continue
        start, end = words[0].idx, words[-1].idx + len(words[-1])
        while paragraph and paragraph.span[1] <= start:
            paragraph = next(following, None)
        if paragraph:
            number += 1
            yield Sentence(id=f"s{number}", span=(start, end), paragraph=paragraph.index, furniture=paragraph.furniture)


def _parse(text: str, paragraphs: tuple[Paragraph, ...]) -> "Doc":
    """One parse of the whole text, each paragraph (with what stands between it and the next blanked) parsed apart."""
    from spacy.tokens import Doc

    nlp = load_language()
    pieces = list(nlp.pipe(_iter_pieces(nlp, text, paragraphs)))
    return Doc.from_docs(pieces, ensure_whitespace=False) or Doc(nlp.vocab)


def _iter_pieces(nlp: "Language", text: str, paragraphs: tuple[Paragraph, ...]) -> Iterator["Doc"]:
    """The words of each paragraph, tokenized, its sentence starts fixed before the parser sees them."""
    plain = _ODD.sub(" ", text.translate(PLAIN_MARKS))
    plain = _ENDLESS.sub(lambda match: match[1] + " " * len(match[2]), plain)
    starts = [0, *(paragraph.span[0] for paragraph in paragraphs[1:]), len(text)]
    if not paragraphs:
        yield nlp.make_doc(" " * len(text))
    for number, paragraph in enumerate(paragraphs):
        before = " " * (paragraph.span[0] - starts[number])
        words = plain[paragraph.span[0] : paragraph.span[1]]
        piece = nlp.make_doc(before + words + " " * (starts[number + 1] - paragraph.span[1]))
        raw = text[paragraph.span[0] : paragraph.span[1]]
        _fix_starts(piece, raw if paragraph.furniture is None else "", len(before))
        yield piece


def _fix_starts(piece: "Doc", words: str, offset: int) -> None:
    """Sets every token to begin a sentence or not; the few that `find_cuts` leaves open are left to the parser."""
    cuts = {offset + start: verdict for start, verdict in find_cuts(words)}
    for token in piece[1:]:
        token.is_sent_start = cuts[token.idx] if token.idx in cuts and not token.is_space else False
