"""Writes a brief as one HTML page that needs nothing else: to read, to print, to send; story text is escaped."""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, Template
from markupsafe import Markup, escape

from olivebranch import __version__
from olivebranch.analysis.brief import Brief
from olivebranch.surfaces.layout import Block, SourceList, Table, lay_out

CITES = re.compile(r"\[(\d+(?:, \d+)*)\]")


def write_html(brief: Brief) -> str:
    """The whole brief as a self-contained page; each citation leads to its sentence below."""
    numbers = {line.number for line in brief.sources}
    blocks = [_with_links(block, numbers) for block in lay_out(brief)]
    return _template().render(title=brief.question, blocks=blocks, version=__version__)


@cache
def _template() -> Template:
    environment = Environment(loader=PackageLoader("olivebranch.surfaces"), autoescape=True, trim_blocks=True)
    return environment.get_template("brief.html.jinja")


def _with_links(block: Block, numbers: set[int]) -> dict[str, object]:
    fields: dict[str, object] = {name: getattr(block, name) for name in block.__slots__}
    fields["kind"] = type(block).__name__
    if isinstance(block, Table):
        fields["rows"] = [[_link(cell, numbers) for cell in row] for row in block.rows]
    elif "lines" in fields and not isinstance(block, SourceList):
        fields["lines"] = [_link(line, numbers) for line in fields["lines"]]  # type: ignore[attr-defined]
    elif "text" in fields:
        fields["text"] = _link(str(fields["text"]), numbers)
    return fields


def _link(text: str, numbers: set[int]) -> Markup:
    """Escaped text whose last citation is a link; brackets inside the story's words stay words."""
    found = list(CITES.finditer(text))
    if not found or found[-1].end() != len(text.rstrip(".")):
        return escape(text)
    last = found[-1]
    cited = [int(number) for number in last[1].split(", ")]
    if not set(cited) <= numbers:
        return escape(text)
    links = Markup(", ").join(Markup('<a class="cite" href="#s{0}">{0}</a>').format(number) for number in cited)
    return escape(text[: last.start()]) + Markup("[") + links + Markup("]") + escape(text[last.end() :])
