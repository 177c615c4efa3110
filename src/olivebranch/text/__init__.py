"""Takes an `Article`, gives a `Document`: furniture aside, paragraphs, sentences, quotations, offsets kept."""

from olivebranch.text.document import make_document

__all__ = ["make_document"]
