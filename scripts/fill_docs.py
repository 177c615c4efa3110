"""Runs every command that README.md and docs/ show, and puts its real output below it.

A block is a comment and a fence. `show` names the parts of a brief to keep ("top" is all before the first part),
`lines` how many lines of each; what is left out is marked with "…":

    <!-- run: olivebranch brief story.txt
         show: top / The words
         lines: 12 -->
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
    r"<!-- run: (?P<command>.+?)(?:\n +show: (?P<show>.+?))?(?:\n +lines: (?P<lines>\d+))? -->"
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
    tools = {part.split()[0] for part in re.split(r"\||&&", command) if part.strip()}
    if not all(shutil.which(tool, path=_path()) for tool in tools):
        return block[0]
    output = _run(command, folder)
    if block["show"]:
        output = keep_parts(output, [part.strip() for part in block["show"].split("/")], int(block["lines"] or 999))
    elif block["lines"]:
        output = _cut(output.splitlines(), int(block["lines"]))
    opening = block[0][: block.start("body") - block.start()]
    return f"{opening}{output.rstrip()}\n```"


def _path() -> str:
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def _run(command: str, folder: Path) -> str:
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


def keep_parts(output: str, names: list[str], most: int) -> str:
    """The named parts of a brief, each cut at `most` lines, "…" where something is left out."""
    parts: dict[str, list[str]] = {"top": []}
    current = "top"
    for line in output.splitlines():
        if line.strip() in HEADINGS:
            current = line.strip()
        parts.setdefault(current, []).append(line)
    missing = [name for name in names if name not in parts]
    if missing:
        raise SystemExit(f"the brief has no part {', '.join(missing)}; it has {', '.join(parts)}")
    order = list(parts)
    pieces = []
    for place, name in enumerate(names):
        is_gap = place > 0 and order.index(name) != order.index(names[place - 1]) + 1
        pieces.append(("…\n\n" if is_gap else "") + _cut(parts[name], most))
    tail = "" if names[-1] == order[-1] else "\n\n…"
    return "\n\n".join(pieces) + tail


def _cut(lines: list[str], most: int) -> str:
    kept = "\n".join(lines[:most]).strip("\n")
    return kept if len(lines) <= most else f"{kept}\n…"


if __name__ == "__main__":
    sys.exit(run_builder(build_pages, "fill_docs.py", (__doc__ or "").splitlines()[0]))
