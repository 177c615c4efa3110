"""Lays a brief out as headings, paragraphs, tables and lists, once, for every format that prints it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from olivebranch.analysis.brief import AccordRow, Brief, Cites, CriterionRow, DeedRow, RecordLine, WordRow
from olivebranch.analysis.citations import web_page
from olivebranch.analysis.criteria import day_words
from olivebranch.analysis.naming import name_code
from olivebranch.records import Days

CONTROLS = dict.fromkeys((*range(32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)), " ")
"""Control characters and those that turn the direction of writing: they would steer a terminal or disguise words."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the question."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a strong one is the verdict."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headers, all plain text."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of lines."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceList:
    """The numbered sentences; (number, where, words, link)."""

    lines: tuple[tuple[int, str, str, str | None], ...]


Block = Heading | Paragraph | Table | Items | SourceList


def lay_out(brief: Brief) -> Iterator[Block]:
    """The blocks of a brief in the order that they are read: question, verdict, then what it rests on.

    Their texts are plain: on one line, without control characters, whatever the story holds.
    """
    for block in _blocks(brief):
        yield type(block)(**{name: _plain(getattr(block, name)) for name in block.__slots__})


def write_plain(text: str) -> str:
    """A text on one line, without control characters: safe to print wherever it came from."""
    return " ".join(text.translate(CONTROLS).split())


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return write_plain(value)
    return tuple(_plain(part) for part in value) if isinstance(value, tuple) else value


def _blocks(brief: Brief) -> Iterator[Block]:
    yield Heading(brief.question, 1)
    yield Paragraph(brief.verdict, is_strong=True)
    if brief.because:
        yield Paragraph("Because: " + "; ".join(brief.because) + ".")
    yield from _header(brief)
    yield from _criteria(brief)
    if brief.would_change:
        yield Paragraph(f"What would change this view: {'; '.join(brief.would_change)}.")
    yield from _words(brief)
    yield from _deeds(brief)
    yield from _record(brief)
    yield from _decisions(brief)
    yield from _experts(brief)
    yield from _watch(brief)
    if brief.not_known:
        yield Heading("Not known, not seen")
        yield Items(brief.not_known)
    yield Heading("Sources")
    yield from _sources(brief)


def _header(brief: Brief) -> Iterator[Block]:
    lines = []
    if brief.words:
        strongest = next((row for row in brief.words if row.label == brief.strongest), brief.words[0])
        said = f" · said {days_words(strongest.said_on)}" if strongest.said_on else ""
        venue = f", {strongest.venue}" if strongest.venue else ""
        lines.append(f"{strongest.who}, {strongest.office or 'office not known'}{said}{venue}{cite(strongest.cites)}")
    for story in brief.stories:
        why = story.published_on_why or story.published_on_how
        how = why if why.startswith(story.published_on_how) else f"{story.published_on_how}: {why}"
        name = " — ".join(part for part in (story.title, story.outlet) if part) or story.article_id
        lines.append(f"Read: {name}, published {day_words(story.published_on)} ({how})")
    known = f"known up to {day_words(brief.as_of)}" if brief.as_of else "known up to today"
    lines.append(f"Ledger: {brief.ledger} · {known}")
    yield Items(tuple(lines))


def _criteria(brief: Brief) -> Iterator[Block]:
    if not brief.criteria:
        return
    yield Heading("What would count, fixed now")
    rows: list[tuple[str, ...]] = []
    for row in brief.criteria:
        label = ", ".join(row.labels)
        if row.family is None:
            rows.append((label, row.criterion, "–", "–", "–", "–", "–"))
        else:
            rows.append(_criterion_cells(label, row))
    headers = (
        "", "criterion", "until", "this forecast", "other days of this dyad", "such offers, any dyad",
        "this side's record",
    )  # fmt: skip
    yield Table(headers, tuple(rows))


def _criterion_cells(label: str, row: CriterionRow) -> tuple[str, ...]:
    until = day_words(row.closes_on) + ("" if row.outcome == "open" else f": {_spaced(row.outcome)}, {row.outcome_why}")
    return (label, row.criterion, until, row.forecast, row.control, row.class_rate, row.own_record)


def _spaced(word: str) -> str:
    return word.replace("_", " ")


def _words(brief: Brief) -> Iterator[Block]:
    yield Heading("The words")
    if not brief.words:
        yield Paragraph("No overture was found.")
    else:
        rows = tuple(_word_cells(row) for row in brief.words)
        yield Table(("", "who, office then", "to", "grade", "cost flags", "the words"), rows)
    if brief.beside:
        yield Paragraph("Said beside them:")
        yield Items(tuple(f"{row.who} ({row.what}): {row.words}{cite(row.cites)}" for row in brief.beside))


def _word_cells(row: WordRow) -> tuple[str, ...]:
    who = ", ".join(part for part in (row.who, row.office) if part) + ("" if row.is_direct else " (reported)")
    grade = row.grade + (", restraint" if row.is_restraint else "")
    if row.hedges:
        grade += f", hedged: {', '.join(row.hedges)}"
    if row.condition:
        grade += f": “{row.condition}”"
    flags = ", ".join(flag.replace("_", " ") for flag in row.cost_flags) or "none"
    words = f"“{row.words}”" if row.is_direct else row.words
    return (row.label, who, names(row.to), grade, flags, words + cite(row.cites))


def _deeds(brief: Brief) -> Iterator[Block]:
    yield Heading("The deeds")
    if not brief.deeds and not brief.alleged and not brief.accords:
        yield Paragraph("No deed between powers is told.")
    headers = ("when", "who → whom", "what", "how sure")
    if brief.deeds:
        yield Table(headers, tuple(_deed_cells(row) for row in brief.deeds))
    if brief.alleged:
        yield Paragraph("Alleged, not counted as done:")
        yield Table(headers, tuple(_deed_cells(row) for row in brief.alleged))
    if brief.accords:
        yield Paragraph("Agreements and their standing:")
        yield Table(("", "parties", "mediator", "what", "standing"), tuple(_accord_cells(row) for row in brief.accords))


def _accord_cells(row: AccordRow) -> tuple[str, ...]:
    mediator = name_code(row.mediator) if row.mediator else "–"
    standing = _spaced(row.status) + (f", until {day_words(row.until)}" if row.until else "")
    return (row.label, names(row.parties), mediator, row.subject + cite(row.cites), standing)


def _deed_cells(row: DeedRow) -> tuple[str, ...]:
    sides = f"{', '.join(row.actors) or 'not named'} → {', '.join(row.recipients) or 'not named'}"
    what = f"{row.type}{' ' + row.cameo if row.cameo else ''}: {row.what}{cite(row.cites)}"
    sure = row.how_sure + ("; background" if row.is_background else "")
    return (row.when, sides, what, sure)


def _record(brief: Brief) -> Iterator[Block]:
    record = brief.record
    if record is None:
        return
    yield Heading("The record")
    yield Paragraph(record.summary)
    if record.lines:
        yield Paragraph(
            f"Followed by the deed in full {record.in_full}; at least in part {record.leniently}; "
            f"meetings offered that took place {record.met}. Other days of this dyad: {record.control}."
        )
        headers = ("said", "who", "the words", "outcome", "days", "reference")
        yield Table(headers, tuple(_record_cells(line) for line in record.lines))


def _record_cells(line: RecordLine) -> tuple[str, ...]:
    outcome = _spaced(line.outcome) + (f", {_spaced(line.stage)}" if line.stage else "")
    apart = f" ({line.not_counted_why})" if line.not_counted_why else ""
    days = "–" if line.days is None else str(line.days)
    return (day_words(line.said_on), line.who or "–", line.words, outcome + apart, days, line.reference or "–")


def _decisions(brief: Brief) -> Iterator[Block]:
    if not brief.decisions:
        return
    yield Heading("Who must agree")
    for row in brief.decisions:
        where = f", {row.place}" if row.place else ""
        when = f"{days_words(row.on)}{where}: " if row.on or row.place else ""
        members = f" of {row.members}" if row.members else ""
        rule = f" Rule: {row.rule}{members}." if row.rule else " Rule: not known."
        after = f" If nobody acts: {row.reversion} ({row.reference})." if row.reversion else ""
        stands = f" On record: {'; '.join(row.positions)}." if row.positions else " No member on record for or against."
        yield Paragraph(f"{when}{name_code(row.body)}: {row.what}.{rule}{after}{stands}{cite(row.cites)}")


def _experts(brief: Brief) -> Iterator[Block]:
    if not brief.experts:
        return
    yield Heading("What experts say")
    rows = []
    for row in brief.experts:
        party = ": party to the matter" if row.is_party else ""
        side = f"{name_code(row.side)}{party}" if row.side else ""
        origin = ", ".join(part for part in (row.affiliation, side) if part) or "–"
        rows.append((row.who, origin, name_code(row.about), row.stance, row.words + cite(row.cites)))
    yield Table(("who", "affiliation, side", "on", "stance", "the words"), tuple(rows))
    if brief.experts_note:
        yield Paragraph(brief.experts_note)


def _watch(brief: Brief) -> Iterator[Block]:
    if brief.watch:
        yield Heading("What to watch")
        yield Items(tuple((f"{day_words(r.on)}: " if r.on else "") + r.what + cite(r.cites) for r in brief.watch))


def _sources(brief: Brief) -> Iterator[Block]:
    many = len(brief.stories) > 1
    lines = []
    for line in brief.sources:
        where = f"¶{line.paragraph}, characters {line.start}–{line.end}" + (f", {line.article_id}" if many else "")
        link = line.link if web_page(line.link) else None
        lines.append((line.number, where, line.words, link))
    yield SourceList(tuple(lines))
    yield Paragraph(brief.furniture)


def cite(numbers: Cites) -> str:
    """The citation after a phrase: " [3, 4]"."""
    return f" [{', '.join(str(number) for number in numbers)}]" if numbers else ""


def names(codes: tuple[str, ...]) -> str:
    """The printed names of codes."""
    return ", ".join(name_code(code) for code in codes) or "–"


def days_words(days: Days | None) -> str:
    """A day or an interval as printed: Sun 28 Sep 2014."""
    if days is None:
        return "on an unknown day"
    first = f"{days.from_:%a} {day_words(days.from_)}"
    return first if days.from_ == days.to else f"{first} – {day_words(days.to)}"
