"""Measures on texts marked by hand whether named officials get the right office and country of their day.

The marks (`evals/officials/*.jsonl`) hold where a name stands in a text of the data folder and what is right of it,
and never the text. Without that folder there is nothing to measure and the script says so.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.codebook.names import fold_name
from olivebranch.extraction.actors import find_actors
from olivebranch.records import ActorMention, Article
from olivebranch.text import make_document

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
MARKS = ROOT / "evals" / "officials"
LONG, READ_ON = 6000, 1500
"""A text of more than LONG letters is read to the end of the line READ_ON letters past its last mark."""

PAST = re.compile(r"(?:former|then|late|ex) ")


@dataclass(frozen=True, slots=True)
class Mark:
    """A name in a text from `start`; any of `country` and of `office` is right, an empty office where none is held."""

    document: str
    on: str
    start: int
    name: str
    country: tuple[str, ...]
    office: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the reader said of a mark, and whether it was right."""

    mark: Mark
    said: ActorMention | None
    is_country: bool
    is_office: bool


def read_marks(path: Path) -> list[Mark]:
    """The marks of one file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Mark(**row | {"country": tuple(row["country"]), "office": tuple(row["office"])}) for row in rows]


def judge_marks(marks: list[Mark], data: Path, codebook: Codebook) -> list[Verdict]:
    """A verdict on every mark, document by document."""
    by_document: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_document[mark.document].append(mark)
    return [verdict for name, own in by_document.items() for verdict in _judge_document(name, own, data, codebook)]


def _judge_document(name: str, marks: list[Mark], data: Path, codebook: Codebook) -> list[Verdict]:
    text = _cut_text(_read_text(data, name), max(mark.start for mark in marks))
    document = make_document(Article(id="marked", text=text, sha256=sha256(text.encode()).hexdigest()))
    actors = find_actors(document, codebook, date.fromisoformat(marks[0].on))
    return [_judge(mark, _actor_at(actors, mark), codebook) for mark in marks]


def _read_text(data: Path, name: str) -> str:
    file, _, item = name.partition("#")
    if not item:
        return (data / file).read_text(encoding="utf-8")
    return next(str(row["description"]) for row in _read_items(data / file) if row["id"] == item)


@cache
def _read_items(path: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _cut_text(text: str, last: int) -> str:
    end = text.find("\n", last + READ_ON) if len(text) > LONG else -1
    return text if end < 0 else text[:end]


def _actor_at(actors: tuple[ActorMention, ...], mark: Mark) -> ActorMention | None:
    """The person at a mark, else whatever actor is there."""
    end = mark.start + len(mark.name)
    there = [actor for actor in actors if actor.span[0] < end and mark.start < actor.span[1]]
    return min(there, key=lambda actor: actor.kind != "person", default=None)


def _judge(mark: Mark, said: ActorMention | None, codebook: Codebook) -> Verdict:
    is_country = said is not None and said.country in mark.country
    return Verdict(mark, said, is_country, said is not None and _is_office(mark, said.office or "", codebook))


def _is_office(mark: Mark, said: str, codebook: Codebook) -> bool:
    """Whether an office is one of those marked, in its words or as another title of it; past where that is past."""
    said = fold_name(said)
    past, held = bool(PAST.match(said)), PAST.sub("", said)
    for office in map(fold_name, mark.office):
        if not office and (past or not held):
            return True
        core = office.removeprefix("former ")
        if office and past == (core != office) and (_names_same(held, core, mark, codebook)):
            return True
    return False


def _names_same(held: str, core: str, mark: Mark, codebook: Codebook) -> bool:
    if held == core or held.startswith((f"{core} of ", f"{core} for ")):
        return True
    offices = (codebook.office_by_title(core, code) for code in mark.country)
    return any(held in map(fold_name, (office.title, *office.titles)) for office in offices if office)


def main() -> int:
    """Prints the shares right of each file of marks, and with --show each mark that is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("marks", nargs="*", type=Path, help="files of marks; else all in evals/officials")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the texts")
    parser.add_argument("--show", action="store_true", help="print each mark that is wrong, without its text")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"no texts in {asked.data}: nothing measured", file=sys.stderr)
        return 0
    for path in asked.marks or sorted(MARKS.glob("*.jsonl")):
        verdicts = judge_marks(read_marks(path), asked.data, load_codebook())
        for verdict in verdicts:
            if asked.show and not (verdict.is_country and verdict.is_office):
                _print_wrong(verdict)
        country, office = sum(v.is_country for v in verdicts), sum(v.is_office for v in verdicts)
        both = sum(v.is_country and v.is_office for v in verdicts)
        shares = ", ".join(f"{n / len(verdicts):.1%}" for n in (country, office, both))
        print(f"{path.stem}: {len(verdicts)} marks; country, office, both right: {shares}")
    return 0


def _print_wrong(verdict: Verdict) -> None:
    mark, said = verdict.mark, verdict.said
    got = "nobody" if said is None else f"{said.name}, {said.country}, {said.office} ({said.why})"
    right = f"{'|'.join(mark.country)} {'|'.join(mark.office)}"
    print(f"{mark.document}:{mark.start} {mark.name}, {mark.on}: {right}; got {got}")


if __name__ == "__main__":
    sys.exit(main())
