"""Scores what was found in loose sentences against what their annotations say; pure counting, no reading."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from evals.agreement import name_power
from evals.score import Score
from olivebranch.records import Span

JOINT = frozenset({"CONSULT", "COOPERATE"})
"""Roots in which it does not matter who is called the actor: one triple for both directions."""

Item = Mapping[str, Any]
"""A line of a set: `text` with its annotations."""
Pair = tuple[str, str | None]
Triple = tuple[str, str | None, str]
"""Country of the actor, country of the recipient (None: nobody), PLOVER root."""


@dataclass(frozen=True, slots=True)
class FoundOffer:
    """An overture as far as it is scored."""

    span: Span
    maker: str
    grade: str


@dataclass(slots=True)
class Tally:
    """Counts by layer, by root and by kind of factuality, which roots were taken for which, and every fault."""

    layers: dict[str, Score] = field(default_factory=dict)
    roots: dict[str, Score] = field(default_factory=dict)
    kinds: dict[str, Score] = field(default_factory=dict)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def count(self, layer: str, score: Score) -> None:
        """Adds to a layer."""
        self.layers[layer] = self.layers[layer] + score if layer in self.layers else score

    def values(self) -> dict[str, float]:
        """Layer to value, four places; `factuality` is the mean F1 of the kinds that the set has."""
        values = {layer: round(one.value, 4) for layer, one in self.layers.items() if one.value is not None}
        gold_kinds = [one for one in self.kinds.values() if one.right + one.missed]
        if gold_kinds:
            values["factuality"] = round(sum(one.value or 0.0 for one in gold_kinds) / len(gold_kinds), 4)
        return values


@cache
def country_of(code: str) -> str:
    """The country that a code stands for, a body's own code where it stands for none; rebels by their country."""
    return name_power(*_with_sector(code)).partition("/")[0]


def _with_sector(code: str) -> tuple[str, str | None]:
    head, _, sector = code.partition("/")
    return head, sector or None


def expand_pairs(actors: Iterable[str], recipients: Iterable[str], root: str) -> set[Pair]:
    """Each actor with each recipient, by country; none with itself where there is another; joint acts both ways."""
    ones, others = {country_of(code) for code in actors}, {country_of(code) for code in recipients}
    every: set[Pair] = {(one, other) for one in ones for other in (others or {None})}
    pairs = {(one, other) for one, other in every if one != other} or every
    return pairs | {(other, one) for one, other in pairs if root in JOINT and other is not None}


def triples_of(actors: Sequence[str], recipients: Sequence[str], root: str) -> set[Triple]:
    """The triples of an event; a joint act's two directions are one triple."""
    pairs = expand_pairs(actors, recipients, root)
    if root in JOINT:
        pairs = {(min(a, b), max(a, b)) if b is not None else (a, b) for a, b in pairs}
    return {(actor, recipient, root) for actor, recipient in pairs}


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event as far as it is scored: codes and root."""

    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    root: str

    @property
    def triples(self) -> set[Triple]:
        """Its triples."""
        return triples_of(self.actors, self.recipients, self.root)

    @property
    def pairs(self) -> set[Pair]:
        """Its pairs of countries, directed."""
        return expand_pairs(self.actors, self.recipients, self.root)


def score_events(items: Sequence[Item], found: Sequence[Sequence[FoundEvent]]) -> Tally:
    """`events` (triples), `event_pairs`, `events_detected` (sentences) and `events_quiet` (event-free sentences).

    Triples are sets by sentence. What the annotation calls doubtful is neither rewarded nor punished.
    """
    tally = Tally()
    for item, events in zip(items, found, strict=True):
        clear = [_gold_event(event) for event in item["events"] if not event.get("doubtful")]
        doubtful = [_gold_event(event) for event in item["events"] if event.get("doubtful")]
        sides = [_union(group, "triples") for group in (clear, doubtful, events)]
        _count_sets(tally, "events", *sides)
        _count_sets(tally, "event_pairs", *(_union(group, "pairs") for group in (clear, doubtful, events)))
        _count_roots(tally, *sides)
        _confuse(tally, clear, events)
        _count_detected(tally, clear, doubtful, events)
        _blame(tally, item, sides)
    return tally


def _gold_event(event: Mapping[str, Any]) -> FoundEvent:
    return FoundEvent(tuple(event["actors"]), tuple(event["recipients"]), event["type"])


def _union(events: Iterable[FoundEvent], what: str) -> set[Any]:
    return {one for event in events for one in getattr(event, what)}


def _count_sets(tally: Tally, layer: str, clear: set[Any], doubtful: set[Any], found: set[Any]) -> None:
    tally.count(layer, Score("f1", len(clear & found), len(clear - found), len(found - clear - doubtful)))


def _count_roots(tally: Tally, clear: set[Triple], doubtful: set[Triple], found: set[Triple]) -> None:
    for group, score in (
        (clear & found, Score("f1", right=1)),
        (clear - found, Score("f1", missed=1)),
        (found - clear - doubtful, Score("f1", spurious=1)),
    ):
        for _, _, root in group:
            tally.roots[root] = tally.roots.get(root, Score("f1")) + score


def _confuse(tally: Tally, clear: Sequence[FoundEvent], found: Sequence[FoundEvent]) -> None:
    """Counts the root given where the pair was found and its root was not."""
    for gold in clear:
        given = {event.root for event in found if event.pairs & gold.pairs}
        if given and gold.root not in given:
            tally.confusions.update((gold.root, root) for root in given)


def _count_detected(
    tally: Tally, clear: Sequence[FoundEvent], doubtful: Sequence[FoundEvent], found: Sequence[FoundEvent]
) -> None:
    """A sentence with doubtful events only is left out."""
    if clear:
        tally.count("events_detected", Score("f1", right=1) if found else Score("f1", missed=1))
    elif not doubtful:
        tally.count("events_detected", Score("f1", spurious=int(bool(found))))
        tally.count("events_quiet", Score("accuracy", right=int(not found), missed=int(bool(found))))


def _blame(tally: Tally, item: Item, sides: Sequence[set[Triple]]) -> None:
    clear, doubtful, found = sides
    for what, group in (("missed", clear - found), ("spurious", found - clear - doubtful)):
        named = "; ".join(f"{actor}>{recipient or '-'} {root}" for actor, recipient, root in sorted(group, key=str))
        if named:
            tally.faults.append(f"events {item['id']} {what} {named}: {item['text']}")


def score_factuality(items: Sequence[Item], found: Sequence[str]) -> Tally:
    """The kinds of factuality, each an F1; doubtful items are left out."""
    tally = Tally()
    for item, kind in zip(items, found, strict=True):
        gold = item["factuality"]
        if item.get("doubtful"):
            continue
        counts = [(gold, Score("f1", right=1))]
        if kind != gold:
            counts = [(gold, Score("f1", missed=1)), (kind, Score("f1", spurious=1))]
            words = item["text"][slice(*item["trigger"])]
            tally.faults.append(f"factuality {item['id']} {gold} taken for {kind}: “{words}” in: {item['text']}")
        for name, score in counts:
            tally.kinds[name] = tally.kinds.get(name, Score("f1")) + score
    return tally


def score_overtures(items: Sequence[Item], found: Sequence[Sequence[FoundOffer]]) -> Tally:
    """`overtures` (spans overlap, the maker is right), `overture_grades` of those, `overtures_quiet` on near misses."""
    tally = Tally()
    for item, offers in zip(items, found, strict=True):
        if item.get("doubtful"):
            continue
        left = list(offers)
        for gold in item["overtures"]:
            match = next((one for one in left if _is_same_offer(gold, one)), None)
            if match is None:
                tally.count("overtures", Score("f1", missed=1))
                tally.faults.append(f"overtures {item['id']} missed {gold['from']} {gold['grade']}: {item['text']}")
                continue
            left.remove(match)
            tally.count("overtures", Score("f1", right=1))
            _count_grade(tally, item, gold["grade"], match.grade)
        tally.count("overtures", Score("f1", spurious=len(left)))
        tally.faults += [f"overtures {item['id']} spurious {one.maker} {one.grade}: {item['text']}" for one in left]
        if not item["overtures"]:
            tally.count("overtures_quiet", Score("accuracy", right=int(not offers), missed=int(bool(offers))))
    return tally


def _is_same_offer(gold: Mapping[str, Any], found: FoundOffer) -> bool:
    start, end = gold["span"]
    return start < found.span[1] and found.span[0] < end and country_of(gold["from"]) == country_of(found.maker)


def _count_grade(tally: Tally, item: Item, gold: str, found: str) -> None:
    is_right = gold == found
    tally.count("overture_grades", Score("accuracy", right=int(is_right), missed=int(not is_right)))
    if not is_right:
        tally.faults.append(f"overtures {item['id']} graded {found}, not {gold}: {item['text']}")


def add_tallies(tallies: Iterable[Tally]) -> Tally:
    """The tallies of different layers as one."""
    whole = Tally()
    for tally in tallies:
        whole.layers |= tally.layers
        whole.roots |= tally.roots
        whole.kinds |= tally.kinds
        whole.confusions += tally.confusions
        whole.faults += tally.faults
    return whole
