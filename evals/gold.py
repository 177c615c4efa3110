"""Loads annotated stories: the gold quotes words, and this finds where in the text they stand.

An annotation that cannot be placed is an error, never skipped: `GoldError` names the story, the layer and the words.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

from olivebranch.records import Accord, Assessment, Factuality, Furniture, Grade, PloverType, Position, Span

STORIES = Path(__file__).parent / "stories"
NEAR = 600
"""A cue or a speaker's words stand within this many characters of the statement."""

Interval = tuple[date, date]


def _choices(record: Any, field: str) -> tuple[str, ...]:
    return get_args(record.model_fields[field].annotation)


ENUMERATIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("furniture", "kind"): get_args(Furniture),
    ("statements", "kind"): ("direct", "mixed", "indirect"),
    ("events", "type"): get_args(PloverType),
    ("events", "factuality"): get_args(Factuality),
    ("overtures", "grade"): get_args(Grade),
    ("accords", "status"): _choices(Accord, "status"),
    ("positions", "position"): _choices(Position, "position"),
    ("assessments", "stance"): _choices(Assessment, "stance"),
}
"""What the contract allows, by layer and key."""

_PLACE = {"nth", "in", "doubtful", "note"}
KEYS: dict[str, set[str]] = {
    "furniture": {"words", "kind"} | _PLACE,
    "statements": {"content", "kind", "cue", "speaker", "source_words", "country", "office", "affiliation"}
    | {"is_expert", "is_named"}
    | _PLACE,
    "actors": {"words", "name", "country", "office"} | _PLACE,
    "events": {"trigger", "actors", "recipients", "type", "factuality", "date", "mentions"} | _PLACE,
    "overtures": {"words", "from", "to", "grade", "is_restraint"} | _PLACE,
    "accords": {"words", "parties", "mediator", "status"} | _PLACE,
    "decisions": {"words", "body", "rule", "on"} | _PLACE,
    "positions": {"words", "who", "position"} | _PLACE,
    "assessments": {"words", "who", "affiliation", "side", "is_party", "about", "stance"} | _PLACE,
    "dates": {"words", "from", "to"} | _PLACE,
}
"""The keys of one annotation, by layer; anything else is a slip of the pen."""


class GoldError(ValueError):
    """An annotation that cannot be used: words that do not occur, an unknown key, a value outside the contract."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation, placed: its layer, its spans (a statement may have several), and the rest as written."""

    layer: str
    spans: tuple[Span, ...]
    values: dict[str, Any]
    mentions: tuple[Span, ...] = ()
    source: Span | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether a careful reader could leave it out: then it is neither rewarded nor punished."""
        return bool(self.values.get("doubtful"))


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated story as written; `place` turns its words into spans of a text."""

    slug: str
    story: Path
    raw: dict[str, Any]

    @property
    def held_back(self) -> bool:
        """Whether nobody who writes rules may look at it."""
        return bool(self.raw["about"].get("held_back"))

    @property
    def published_on(self) -> date:
        """The day the story is read against."""
        return date.fromisoformat(self.raw["published_on"])

    def place(self, text: str) -> dict[str, tuple[Mark, ...]]:
        """Every annotation by layer, with its spans in `text` (the raw text, or for HTML the extracted one).

        Raises:
            GoldError: words that do not occur, an unknown key, a value outside the contract, the same words twice.
        """
        return {layer: tuple(_place_layer(self, layer, text)) for layer in KEYS}


def load_golds(root: Path = STORIES) -> tuple[Gold, ...]:
    """All annotated stories, by name."""
    return tuple(load_gold(path.parent) for path in sorted(root.glob("*/gold.json")))


def load_gold(folder: Path) -> Gold:
    """The annotated story in `folder`: gold.json, and story.txt, story.html or the file that `"story"` names.

    Raises:
        GoldError: no story beside the gold, or a layer that is not in the format.
    """
    raw = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    names = [raw["story"]] if "story" in raw else ["story.txt", "story.html"]
    story = next((folder / name for name in names if (folder / name).is_file()), None)
    if story is None:
        raise GoldError(f"{folder.name}: no {' or '.join(names)} beside gold.json")
    head = {"about", "published_on", "give_date", "outlet", "title", "url", "story"}
    if unknown := set(raw) - head - set(KEYS):
        raise GoldError(f"{folder.name}: unknown layer {', '.join(sorted(unknown))}")
    return Gold(folder.name, story.resolve(), raw)


def plain_text(story: Path) -> str:
    """The story's text; of a page, all that stands between its tags (what the reader's own intake leaves is less)."""
    text = story.read_text(encoding="utf-8")
    if story.suffix != ".html":
        return text
    stripper = _Stripper()
    stripper.feed(text)
    return "".join(stripper.parts)


class _Stripper(HTMLParser):
    """Keeps a page's text, a line for every block."""

    blocks = ("p", "div", "li", "h1", "h2", "h3", "figcaption", "section", "nav", "footer", "header", "figure", "br")

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        if tag in self.blocks:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")
        if tag in self.blocks:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def find_words(text: str, words: str, nth: int | None = None, inside: str | None = None) -> Span:
    """Where `words` stand in `text`: the nth time they occur (default the first), within the stretch `inside` if given.

    White space matches any white space, and words are whole words: "May" is not found in "Mayor".

    Raises:
        GoldError: they do not occur, or not that often.
    """
    start, end = find_words(text, inside) if inside else (0, len(text))
    spans = [(s + start, e + start) for s, e in _occurrences(text[start:end], words)]
    if len(spans) < (nth or 1):
        where = f" in “{inside}”" if inside else ""
        raise GoldError(f"“{words}” occurs {len(spans)} times{where}, wanted number {nth or 1}")
    return spans[(nth or 1) - 1]


def _occurrences(text: str, words: str) -> list[Span]:
    parts = words.split()
    if not parts:
        raise GoldError("empty words")
    pattern = r"\s+".join(re.escape(part) for part in parts)
    pattern = (r"(?<!\w)" if words[0].isalnum() else "") + pattern + (r"(?!\w)" if words[-1].isalnum() else "")
    return [match.span() for match in re.finditer(pattern, text)]


def _place_layer(gold: Gold, layer: str, text: str) -> Iterator[Mark]:
    seen: dict[tuple[Span, ...], dict[str, Any]] = {}
    for values in gold.raw.get(layer, []):
        try:
            _check(layer, values)
            if layer == "furniture" and gold.story.suffix == ".html" and not _occurrences(text, values["words"]):
                continue  # the page's own markup told it apart: it never reached the text
            mark = _place(layer, values, text)
        except GoldError as error:
            raise GoldError(f"{gold.slug}, {layer}: {error}") from error
        if layer != "events" and mark.spans in seen:
            raise GoldError(f"{gold.slug}, {layer}: annotated twice at the same place: {values}")
        seen[mark.spans] = values
        yield mark


def _check(layer: str, values: dict[str, Any]) -> None:
    if unknown := set(values) - KEYS[layer]:
        raise GoldError(f"unknown key {', '.join(sorted(unknown))} in {values}")
    for (of, key), allowed in ENUMERATIONS.items():
        if of == layer and values.get(key) not in allowed:
            raise GoldError(f"{key} is “{values.get(key)}”, must be one of {', '.join(allowed)}: {values}")
    for key in ("date", "on"):
        if values.get(key):
            interval(values[key])
    if layer == "dates":
        interval(values)


def interval(values: dict[str, Any] | None) -> Interval | None:
    """The days of `{"from", "to"}`, None where not given.

    Raises:
        GoldError: not days, or the last before the first.
    """
    if not values or not values.get("from"):
        return None
    try:
        first, last = date.fromisoformat(values["from"]), date.fromisoformat(values["to"])
    except (KeyError, ValueError, TypeError) as error:
        raise GoldError(f"not an interval of days: {values}") from error
    if last < first:
        raise GoldError(f"ends before it begins: {values}")
    return first, last


def _place(layer: str, values: dict[str, Any], text: str) -> Mark:
    if layer == "statements":
        return _place_statement(values, text)
    if layer == "events":
        mentions = tuple(_trigger(item, text) for item in [values, *values.get("mentions", [])])
        return Mark(layer, mentions[:1], values, mentions)
    return Mark(layer, (find_words(text, values["words"], values.get("nth"), values.get("in")),), values)


def _trigger(item: dict[str, Any], text: str) -> Span:
    """A trigger is often a common word, so one that occurs twice must say which it is."""
    span = find_words(text, item["trigger"], item.get("nth"), item.get("in"))
    if not item.get("nth") and not item.get("in") and len(_occurrences(text, item["trigger"])) > 1:
        raise GoldError(f"trigger “{item['trigger']}” occurs more than once: add “in” or “nth”")
    return span


def _place_statement(values: dict[str, Any], text: str) -> Mark:
    content = values["content"]
    pieces = content if isinstance(content, list) else [content]
    spans = tuple(find_words(text, piece, values.get("nth"), values.get("in")) for piece in pieces)
    for key in ("cue", "source_words"):
        if values.get(key):
            _nearest(text, values[key], spans)
    source = _nearest(text, values["source_words"], spans) if values.get("source_words") else None
    return Mark("statements", spans, values, source=source)


def _nearest(text: str, words: str, spans: Sequence[Span]) -> Span:
    """The occurrence of `words` nearest to the statement, outside its content where there is one."""

    def distance(span: Span) -> int:
        return min(max(start - span[1], span[0] - end, 0) for start, end in spans)

    near = [span for span in _occurrences(text, words) if distance(span) <= NEAR]
    if not near:
        raise GoldError(f"“{words}” does not stand within {NEAR} characters of “{text[slice(*spans[0])][:60]}”")
    return min(near, key=lambda span: (distance(span) == 0, distance(span)))


def words_of(text: str, spans: Iterable[Span]) -> str:
    """The words at `spans`, on one line."""
    return " … ".join(" ".join(text[start:end].split()) for start, end in spans)
