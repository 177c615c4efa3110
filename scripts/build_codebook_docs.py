"""Builds the pages of docs/codebook/ from the code tables, their schemas and their notes, so that none goes stale."""

import inspect
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

from docs_pages import DOCS, ROOT, Pages, run_builder, table

from olivebranch.codebook import load_table
from olivebranch.codebook.tables import TABLES

DATA = ROOT / "src" / "olivebranch" / "codebook" / "data"
SOURCE = "<!-- Made by scripts/build_codebook_docs.py from the tables; edit those, not this page. -->"

CODING = ("plover_types", "plover_modes", "plover_contexts", "cameo", "sectors", "overture_acts")
WORLD = (
    "countries", "organisations", "memberships", "offices", "people", "holders", "metonyms", "places",
    "decision_rules", "dated_occasions",
)  # fmt: skip
WORDS = tuple(sorted(set(TABLES) - set(CODING) - set(WORLD)))

PAGES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "acts.md": ("Acts", "What an act is called and what it weighs, and what would keep an offer of it.", CODING),
    "world.md": ("Who is who", "States, bodies, offices and who held them, on which day.", WORLD),
    "words.md": ("Words", "The words and patterns by which the rules read a story.", WORDS),
}

SHOWN: dict[str, tuple[str, ...]] = {
    "overture_acts": ("family", "kind", "cameo", "window_days", "example"),
    "plover_contexts": ("context", "definition"),
    "plover_types": ("type", "is_deed", "is_cooperative", "score", "definition", "note"),
    "sectors": ("code", "name", "is_state"),
}
"""Tables small enough to be shown whole, and the columns shown."""


def build_pages() -> Pages:
    """The three pages of tables and the overview of all of them."""
    pages = {DOCS / "codebook" / name: _page(*page) for name, page in PAGES.items()}
    return pages | {DOCS / "codebook" / "tables.md": _overview()}


def _overview() -> str:
    rows = [
        (f"[`{name}`]({page}#{name})", _purpose(name), _size(name), "yes" if _notes(name) else "–")
        for page, (_, _, names) in PAGES.items()
        for name in sorted(names)
    ]
    shown = table(("table", "one row is", "rows", "notes on completeness"), rows)
    what = f"{len(rows)} tables, each a CSV file in `src/olivebranch/codebook/data/`."
    return f"{SOURCE}\n\n# All tables\n\n{what}\n\n{shown}\n"


def _page(title: str, what: str, names: tuple[str, ...]) -> str:
    parts = [SOURCE, f"# {title}", what, *(_section(name) for name in names)]
    return "\n\n".join(parts) + "\n"


def _section(name: str) -> str:
    parts = [
        f"## `{name}` {{ #{name} }}",
        _docstring(name),
        f"{_size(name).capitalize()} rows. Columns:",
        _columns(name),
    ]
    if name in SHOWN:
        parts.append(_whole(name))
    elif hasattr(load_table(name)[0], "use"):
        parts.append("Uses: " + ", ".join(f"`{row.use}`" for row in load_table(name)) + ".")
    elif example := _example(name):
        parts.append(f"An example from the table: “{example}”")
    if notes := _notes(name):
        parts.append(notes)
    return "\n\n".join(parts)


def _docstring(name: str) -> str:
    return inspect.cleandoc(TABLES[name].__doc__ or "")


def _purpose(name: str) -> str:
    return _docstring(name).split("\n\n")[0].replace("\n", " ")


def _size(name: str) -> str:
    """The number of rows in round words, so that a row more or less does not change the page."""
    count = len(load_table(name))
    if name in SHOWN:
        return str(count)
    step = 10 ** (len(str(count)) - 1)
    return f"over {count // step * step:,}" if count > step and count >= 100 else f"about {max(10, round(count, -1))}"


def _columns(name: str) -> str:
    hints = get_type_hints(TABLES[name])
    return ", ".join(f"`{field.name}` ({_kind(hints[field.name])})" for field in fields(TABLES[name])) + "."


def _kind(hint: Any) -> str:
    text = hint.__name__ if isinstance(hint, type) and hint is not tuple else str(hint)
    words = {"str": "text", "int": "number", "float": "number", "bool": "yes or no"}
    if "tuple" in text:
        return "list"
    if "Literal" in text:
        names = text.split("Literal[", 1)[1].split("]", 1)[0].replace("'", "")
        return f"one of {names}"
    base = text.replace(" | None", "")
    return words.get(base, base) + (", may be empty" if "None" in text else "")


def _whole(name: str) -> str:
    columns = SHOWN[name]
    rows = [tuple(_cell(getattr(row, column)) for column in columns) for row in load_table(name)]
    return table(columns, rows)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "–"
    return "–" if value is None else str(value)


def _example(name: str) -> str | None:
    row = load_table(name)[0]
    example = getattr(row, "example", None)
    return " ".join(example.split()) if example else None


def _notes(name: str) -> str | None:
    """The table's own notes, their title left out and their headings lowered."""
    path: Path = DATA / f"{name}.md"
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8").strip().splitlines()[1:]
    lowered = [f"##{line}" if line.startswith("##") else line for line in lines]
    return "\n".join(_part_lists(lowered)).strip()


def _part_lists(lines: list[str]) -> Iterator[str]:
    """Markdown of the site wants an empty line before a list; the notes need none where they are read as files."""
    before = ""
    for line in lines:
        if line.startswith("- ") and before and not before.startswith(("- ", "  ")):
            yield ""
        yield line
        before = line


if __name__ == "__main__":
    sys.exit(run_builder(build_pages, "build_codebook_docs.py", __doc__ or ""))
