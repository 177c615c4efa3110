"""The documentation holds: all that a user can say is explained, made pages are fresh, links lead somewhere."""

import importlib
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
import typer

import olivebranch
from olivebranch import errors, settings
from olivebranch.records import Reading, Record
from olivebranch.surfaces.cli import app

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
SHOWN = [*PAGES, *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "NOTICE"))]
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|tmp|root|home|Users|opt|mnt)/|[A-Z]:\\|file://")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def name_page(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read_page(*parts: str) -> str:
    return DOCS.joinpath(*parts).read_text(encoding="utf-8")


def load_script(monkeypatch: pytest.MonkeyPatch, name: str) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module(name)


def iter_commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from iter_commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(iter_commands(typer.main.get_command(app), "olivebranch"))


def sections(page: str) -> dict[str, str]:
    """The text under each heading of any level, by the heading."""
    found: dict[str, str] = {}
    for part in re.split(r"^#+ ", page, flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        found[heading.strip()] = text
    return found


@pytest.mark.parametrize("path", COMMANDS)
def test_command_and_its_options_are_documented(path: str) -> None:
    text = sections(read_page("reference", "cli.md")).get(path)
    assert text, f"{path} has no section in docs/reference/cli.md"
    assert COMMANDS[path].help
    for parameter in COMMANDS[path].params:
        if parameter.name != "help" and parameter.param_type_name == "option":
            assert all(f"`{flag}`" in text for flag in parameter.opts)
            assert getattr(parameter, "help", None), f"{path} {parameter.opts} has no help"


@pytest.mark.parametrize("script", ["build_codebook_docs", "build_reference_docs", "draw_picture", "fill_docs"])
def test_made_pages_are_fresh(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    pages = load_script(monkeypatch, script).build_pages()
    stale = [name_page(path) for path, text in pages.items() if path.read_text(encoding="utf-8") != text]
    assert not stale, f"out of date: {', '.join(stale)}; run: python scripts/{script}.py"


CONSTANTS = {name: value for name, value in vars(settings).items() if name.isupper()}


@pytest.mark.parametrize("name", CONSTANTS)
def test_setting_is_documented_with_its_value(name: str) -> None:
    row = next((line for line in read_page("reference", "settings.md").splitlines() if f"| `{name}` |" in line), "")
    value = CONSTANTS[name]
    written = {
        str(value),
        f"{value:.2f}" if isinstance(value, float) else "",
        f"{value // 2**20} MiB" if value == 5 * 2**20 else "",
    }
    assert any(text and text in row.split("|")[2] for text in written), f"{name} = {value} is not in settings.md"


def environment_names() -> set[str]:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    return {f"OLIVEBRANCH_{name}" for name in re.findall(r"env_\w+\(\"([A-Z_]+)\"", source)} | set(
        re.findall(r"OLIVEBRANCH_[A-Z]+(?:_[A-Z]+)*", source)
    )


def test_every_variable_is_documented() -> None:
    names = environment_names()
    assert "OLIVEBRANCH_LEDGER" in names
    page = read_page("reference", "settings.md")
    assert not [name for name in names if f"`{name}`" not in page]


def test_every_public_name_is_documented() -> None:
    headings = {heading.replace("\\", "") for heading in sections(read_page("reference", "python.md"))}
    assert set(olivebranch.__all__) <= headings


ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_error_is_documented_with_code_and_exit_code(kind: type[errors.OlivebranchError]) -> None:
    error = kind("words")
    lines = read_page("reference", "errors.md").splitlines()
    row = next((line for line in lines if f"| `{kind.__name__}` | `{error.code}` |" in line), "")
    assert str(error.exit_code) in row.split("|")[-2]


def reading_records() -> list[type[Record]]:
    found: list[type[Record]] = [Reading]
    for record in found:
        for field in record.model_fields.values():
            found += [part for part in parts_of(field.annotation) if is_record(part) and part not in found]
    return found


def parts_of(hint: Any) -> list[Any]:
    return [hint, *(part for inner in get_args(hint) for part in parts_of(inner))]


def is_record(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, Record)


@pytest.mark.parametrize("record", reading_records(), ids=lambda record: record.__name__)
def test_every_field_of_a_reading_is_explained(record: type[Record]) -> None:
    rows = sections(read_page("reference", "reading-json.md"))[record.__name__]
    names = [field.alias or name for name, field in record.model_fields.items()]
    assert not [name for name in names if f"`{name}`" not in rows]
    for field in record.model_fields.values():
        literals = [value for part in parts_of(field.annotation) for value in get_args(part) if isinstance(value, str)]
        if len(literals) <= 10:
            assert not [value for value in literals if f"`{value}`" not in read_page("reference", "reading-json.md")]


def test_changelog_is_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changelog, re.MULTILINE)[0] == olivebranch.__version__


def anchors_of(path: Path) -> set[str]:
    """The anchors of a page's headings, named ones and those made of their words."""
    found = set()
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        named = re.search(r"\{ #([\w-]+) \}", heading)
        words = re.sub(r"[^\w\s-]", "", heading.lower()).strip()
        found.add(named[1] if named else re.sub(r"[\s-]+", "-", words))
    return found


@pytest.mark.parametrize("path", SHOWN, ids=name_page)
def test_links_lead_somewhere(path: Path) -> None:
    for link in LINK.findall(re.sub(r"`[^`]*`", "", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        page = (path.parent / target).resolve() if target else path
        assert page.exists(), f"{link} leads nowhere"
        assert DOCS in page.parents or DOCS not in path.parents, f"{link} leads out of the site"
        if anchor:
            assert anchor in anchors_of(page), f"{link}: no such heading"


@pytest.mark.parametrize("path", SHOWN, ids=name_page)
def test_page_holds_no_path_of_a_machine(path: Path) -> None:
    assert not MACHINE_PATHS.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PAGES, ids=name_page)
def test_lists_are_parted_from_what_stands_above(path: Path) -> None:
    """Without an empty line the site prints a list as one paragraph."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert not re.search(r"^(?!- |  |\d+\. )\S.*\n(?:- |1\. )", text, re.MULTILINE)


def nav_pages(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        for value in entry.values() if isinstance(entry, dict) else [entry]:
            if isinstance(value, str):
                yield value
            else:
                yield from nav_pages(value)


def test_every_page_is_in_the_navigation() -> None:
    config = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))
    assert sorted(nav_pages(config["project"]["nav"])) == sorted(path.relative_to(DOCS).as_posix() for path in PAGES)


def test_every_decision_is_dated_and_listed() -> None:
    pages = [path for path in (DOCS / "decisions").glob("*.md") if path.name != "index.md"]
    listed = read_page("decisions", "index.md")
    assert pages
    for path in pages:
        assert re.match(r"\d{4}-\d\d-\d\d-", path.name)
        assert path.name in listed


def test_no_page_claims_to_know_sincerity() -> None:
    """We say "followed by deeds"; sincerity is only ever named as what is not known."""
    for path in SHOWN:
        for line in re.split(r"(?<=[.!?])\s", path.read_text(encoding="utf-8")):
            if re.search(r"\bsincer", line, re.IGNORECASE):
                assert re.search(r"\b(?:not?|never|nobody|nothing|whether)\b", line, re.IGNORECASE), line


def test_shown_output_was_made_by_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block of output cannot stay empty, but where a tool that it needs is not installed."""
    block = load_script(monkeypatch, "fill_docs").BLOCK
    empty = [
        match["command"]
        for path in (ROOT / "README.md", *PAGES)
        for match in block.finditer(path.read_text(encoding="utf-8"))
        if not match["body"].strip() and (shutil.which("jq") or "jq" not in match["command"])
    ]
    assert not empty
