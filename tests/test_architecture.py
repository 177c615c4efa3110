"""The house rules that a tool can hold: data flows down the rooms, files and functions stay short, nothing is downloaded."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "olivebranch"
SHARED = {"records", "errors", "settings", "__init__", "__main__"}
ROOMS = ["codebook", "intake", "text", "extraction", "ledger", "analysis", "surfaces"]
"""Top to bottom: a room imports the rooms above it and the shared files."""
JOINS = {"pipeline", "archive_import", "corpus_runs", "workers"}
"""The files that join rooms: the reader's, that of event archives (which must not load the reader), whole corpora's."""
LEDGER_SEES = {"codebook", "ledger"}
"""The ledger knows records and codes, never how they were read."""
FILES = sorted(SOURCE.rglob("*.py"))
MAX_MODULE, MAX_FUNCTION = 500, 80


def imports_of(path: Path) -> Iterator[str]:
    """Every module of ours that a file imports, lazily and under TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def room_of(module: str) -> str | None:
    """The room (or shared file) of a module of ours; None for the package itself and others."""
    parts = module.split(".")
    return parts[1] if parts[0] == "olivebranch" and len(parts) > 1 else None


def function_lengths() -> list[tuple[int, str]]:
    """The lines of every function less its docstring, with where it is."""
    found = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if ast.get_docstring(node):
                    first = node.body[0]
                    lines -= (first.end_lineno or first.lineno) - first.lineno + 1
                found.append((lines, f"{path.relative_to(SOURCE)}:{node.name}"))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_room_imports_only_rooms_above_it(path: Path) -> None:
    here = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    seen = {room for module in imports_of(path) if (room := room_of(module))}
    seen -= SHARED | {"read", "brief", "__version__"}
    if here in JOINS:
        allowed = (set(ROOMS) | JOINS) - {"surfaces"}
    elif here in SHARED:
        allowed = {"surfaces"} if here in {"__init__", "__main__"} else set()
    elif here == "ledger":
        allowed = LEDGER_SEES
    else:
        allowed = set(ROOMS[: ROOMS.index(here) + 1]) | (JOINS if here == "surfaces" else set())
    assert seen <= allowed, f"{here} imports {sorted(seen - allowed)}"


def test_every_room_says_what_it_takes_gives_and_never_does() -> None:
    for room in ROOMS:
        docstring = ast.get_docstring(ast.parse((SOURCE / room / "__init__.py").read_text(encoding="utf-8")))
        assert docstring, room
        assert docstring.lower().startswith(("takes", "code tables")), docstring


def test_modules_are_short_and_open_with_a_docstring() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= MAX_MODULE, path
        assert ast.get_docstring(ast.parse(text)), path


def test_functions_are_short() -> None:
    lengths = sorted(function_lengths())
    assert lengths[-1][0] <= MAX_FUNCTION, lengths[-1]
    assert median(lines for lines, _ in lengths) <= 10
    assert lengths[int(len(lengths) * 0.9)][0] <= 35


def test_no_leftover_modules() -> None:
    assert not [path for path in FILES if path.stem in {"utils", "helpers", "common", "misc"}]


def test_the_core_prints_nothing_and_fetches_nothing() -> None:
    network = {"requests", "urllib.request", "httpx", "aiohttp", "socket", "urllib3", "http.client"}
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = set(imports_of(path)) | {module.rpartition(".")[0] for module in imports_of(path)}
        assert not modules & network, path
        calls = [n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
        assert "print" not in calls, path


def test_no_path_of_a_machine_and_no_address_of_a_registry() -> None:
    root = SOURCE.parents[1]
    bad = re.compile(r"/work/|/root/|/home/\w+/|/tmp/\w")
    places = [*FILES, *root.glob("*.md"), *root.glob("docs/**/*.md"), root / "Makefile", root / "pyproject.toml"]
    assert not [path for path in places if bad.search(path.read_text(encoding="utf-8"))]
