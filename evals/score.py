"""Scores a reading against an annotated story, layer by layer; run as `python -m evals.score`.

Every layer is an F1 or an accuracy over counts, so that stories add up (micro totals) and no story weighs by its size.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from evals.agreement import (
    letters,
    overlap,
    pair_best,
    same_actor,
    same_country,
    same_office,
    same_roles,
    same_speaker,
    shared_roles,
    within_days,
)
from evals.gold import Gold, Mark, interval, load_golds, words_of
from evals.reader import read_gold
from olivebranch.records import ActorMention, Event, Reading, Span

SAME_STATEMENT = 0.5
"""Two statements are one from this intersection over union of their letters."""


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one layer. `f1`: right, missed and spurious records; `accuracy`: right and wrong (missed) ones."""

    kind: Literal["f1", "accuracy"]
    right: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def value(self) -> float | None:
        """F1 or accuracy, 0 to 1; None where there was nothing to find and nothing was found."""
        weight = 2 if self.kind == "f1" else 1
        total = weight * self.right + self.missed + self.spurious
        return weight * self.right / total if total else None

    def __add__(self, other: "Score") -> "Score":
        return Score(self.kind, self.right + other.right, self.missed + other.missed, self.spurious + other.spurious)


@dataclass(frozen=True, slots=True)
class Fault:
    """One record that is missed, spurious or wrong, with its words."""

    story: str
    layer: str
    what: Literal["missed", "spurious", "wrong"]
    words: str


@dataclass(slots=True)
class Scores:
    """The score of every layer, and every fault behind them."""

    layers: dict[str, Score] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, other: "Scores") -> None:
        """Adds another story's counts and faults."""
        for layer, score_ in other.layers.items():
            self.layers[layer] = self.layers[layer] + score_ if layer in self.layers else score_
        self.faults += other.faults

    def values(self) -> dict[str, float]:
        """Layer to value, rounded to four places; layers with nothing to score are left out."""
        return {layer: round(one.value, 4) for layer, one in self.layers.items() if one.value is not None}


def score(gold: Gold, reading: Reading) -> Scores:
    """How well `reading` gives what `gold` says, layer by layer.

    Raises:
        GoldError: the gold's words do not stand in the reading's text.
    """
    marks = gold.place(reading.article.text)
    sheet = _Sheet(gold.slug, reading)
    sheet.scores.layers["published_on"] = _score_day(gold, reading)
    _score_furniture(sheet, marks["furniture"])
    _score_statements(sheet, marks["statements"])
    _score_actors(sheet, marks["actors"])
    _score_events(sheet, marks["events"])
    _score_overtures(sheet, marks["overtures"])
    for layer, detail in (
        ("accords", "status"),
        ("decisions", ""),
        ("positions", "position"),
        ("assessments", "stance"),
    ):
        _score_spans(sheet, layer, marks[layer], detail)
    _score_dates(sheet, marks["dates"])
    return sheet.scores


class _Sheet:
    """One story's scores as they are counted."""

    def __init__(self, slug: str, reading: Reading) -> None:
        self.slug, self.reading, self.text = slug, reading, reading.article.text
        self.scores = Scores()

    def count_found(
        self, layer: str, golds: Sequence[Mark], found: Sequence[Any], right: Iterable[tuple[int, int]], spans: Any
    ) -> None:
        """Counts an F1 layer from its right pairs; `spans` gives the spans of one found record."""
        pairs = list(right)
        paired, excused = {j for _, j in pairs}, {i for i, _ in pairs}
        missed = [g for i, g in enumerate(golds) if i not in excused and not g.is_doubtful]
        spurious = [one for j, one in enumerate(found) if j not in paired]
        hits = sum(not golds[i].is_doubtful for i, _ in pairs)
        self.scores.layers[layer] = Score("f1", hits, len(missed), len(spurious))
        self.blame(layer, "missed", ((g.spans, _label(g)) for g in missed))
        self.blame(layer, "spurious", ((spans(one), _describe(one)) for one in spurious))

    def count_right(self, layer: str, judged: Iterable[tuple[Mark, bool, str]]) -> None:
        """Counts an accuracy layer from (gold, whether right, what was given instead); doubtful gold is left out."""
        rows = [row for row in judged if not row[0].is_doubtful]
        wrong = [row for row in rows if not row[1]]
        self.scores.layers[layer] = Score("accuracy", len(rows) - len(wrong), len(wrong))
        self.blame(layer, "wrong", ((gold.spans, f"{_label(gold)}; given: {given}") for gold, _, given in wrong))

    def blame(self, layer: str, what: Any, rows: Iterable[tuple[Sequence[Span], str]]) -> None:
        """Keeps the words behind a count."""
        for spans, label in rows:
            words = words_of(self.text, spans)
            self.scores.faults.append(Fault(self.slug, layer, what, f"“{words}”" + (f" [{label}]" if label else "")))


def _label(mark: Mark) -> str:
    hidden = {"words", "content", "trigger", "in", "nth", "mentions", "note", "source_words", "cue"}
    return ", ".join(f"{key} {value}" for key, value in mark.values.items() if key not in hidden and value)


def _describe(found: Any) -> str:
    if isinstance(found, _Chain):
        event = found.head
        sides = [
            " ".join(f"{a.code}{'/' + a.sector if a.sector else ''}" for a in s)
            for s in (event.actors, event.recipients)
        ]
        return f"{event.type} {sides[0]} > {sides[1]}, {event.factuality}; {event.why}"
    return str(getattr(found, "why", ""))


def _score_day(gold: Gold, reading: Reading) -> Score:
    """Whether the day of publication was found, where it was not given."""
    if gold.raw["give_date"]:
        return Score("accuracy")
    is_right = reading.article.published_on == gold.published_on
    return Score("accuracy", right=int(is_right), missed=int(not is_right))


def _score_furniture(sheet: _Sheet, marks: Sequence[Mark]) -> None:
    """Lines, not spans: a line is furniture where most of its letters are."""
    gold = letters(sheet.text, (span for mark in marks for span in mark.spans))
    found = letters(sheet.text, (s.span for s in sheet.reading.sentences if s.furniture))
    lines = [(m.span(), letters(sheet.text, [m.span()])) for m in re.finditer(r"[^\n]+", sheet.text)]
    kinds = [(span, 2 * len(own & gold) > len(own), 2 * len(own & found) > len(own)) for span, own in lines if own]
    sheet.scores.layers["furniture"] = Score(
        "f1",
        sum(g and f for _, g, f in kinds),
        sum(g and not f for _, g, f in kinds),
        sum(f and not g for _, g, f in kinds),
    )
    sheet.blame("furniture", "missed", (([span], "") for span, g, f in kinds if g and not f))
    sheet.blame("furniture", "spurious", (([span], "") for span, g, f in kinds if f and not g))


def _score_statements(sheet: _Sheet, marks: Sequence[Mark]) -> None:
    found, text = sheet.reading.attributions, sheet.text

    def share(mark: Mark, one: Any) -> float:
        shared = overlap(text, mark.spans, one.content.spans)
        return shared if shared >= SAME_STATEMENT else 0.0

    pairs = pair_best(marks, found, share)
    exact = [(i, j) for i, j in pairs if marks[i].is_doubtful or share(marks[i], found[j]) == 1]
    sheet.count_found("statements", marks, found, pairs, lambda one: one.content.spans)
    sheet.count_found("statements_exact", marks, found, exact, lambda one: one.content.spans)
    both = [(marks[i], found[j]) for i, j in pairs]
    sheet.count_right("speakers", ((m, same_speaker(text, m, f), _who(f.source)) for m, f in both))
    sheet.count_right("kinds", ((m, m.values["kind"] == f.kind, f.kind) for m, f in both))
    sheet.count_right("experts", ((m, m.values["is_expert"] == f.source.is_expert, _who(f.source)) for m, f in both))
    offices = [(m, f) for m, f in both if m.values["office"]]
    sheet.count_right(
        "speaker_offices", ((m, same_office(m.values["office"], f.source.office), _who(f.source)) for m, f in offices)
    )


def _who(source: Any) -> str:
    parts = (source.name, source.country, source.office, "expert" if source.is_expert else None)
    return ", ".join(part for part in parts if part) or "nobody"


def _score_actors(sheet: _Sheet, marks: Sequence[Mark]) -> None:
    """Only the gold's mentions are judged: not every mention is annotated, so none is spurious."""
    best = [(mark, _nearest(sheet, mark)) for mark in marks]
    given = [f"{a.name}, {a.country}, {a.office}" if a else "nothing" for _, a in best]
    rows = [(m, a, words) for (m, a), words in zip(best, given, strict=True)]
    sheet.count_right("actors", ((m, a is not None and same_actor(m.values, a), g) for m, a, g in rows))
    sheet.count_right(
        "actor_countries", ((m, a is not None and same_country(m.values["country"], a.country), g) for m, a, g in rows)
    )
    offices = [row for row in rows if "office" in row[0].values]
    sheet.count_right(
        "actor_offices", ((m, a is not None and same_office(m.values["office"], a.office), g) for m, a, g in offices)
    )


def _nearest(sheet: _Sheet, mark: Mark) -> ActorMention | None:
    shares = [(overlap(sheet.text, mark.spans, [actor.span]), actor) for actor in sheet.reading.actors]
    share, actor = max(shares, key=lambda row: row[0], default=(0.0, None))
    return actor if share else None


@dataclass(frozen=True, slots=True)
class _Chain:
    """An event with its later mentions."""

    head: Event
    triggers: tuple[Span, ...]


def _chains(events: Sequence[Event]) -> list[_Chain]:
    heads = {event.id: event for event in events}

    def head_of(event: Event) -> str:
        seen = {event.id}
        while event.same_as in heads and event.same_as not in seen:
            seen.add(event.same_as)
            event = heads[event.same_as]
        return event.id

    triggers: dict[str, list[Span]] = {}
    for event in events:
        triggers.setdefault(head_of(event), []).append(event.trigger)
    return [_Chain(heads[key], tuple(spans)) for key, spans in triggers.items()]


def _score_events(sheet: _Sheet, marks: Sequence[Mark]) -> None:
    """Found where its root is given in a sentence of any of its mentions; right where its roles agree too."""
    chains = _chains(sheet.reading.events)

    def weigh(mark: Mark, chain: _Chain) -> float:
        touches = overlap(sheet.text, mark.mentions, chain.triggers)
        if not touches and not _sentences(sheet.reading, mark.mentions) & _sentences(sheet.reading, chain.triggers):
            return 0.0
        if mark.values["type"] != chain.head.type and not (mark.is_doubtful and touches):
            return 0.0
        roles = 4 * same_roles(mark.values, chain.head) + shared_roles(mark.values, chain.head)
        return 1 + roles + touches

    pairs = pair_best(marks, chains, weigh)
    right = [(i, j) for i, j in pairs if marks[i].is_doubtful or same_roles(marks[i].values, chains[j].head)]
    sheet.count_found("events", marks, chains, right, lambda chain: chain.triggers)
    sheet.count_found("events_detected", marks, chains, pairs, lambda chain: chain.triggers)
    both = [(marks[i], chains[j].head) for i, j in pairs]
    sheet.count_right("factuality", ((m, m.values["factuality"] == e.factuality, e.factuality) for m, e in both))
    dated = [(m, e) for m, e in both if m.values["date"]]
    sheet.count_right("event_dates", ((m, within_days(m.values["date"], e.date), _days(e.date)) for m, e in dated))


def _sentences(reading: Reading, spans: Iterable[Span]) -> set[str]:
    starts = [start for start, _ in spans]
    return {s.id for s in reading.sentences if any(s.span[0] <= start < s.span[1] for start in starts)}


def _days(days: Any) -> str:
    return f"{days.from_} to {days.to}" if days else "no date"


def _score_overtures(sheet: _Sheet, marks: Sequence[Mark]) -> None:
    found = sheet.reading.overtures

    def weigh(mark: Mark, one: Any) -> float:
        sides = one.from_ == mark.values["from"] and bool(set(one.to) & set(mark.values["to"]))
        return overlap(sheet.text, mark.spans, [one.span]) if sides or mark.is_doubtful else 0.0

    pairs = pair_best(marks, found, weigh)
    sheet.count_found("overtures", marks, found, pairs, lambda one: [one.span])
    both = [(marks[i], found[j]) for i, j in pairs]
    sheet.count_right("grades", ((m, m.values["grade"] == o.grade, o.grade) for m, o in both))
    sheet.count_right(
        "restraint", ((m, bool(m.values.get("is_restraint")) == o.is_restraint, str(o.is_restraint)) for m, o in both)
    )


def _score_spans(sheet: _Sheet, layer: str, marks: Sequence[Mark], detail: str) -> None:
    """A layer whose records agree where their spans overlap; `detail` is then judged on the pairs."""
    found = getattr(sheet.reading, layer)
    pairs = pair_best(marks, found, lambda mark, one: overlap(sheet.text, mark.spans, [one.span]))
    sheet.count_found(layer, marks, found, pairs, lambda one: [one.span])
    if detail:
        both = ((marks[i], getattr(found[j], detail)) for i, j in pairs)
        sheet.count_right(f"{layer}_{detail}", ((m, m.values[detail] == given, given) for m, given in both))


def _score_dates(sheet: _Sheet, marks: Sequence[Mark]) -> None:
    """A vague expression that the gold does not hold is not punished."""
    found = sheet.reading.dates

    def weigh(mark: Mark, one: Any) -> float:
        same = interval(mark.values) == (one.from_, one.to)
        return overlap(sheet.text, mark.spans, [one.span]) if same or mark.is_doubtful else 0.0

    pairs = pair_best(marks, found, weigh)
    kept = {j for _, j in pairs}
    clear = [j for j, one in enumerate(found) if j in kept or one.granularity != "vague"]
    moved = {j: k for k, j in enumerate(clear)}
    sheet.count_found(
        "dates", marks, [found[j] for j in clear], [(i, moved[j]) for i, j in pairs], lambda one: [one.span]
    )


def score_all(golds: Iterable[Gold], read: Callable[[Gold], Reading]) -> Scores:
    """Micro totals over stories, each read by `read`."""
    totals = Scores()
    for gold in golds:
        totals.add(score(gold, read(gold)))
    return totals


def print_table(scores: Scores, count: int) -> None:
    """One line a layer: value, and the counts behind it."""
    print(f"{count} stories")
    print(f"{'layer':<22}{'value':>7}{'right':>8}{'missed':>8}{'spurious':>10}")
    for layer, one in scores.layers.items():
        value = "-" if one.value is None else f"{one.value:.3f}"
        spurious = one.spurious if one.kind == "f1" else ""
        print(f"{layer:<22}{value:>7}{one.right:>8}{one.missed:>8}{spurious:>10}")


def main(arguments: Sequence[str] | None = None, read: Callable[[Gold], Reading] = read_gold) -> int:
    """The command line: a table, or JSON, and on request the faults of the own half."""
    parser = argparse.ArgumentParser(prog="python -m evals.score", description=__doc__)
    parser.add_argument("--held-back", action="store_true", help="the held-back half: totals only")
    parser.add_argument("--json", action="store_true", help="values by layer as JSON")
    parser.add_argument("--misses", nargs="?", const="", metavar="LAYER", help="every fault, of one layer or of all")
    parser.add_argument("--story", default="", help="only stories whose name holds this")
    options = parser.parse_args(arguments)
    if options.held_back and (options.misses is not None or options.story):
        parser.error("the held-back half shows its totals only")
    golds = [g for g in load_golds() if g.held_back == options.held_back and options.story in g.slug]
    scores = score_all(golds, read)
    if options.json:
        print(json.dumps(scores.values(), indent=1))
    else:
        print_table(scores, len(golds))
    for fault in scores.faults if options.misses is not None else ():
        if options.misses in ("", fault.layer):
            print(f"{fault.story}  {fault.layer}  {fault.what}: {fault.words}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
