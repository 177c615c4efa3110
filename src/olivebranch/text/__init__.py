"""Takes an `Article`, gives a `Document`: furniture set aside, paragraphs, sentences, quotations, offsets of the raw text."""

from olivebranch.text.document import make_document

__all__ = ["make_document"]
