"""`olivebranch evaluate plv | polnear`: predictions for published test sets, made without their answers."""

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from olivebranch import settings
from olivebranch.errors import EmptyStory, IntakeError, UnreadableStory, UsageError

if TYPE_CHECKING:
    from olivebranch.extraction.attribution_model import Proposal
    from olivebranch.extraction.pair_questions import Question

evaluate_app = typer.Typer(help="Predicts the answers of published test sets.", no_args_is_help=True)

ASKED = ("sentence", "marked_sentence", "source", "target")
"""The only columns of PLV that are looked at, beside `uid`."""
AT_ONCE = 128
"""Rows that are judged together."""

Predictions = Annotated[
    Optional[str],  # noqa: UP045  (typer reads it at run time)
    typer.Option("--predictions", help="The file to write, one JSON object a line. Default: standard output."),
]
AsJson = Annotated[bool, typer.Option("--json", help="The line that sums up, on standard error, as JSON.")]


@evaluate_app.command()
def plv(
    file: Annotated[Path, typer.Argument(metavar="FILE.tsv", help="Rows with the columns of PLV's train file.")],
    predictions: Predictions = None,
    coder: Annotated[str, typer.Option(help="Who answers: trained, or rules, which needs no weights.")] = "trained",
    as_json: AsJson = False,
) -> None:
    """Predicts what the marked actor does to the marked recipient, one of 15 roots for each row.

    Example: olivebranch evaluate plv PLV_train.tsv --predictions plv.jsonl
    """
    from olivebranch.extraction.pair_questions import ANSWERERS
    from olivebranch.surfaces.lines import Pace, open_lines

    answer = _chosen(ANSWERERS, coder, "coders")
    asked = _or_stop(_read_rows(file))
    answer([])  # missing weights are told before a file is opened
    pace = Pace("rows", as_json=as_json)
    with open_lines(predictions) as write:
        while rows := list(islice(asked, AT_ONCE)):
            for (uid, _), found in zip(rows, answer([question for _, question in rows]), strict=True):
                chance = None if found.probability is None else round(found.probability, 4)
                write({"uid": uid, "root": found.root, "probability": chance, "runner_up": found.runner_up})
            pace.add(len(rows))
    pace.sum_up()


@evaluate_app.command()
def polnear(
    data: Annotated[Path, typer.Argument(metavar="DATA_DIR", help="PolNeAR's data folder.")],
    split: Annotated[str, typer.Argument(help="Its part: train, dev or test.")],
    predictions: Predictions = None,
    attributor: Annotated[
        str, typer.Option(help="Who attributes: trained, rules, or rules-wide, by PolNeAR's wider notion.")
    ] = "trained",
    threshold: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(min=0, max=1, help="The least chance of an attribution that is given. Default: the tuned one."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Predicts source, cue and content of every attribution in the texts of a split; no annotation is opened.

    Example: olivebranch evaluate polnear PolNeAR/data dev --predictions dev.jsonl
    """
    from olivebranch.extraction.proposals import PROPOSERS, lines_of
    from olivebranch.surfaces.lines import Pace, open_lines, tell_failure
    from olivebranch.surfaces.options import SOME_FAILED

    propose = _chosen(PROPOSERS, attributor, "attributors")
    texts = _or_stop(_read_texts(data / split / "text"))
    propose("", threshold)  # missing weights are told before a file is opened
    pace = Pace("articles", "lines", as_json=as_json)
    with open_lines(predictions) as write:
        for name, text in texts:
            if isinstance(text, IntakeError):
                tell_failure(str(text))
                pace.add(0, failed=1)
                continue
            for proposal in propose(text, threshold):
                write(_line(name, proposal, is_rule=attributor != "trained"))
            pace.add(1, rated=len(lines_of(text)))
    pace.sum_up()
    raise typer.Exit(SOME_FAILED if pace.failed else 0)


def _chosen(ways: "dict[str, Any]", name: str, what: str) -> Any:
    """The way of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in ways:
        raise UsageError(f"there is no '{name}': {what} are {', '.join(ways)}")
    return ways[name]


def _or_stop(found: Iterator[Any]) -> Iterator[Any]:
    """The same items, once it is seen that there is one; where there is nothing to read, a line says why, exit 3."""
    from itertools import chain

    from olivebranch.surfaces.lines import tell_failure
    from olivebranch.surfaces.options import NOTHING_READ

    try:
        first = next(found)
    except IntakeError as error:
        tell_failure(str(error))
        raise typer.Exit(NOTHING_READ) from error
    return chain([first], found)


def _read_rows(path: Path) -> "Iterator[tuple[str, Question]]":
    """The id and the question of each row of a tab-separated file with a header.

    Raises:
        UnreadableStory: the file is missing, not UTF-8, or lacks the columns.
        EmptyStory: it has no rows.
    """
    from olivebranch.extraction.pair_questions import read_question

    csv.field_size_limit(settings.MAX_STORY_BYTES)
    number = -1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t")
            _check_columns(path, rows.fieldnames or [])
            for number, row in enumerate(rows):
                uid = (row.get("uid") or "").strip() or str(number)
                yield uid, read_question({name: row.get(name) for name in ASKED})
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableStory(f"{path}: cannot be read: {error}; give a tab-separated file in UTF-8") from error
    if number < 0:
        raise EmptyStory(f"{path}: has no rows to read")


def _check_columns(path: Path, names: Sequence[str]) -> None:
    missing = [name for name in ASKED if name not in names]
    if not names:
        raise EmptyStory(f"{path}: is empty; give a file with the columns {', '.join(ASKED)}")
    if missing:
        raise UnreadableStory(
            f"{path}: lacks the column {', '.join(missing)}; its columns must be as in PLV's train file"
        )


def _read_texts(folder: Path) -> Iterator[tuple[str, str | IntakeError]]:
    """The name and the text of each article, in order of names; an error in the place of one that cannot be read.

    Line ends stay as they are: the offsets of the set's annotations count them.

    Raises:
        UnreadableStory: there is no such folder.
        EmptyStory: it holds no texts.
    """
    if not folder.is_dir():
        raise UnreadableStory(f"{folder}: no such folder; give PolNeAR's data folder and train, dev or test")
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise EmptyStory(f"{folder}: holds no .txt files")
    for path in paths:
        try:
            with path.open(encoding="utf-8", newline="") as file:
                yield path.stem, file.read()
        except (OSError, UnicodeDecodeError) as error:
            yield path.stem, UnreadableStory(f"{path}: cannot be read: {error}")


def _line(name: str, proposal: "Proposal", *, is_rule: bool) -> dict[str, Any]:
    return {
        "doc": name,
        "source": [list(span) for span in proposal.source],
        "cue": [list(span) for span in proposal.cue],
        "content": [list(span) for span in proposal.content],
        "probability": None if is_rule else round(proposal.probability, 4),
    }
