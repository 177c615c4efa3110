"""Takes an article apart into a Document, every offset that of the raw text."""

import re
from functools import cache
from typing import TYPE_CHECKING

from olivebranch import settings
from olivebranch.records import Article, Document, Paragraph, Sentence

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PLAIN_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "\u00a0": " "})
"""One-for-one replacements made before parsing: the parser knows only plain marks, and offsets must not move."""


@cache
def load_language() -> "Language":
    """spaCy's English pipeline, loaded once."""
    import spacy

    return spacy.load(settings.SPACY_MODEL)


def make_document(article: Article) -> Document:
    """The document of an article: paragraphs, sentences, quotations and the parse."""
    paragraphs = tuple(
        Paragraph(index, (match.start(), match.end()))
        for index, match in enumerate(re.finditer(r"\S(?:.*\S)?", article.text))
    )
    parse = _parse(article.text, paragraphs)
    sentences = []
    for sent in parse.sents:
        words = [token for token in sent if not token.is_space]
        if not words:
            continue
        start, end = words[0].idx, words[-1].idx + len(words[-1])
        paragraph = next(p.index for p in paragraphs if p.span[0] <= start < p.span[1])
        sentences.append(Sentence(id=f"s{len(sentences) + 1}", span=(start, end), paragraph=paragraph))
    return Document(article, paragraphs, tuple(sentences), (), parse)


def _parse(text: str, paragraphs: tuple[Paragraph, ...]) -> "Doc":
    """One parse of the whole text, each paragraph (with the white space up to the next) parsed apart."""
    from spacy.tokens import Doc

    starts = [0, *(paragraph.span[0] for paragraph in paragraphs[1:]), len(text)]
    plain = text.translate(PLAIN_MARKS)
    nlp = load_language()
    pieces = list(nlp.pipe(plain[start:end] for start, end in zip(starts, starts[1:], strict=False)))
    return Doc.from_docs(pieces, ensure_whitespace=False) or Doc(nlp.vocab)
