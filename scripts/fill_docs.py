"""Runs every command that README.md and docs/ show, and puts its real output below it.

A block is a comment and a fence. `show` names the parts of a brief to keep ("top" is all before the first part),
`lines` how many lines of each (the last number holds for the rest); what is left out is marked with "…". A fence of the
kind `console` shows the command too:

    <!-- run: olivebranch brief story.txt
         show: top / The words
         lines: 12, 6 -->
    ```text
    ```
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from docs_pages import DOCS, ROOT, Pages, run_builder

BLOCK = re.compile(
    r"<!-- run: (?P<command>.+?)(?:\n +show: (?P<show>.+?))?(?:\n +lines: (?P<lines>[\d, ]+))? -->"
    r"\n+```(?P<kind>\w+)\n(?P<body>.*?)```",
    re.DOTALL,
)
HEADINGS = (
    "What would count, fixed now", "The words", "The deeds", "The record", "Who must agree", "What experts say",
    "What to watch", "Not known, not seen", "Sources",
)  # fmt: skip
CLOCK = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?")
"""A moment of writing differs at every run; a fixed one is printed."""


def build_pages() -> Pages:
    """Every page that shows output, its blocks filled anew."""
    paths = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
    texts = {path: path.read_text(encoding="utf-8") for path in paths if path.exists()}
    return {path: fill_page(text) for path, text in texts.items() if BLOCK.search(text)}


def fill_page(text: str) -> str:
    """A page with the output of its commands, run one after the other in one empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(ROOT / "examples")
        return BLOCK.sub(lambda block: _fill(block, Path(folder)), text)


def _fill(block: re.Match[str], folder: Path) -> str:
    command = " ".join(block["command"].split())
    if re.search(r"\bjq\b", command) and not shutil.which("jq"):
        return block[0]
    output = _run(command, folder)
    most = [int(number) for number in (block["lines"] or "999").split(",")]
    if block["show"]:
        output = keep_parts(output, [part.strip() for part in block["show"].split("/")], most)
    else:
        output = _cut(output.splitlines(), most[0])
    opening = block[0][: block.start("body") - block.start()]
    if block["kind"] == "console":
        opening += f"$ {command}\n"
    return f"{opening}{output.rstrip()}\n```"


def _path() -> str:
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def _run(command: str, folder: Path) -> str:
    """What a command prints; one that writes nothing is run once, however often pages show it."""
    if "olivebranch ledger" in command or ">" in command:
        return _run_in(folder, command)
    if command not in _printed:
        _printed[command] = _run_in(folder, command)
    return _printed[command]


_printed: dict[str, str] = {}


def _run_in(folder: Path, command: str) -> str:
    environment = os.environ | {
        "PATH": _path(), "COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8",
        "OLIVEBRANCH_LEDGER": str(folder / "ledger.duckdb"),
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    if "Traceback" in done.stderr:
        raise SystemExit(f"{command}\n{done.stderr}")
    text = CLOCK.sub("2026-01-15 12:00:00", done.stdout + done.stderr)
    return "\n".join(line.rstrip() for line in text.splitlines())


def keep_parts(output: str, names: list[str], most: list[int]) -> str:
    """The named parts of a brief, each cut at its number of lines, "…" where something is left out."""
    parts: dict[str, list[str]] = {"top": []}
    current = "top"
    for line in output.splitlines():
        if line.strip() in HEADINGS:
            current = line.strip()
        parts.setdefault(current, []).append(line)
    missing = [name for name in names if name not in parts]
    if missing:
        raise SystemExit(f"the brief has no part {', '.join(missing)}; it has {', '.join(parts)}")
    order, pieces = list(parts), []
    for place, name in enumerate(names):
        piece = _cut(parts[name], most[min(place, len(most) - 1)])
        follows = order[order.index(name) + 1 : order.index(name) + 2]
        is_whole = not follows or follows == names[place + 1 : place + 2]
        pieces.append(piece if is_whole or piece.endswith("…") else f"{piece}\n…")
    return "\n\n".join(pieces)


def _cut(lines: list[str], most: int) -> str:
    kept = "\n".join(lines[:most]).strip("\n")
    return kept if len(lines) <= most else f"{kept}\n…"


if __name__ == "__main__":
    sys.exit(run_builder(build_pages, "fill_docs.py", (__doc__ or "").splitlines()[0]))
