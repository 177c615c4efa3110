"""Prints a brief in the terminal: sober, readable at 80 columns; story text never becomes markup."""

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from olivebranch.analysis.brief import Brief
from olivebranch.surfaces.layout import Block, Heading, Items, Paragraph, SourceList, Table, lay_out

COLUMN_WIDTH = 20
"""A table with less room than this for each of its columns is printed row by row."""
LABEL_WIDTH = 8
EMPTY = "–"


def print_brief(brief: Brief, console: Console) -> None:
    """Prints the brief on a console."""
    print_blocks(lay_out(brief), console)


def print_blocks(blocks: Iterable[Block], console: Console) -> None:
    """Prints headings, paragraphs, tables and lists one after another."""
    before: Block | None = None
    for block in blocks:
        if isinstance(block, Paragraph) and isinstance(before, Table | Items | SourceList):
            console.print()
        console.print(_render(block, console.width))
        before = block


def _render(block: Block, width: int) -> RenderableType:
    if isinstance(block, Heading):
        style = "bold" if block.level == 1 else "bold underline"
        return Padding(Text(block.text, style=style), (0 if block.level == 1 else 1, 0, 0, 0))
    if isinstance(block, Paragraph):
        below = 1 if block.is_strong else 0
        return Padding(Text(block.text, style="bold" if block.is_strong else ""), (0, 0, below, 0))
    if isinstance(block, Items):
        return Group(*(Padding(Text(f"• {line}"), (0, 0, 0, 1)) for line in block.lines))
    if isinstance(block, SourceList):
        return Group(*(_source(*line) for line in block.lines))
    needed = sum(COLUMN_WIDTH if header else LABEL_WIDTH for header in block.headers)
    return _table(block) if width >= needed else _stacked(block)


def _source(number: int, where: str, words: str, link: str | None) -> RenderableType:
    text = Text(f"[{number}] ", style="bold")
    text.append(f"{where}: ", style="dim")
    text.append(words, style=f"link {link}" if link else "")
    return text


def _table(block: Table) -> RichTable:
    table = RichTable(show_header=True, header_style="bold", box=None, pad_edge=False, padding=(0, 1), expand=True)
    for header in block.headers:
        if header:
            table.add_column(Text(header), overflow="fold", ratio=3 if header in {"what", "the words"} else 1)
        else:
            table.add_column("", overflow="fold", max_width=LABEL_WIDTH)
    for row in block.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _stacked(block: Table) -> RenderableType:
    """A wide table as a short paragraph for each row, its cells named, empty ones left out."""
    return Group(
        *(Padding(_stacked_row(block.headers, row), (1 if n else 0, 0, 0, 1)) for n, row in enumerate(block.rows))
    )


def _stacked_row(headers: tuple[str, ...], row: tuple[str, ...]) -> Text:
    text = Text()
    cells = [(header, cell) for header, cell in zip(headers, row, strict=True) if cell != EMPTY]
    for place, (header, cell) in enumerate(cells):
        if header == "":
            text.append(f"{cell}  ", style="bold")
        else:
            text.append(" · " if place and cells[place - 1][0] else "", style="dim")
            text.append(f"{header}: ", style="dim")
            text.append(cell)
    return text
