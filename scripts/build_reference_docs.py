"""Builds what follows the code in docs/: the command line, the brief's JSON, tables of floors and chronologies."""

import csv
import inspect
import json
import sys
from collections import Counter
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, get_args

import typer
from docs_pages import DOCS, ROOT, Pages, run_builder, table

from olivebranch.analysis.brief import Brief
from olivebranch.analysis.naming import name_code
from olivebranch.ledger import read_chronology
from olivebranch.pipeline import bundled_chronologies
from olivebranch.records import Record
from olivebranch.surfaces.cli import app

SOURCE = "<!-- Made by scripts/build_reference_docs.py; edit the code that it describes, not this page. -->"

MEANINGS = ROOT / "scripts" / "brief_fields.csv"

CLI_OPENING = """# The command line

Every command has `--help`. Results go to standard output, messages to standard error; [errors and exit
codes](errors.md) are a page of their own. Days are written `2014-09-29`, dyads `RUS:USA` (whose acts, towards whom)."""

BRIEF_OPENING = """# A brief as JSON

`olivebranch brief STORY --format json` (or `--json`) prints the brief as one object; `olivebranch schema brief` prints
its JSON Schema. What the parts mean is told in [how a brief is made](../brief.md). `cites` are numbers of `sources`,
the sentences that a row rests on. Whatever is not known is `null`."""


def build_pages() -> Pages:
    """The two pages, and two others with the tables in them as they are now."""
    return {
        DOCS / "evaluation.md": _with_block(DOCS / "evaluation.md", "floors", _floors()),
        DOCS / "brief.md": _with_block(DOCS / "brief.md", "chronologies", _chronologies()),
        DOCS / "reference" / "cli.md": _cli_page(),
        DOCS / "reference" / "brief-json.md": _brief_page(),
    }


def _with_block(path: Path, name: str, block: str) -> str:
    """The page with what stands between its two comments of that name made anew."""
    opening, _, rest = path.read_text(encoding="utf-8").partition(f"<!-- {name} -->")
    ending = rest.partition(f"<!-- /{name} -->")[2]
    return f"{opening}<!-- {name} -->\n{block}\n<!-- /{name} -->{ending}"


def _chronologies() -> str:
    rows = []
    for folder in bundled_chronologies():
        chronology = read_chronology(folder)
        days = sorted(fact.happened_from for fact in chronology.facts if fact.happened_from)
        powers = Counter(code for fact in chronology.facts for code in {*fact.actors, *fact.recipients})
        named = ", ".join(name_code(code) for code, _ in powers.most_common(5))
        counts = (str(len(chronology.facts)), str(len(chronology.overtures)))
        rows.append((f"`{chronology.name}`", f"{days[0].year} to {days[-1].year}", *counts, named))
    return table(("chronology", "years", "facts", "overtures", "mostly between"), rows)


def _floors() -> str:
    floors = json.loads((ROOT / "evals" / "floors.json").read_text(encoding="utf-8"))["floors"]
    own, held_back = floors["own"], floors["held_back"]
    if not own and not held_back:
        return "No floors are set yet."
    layers = [*own, *(layer for layer in held_back if layer not in own)]
    rows = [(f"`{layer}`", _score(own.get(layer)), _score(held_back.get(layer))) for layer in layers]
    return table(("layer", "floor, open half", "floor, held-back half"), rows)


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _cli_page() -> str:
    group = typer.main.get_command(app)
    parts = [SOURCE, CLI_OPENING, *_global_options(group), *_commands(group, "olivebranch")]
    return "\n\n".join(parts) + "\n"


def _global_options(group: Any) -> list[str]:
    return ["## olivebranch", inspect.cleandoc(group.help or ""), _parameters(group)]


def _commands(group: Any, path: str) -> list[str]:
    parts: list[str] = []
    for name, command in sorted(group.commands.items()):
        if getattr(command, "commands", None):
            parts += [f"## {path} {name}", inspect.cleandoc(command.help or ""), *_commands(command, f"{path} {name}")]
        else:
            parts += _command(command, f"{path} {name}")
    return parts


def _command(command: Any, path: str) -> list[str]:
    what, _, example = inspect.cleandoc(command.help or "").partition("Example:")
    parts = [f"{'##' if path.count(' ') == 1 else '###'} {path}", what.strip()]
    if example:
        parts.append(f"```console\n$ {example.strip()}\n```")
    return [*parts, _parameters(command)]


def _parameters(command: Any) -> str:
    rows = []
    for parameter in command.params:
        if parameter.name == "help":
            continue
        is_option = parameter.param_type_name == "option"
        flags = ", ".join(f"`{flag}`" for flag in parameter.opts) if is_option else f"`{_argument(parameter)}`"
        rows.append((flags, "" if not is_option else _takes(parameter), (getattr(parameter, "help", "") or "").strip()))
    return table(("", "takes", "what it does"), rows) if rows else ""


def _argument(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _takes(parameter: Any) -> str:
    """What an option's value looks like; nothing for a switch."""
    kind, default = parameter.type_descriptor.annotation, parameter.default
    if kind is bool:
        return ""
    if issubclass(kind, Enum):
        return ", ".join(f"`{one.value}`" for one in kind) + f"; else `{default.value}`"
    words = {datetime: "a day", int: "a number"}.get(kind, "text")
    return ("needed; " if parameter.required else "") + words + (f"; else `{default}`" if default is not None else "")


def _brief_page() -> str:
    parts = [SOURCE, BRIEF_OPENING]
    for record in _records(Brief):
        fields = record.model_fields.items()
        rows = [_field_row(record.__name__, field.alias or name, field.annotation) for name, field in fields]
        parts += [
            f"## {record.__name__}",
            inspect.cleandoc(record.__doc__ or ""),
            table(("field", "value", "meaning"), rows),
        ]
    return "\n\n".join(parts) + "\n"


def _field_row(record: str, name: str, hint: Any) -> tuple[str, ...]:
    meaning = _meanings().get((record, name)) or _meanings().get(("*", name))
    if meaning is None:
        raise SystemExit(f"{MEANINGS.name} lacks a meaning for {record}, {name}")
    return (f"`{name}`", _type_words(hint), meaning)


@cache
def _meanings() -> dict[tuple[str, str], str]:
    """What the brief's fields mean; the record "*" is for a field that means the same in all."""
    with MEANINGS.open(encoding="utf-8", newline="") as file:
        return {(row["record"], row["field"]): row["meaning"] for row in csv.DictReader(file)}


def _records(root: type[Record]) -> list[type[Record]]:
    """The brief and the rows in it, in the order of its fields."""
    found: list[type[Record]] = [root]
    for record in found:
        for field in record.model_fields.values():
            found += [part for part in _parts(field.annotation) if _is_record(part) and part not in found]
    return found


def _is_record(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, Record)


def _parts(hint: Any) -> list[Any]:
    return [hint, *(part for inner in get_args(hint) for part in _parts(inner))]


def _type_words(hint: Any) -> str:
    """A type in plain words: "list of text", "a day, or null"."""
    arguments = get_args(hint)
    text = str(hint)
    if type(None) in arguments:
        return f"{_type_words(next(part for part in arguments if part is not type(None)))}, or null"
    if text.startswith("typing.Literal"):
        return ", ".join(f"`{name}`" for name in arguments)
    if text.startswith("tuple"):
        return f"list of {_type_words(arguments[0])}"
    if text.startswith("dict"):
        return "object of numbers by name"
    if _is_record(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return {"str": "text", "int": "number", "float": "number", "bool": "true or false", "date": "a day"}[hint.__name__]


if __name__ == "__main__":
    sys.exit(run_builder(build_pages, "build_reference_docs.py", __doc__ or ""))
