"""Writes a brief as Markdown for a mail: story text is escaped, so that it stays what it was."""

import re

from olivebranch.analysis.brief import Brief
from olivebranch.surfaces.layout import Block, Heading, Items, Paragraph, SourceList, Table, lay_out

SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&!@]|:(?=//)|(?<=www)\.|^[-+=](?=\s|$)")
"""Marks that Markdown would act on: everywhere, in what is taken for a bare link, and where a line begins."""
NUMBERED = re.compile(r"^(\d+)([.)])")
"""A line that Markdown would take for an item of a numbered list."""


def write_markdown(brief: Brief) -> str:
    """The whole brief as one Markdown text."""
    return "\n\n".join(_render(block) for block in lay_out(brief)) + "\n"


def _render(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_escape(block.text)}"
    if isinstance(block, Paragraph):
        return f"**{_escape(block.text)}**" if block.is_strong else _escape(block.text)
    if isinstance(block, Items):
        return "\n".join(f"- {_escape(line)}" for line in block.lines)
    if isinstance(block, SourceList):
        return "\n".join(_source(*line) for line in block.lines)
    return _table(block)


def _table(block: Table) -> str:
    head = "| " + " | ".join(_escape(header) for header in block.headers) + " |"
    rule = "|" + "---|" * len(block.headers)
    return "\n".join([head, rule, *("| " + " | ".join(_escape(cell) for cell in row) + " |" for row in block.rows)])


def _source(number: int, where: str, words: str, link: str | None) -> str:
    words = _escape(words)
    return f"- \\[{number}\\] {_escape(where)}: " + (f"[{words}](<{link}>)" if link else words)


def _escape(text: str) -> str:
    return NUMBERED.sub(r"\1\\\2", SPECIAL.sub(r"\\\g<0>", text))
