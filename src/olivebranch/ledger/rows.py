"""What the ledger gives back: facts, overtures with criterion and outcome, coverage. Frozen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from olivebranch.records import Span

OutcomeName = Literal["kept", "partly", "late", "met", "reversed", "lapsed", "open", "untestable", "not_examined"]
Stage = Literal["announced", "instrument", "begun", "completed"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A word or deed: one event of a story, or one row of a chronology."""

    fact_id: str
    origin: str
    article_id: str | None
    span: Span | None
    actors: tuple[str, ...]
    actor_sectors: tuple[str, ...]
    recipients: tuple[str, ...]
    recipient_sectors: tuple[str, ...]
    type: str
    mode: str | None
    cameo: str | None
    is_deed: bool
    factuality: str
    score: float
    summary: str
    regime: str | None
    happened_from: date | None
    happened_to: date | None
    known_on: date | None
    basis: str
    reference: str | None
    story_id: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """What would count as keeping the overture: fixed when it entered the ledger.

    `cameo` are prefixes of the deed (for restraint: of the act forgone); both days inclusive. `family` is None where
    the words name no measure: then the overture is untestable.
    """

    family: str | None
    cameo: tuple[str, ...]
    window_days: int | None
    opens_on: date | None
    closes_on: date | None
    wording: str

    @property
    def is_testable(self) -> bool:
        """Whether the overture names a measure that can be looked for."""
        return self.family is not None and bool(self.cameo) and self.window_days is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an overture, as known on a day; `facts` are the evidence."""

    outcome: OutcomeName
    stage: Stage | None
    known_on: date
    happened_on: date | None
    facts: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class LedgerOverture:
    """An overture as the ledger keeps it, with its criterion and the latest outcome known on the day asked for."""

    overture_id: str
    origin: str
    article_id: str | None
    span: Span | None
    source: str
    targets: tuple[str, ...]
    who: str | None
    office: str | None
    grade: str
    is_restraint: bool
    words: str
    cost_flags: tuple[str, ...]
    said_on: date | None
    known_on: date | None
    dyad_state: str | None
    basis: str
    reference: str | None
    criterion: Criterion
    outcome: Outcome | None
    story_id: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """A stretch in which the ledger is complete for a dyad and for these types or families of deeds."""

    origin: str
    source: str
    target: str
    begins: date
    ends: date
    types: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction: a row of its own, never an edit. `undoes` names the correction that it takes back."""

    correction_id: int
    record_id: str
    field: str
    value: str | None
    who: str
    why: str
    recorded_at: datetime
    undoes: int | None
