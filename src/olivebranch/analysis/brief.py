"""The brief as data, which every renderer prints and `--json` gives; each row cites its numbered sentences."""

from datetime import date

from olivebranch.records import Days, Factuality, Grade, Record

Cites = tuple[int, ...]


class StoryLine(Record):
    """A story that was read."""

    article_id: str
    title: str | None
    outlet: str | None
    url: str | None
    published_on: date | None
    published_on_how: str
    published_on_why: str | None


class SourceLine(Record):
    """A sentence used, by the number that rows cite; `link` opens the live page at it, where the story has a URL."""

    number: int
    article_id: str
    paragraph: int
    start: int
    end: int
    words: str
    link: str | None = None


class WordRow(Record):
    """An overture: who, to whom, how firm, at what cost, in which words."""

    label: str
    overture_id: str
    who: str
    office: str | None
    from_code: str
    to: tuple[str, ...]
    grade: Grade
    is_restraint: bool
    is_direct: bool
    said_on: Days | None
    venue: str | None
    hedges: tuple[str, ...]
    condition: str | None
    cost_flags: tuple[str, ...]
    words: str
    why: str
    cites: Cites


class BesideRow(Record):
    """A statement of a side that is no overture, and what it is instead."""

    who: str
    what: str
    words: str
    cites: Cites


class DeedRow(Record):
    """A deed, or an agreement about one, with how sure it is."""

    event_id: str
    when: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    type: str
    cameo: str | None
    what: str
    factuality: Factuality
    how_sure: str
    is_background: bool
    why: str
    cites: Cites


class AccordRow(Record):
    """An agreement and its standing."""

    label: str
    parties: tuple[str, ...]
    mediator: str | None
    subject: str
    status: str
    until: date | None
    cites: Cites


class CriterionRow(Record):
    """What would count, until when, what became of it by now, and what the ledger says of it beside other days."""

    labels: tuple[str, ...]
    family: str | None
    criterion: str
    opens_on: date | None
    closes_on: date | None
    outcome: str
    outcome_why: str
    forecast: str
    control: str
    class_rate: str
    own_record: str
    cites: Cites


class RecordLine(Record):
    """An earlier overture and what became of it."""

    overture_id: str
    said_on: date | None
    who: str | None
    to: tuple[str, ...]
    words: str
    criterion: str
    stage: str | None
    outcome: str
    days: int | None
    is_counted: bool
    not_counted_why: str | None
    reference: str | None


class RecordPart(Record):
    """Earlier overtures of the side while relations stood as now, in counts; rates only where cases allow."""

    summary: str
    dyad_state: str
    state_why: str
    counts: dict[str, int]
    states: dict[str, int]
    in_full: str
    leniently: str
    met: str
    control: str
    lines: tuple[RecordLine, ...]


class DecisionRow(Record):
    """Who must agree, by what rule, and what holds if nobody acts."""

    body: str
    what: str
    on: Days | None
    place: str | None
    rule: str | None
    members: int | None
    reversion: str | None
    reference: str | None
    positions: tuple[str, ...]
    cites: Cites


class ExpertRow(Record):
    """A judgement whether a side will do what it says, with where it comes from."""

    who: str
    affiliation: str | None
    side: str | None
    is_party: bool
    about: str
    stance: str
    words: str
    cites: Cites


class WatchRow(Record):
    """A day or an act to watch, and what it would mean."""

    on: date | None
    what: str
    cites: Cites = ()


class Brief(Record):
    """The answer to a story's headline, each part traced to its sentences.

    `strongest` is the label of the overture that the question is made of; `dyad` the directed pair, "RUS>EU+USA".
    """

    schema_version: str = "1"
    question: str
    verdict: str
    because: tuple[str, ...]
    dyad: str | None
    strongest: str | None
    as_of: date | None
    stories: tuple[StoryLine, ...]
    ledger: str
    criteria: tuple[CriterionRow, ...]
    words: tuple[WordRow, ...]
    beside: tuple[BesideRow, ...]
    deeds: tuple[DeedRow, ...]
    alleged: tuple[DeedRow, ...]
    accords: tuple[AccordRow, ...]
    record: RecordPart | None
    decisions: tuple[DecisionRow, ...]
    experts: tuple[ExpertRow, ...]
    experts_note: str | None
    watch: tuple[WatchRow, ...]
    would_change: tuple[str, ...]
    not_known: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    furniture: str
