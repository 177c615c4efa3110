"""Builds every made page of the documentation: tables, reference, picture, and the output that pages show."""

import sys
from pathlib import Path

import build_codebook_docs
import build_reference_docs
import draw_coverage
import draw_picture
import fill_docs
from docs_pages import Pages, run_builder


def build_pages() -> Pages:
    """All made pages; output is filled last, into pages as the others leave them."""
    pages: dict[Path, str] = {}
    for builder in (build_codebook_docs, build_reference_docs, draw_coverage, draw_picture):
        pages |= builder.build_pages()
    filled = {path: fill_docs.fill_page(text) for path, text in pages.items() if fill_docs.BLOCK.search(text)}
    return pages | {path: text for path, text in fill_docs.build_pages().items() if path not in pages} | filled


if __name__ == "__main__":
    sys.exit(run_builder(build_pages, "build_docs.py", __doc__ or ""))
