"""The nouns that cross rooms. Frozen; the reading's are the JSON contract of `olivebranch read --json`.

Offsets are half-open `[start, end)` in code points of the raw text as given. Country codes are ISO 3166
alpha-3; organisations and groups have the codebook's own codes. What is not known is None.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from spacy.tokens import Doc

Span = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]
Probability = Annotated[float, Field(ge=0, le=1)]

Furniture = Literal["byline", "credit", "caption", "dateline", "paywall", "related", "navigation"]
Factuality = Literal["asserted", "alleged", "denied", "planned", "conditional", "wished", "called-for"]
PloverType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
Grade = Literal["wish", "conditional", "specific", "step"]
CostFlag = Literal[
    "public", "in_person", "irrevocable", "under_way", "specific", "dated",
    "opposed_at_home", "opposed_by_ally", "costs_money", "machinery_in_place",
]  # fmt: skip
Granularity = Literal["day", "week", "month", "quarter", "season", "half", "year", "decade", "range", "vague"]
DateHow = Literal["given", "metadata", "inferred", "unknown"]


class Record(BaseModel):
    """A frozen row of the contract; JSON names are the field names, or the alias where Python forbids them."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="forbid", serialize_by_alias=True)


class Days(Record):
    """An interval of days, both inclusive."""

    from_: date = Field(alias="from")
    to: date


class Article(Record):
    """One story of one outlet, as given: `text` is what every offset points into."""

    id: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: str | None = "en"
    text: str
    sha256: str
    published_on: date | None = None
    published_on_how: DateHow = "unknown"
    published_on_why: str | None = None


class Sentence(Record):
    """A sentence, or a line of furniture."""

    id: str
    span: Span
    paragraph: int
    furniture: Furniture | None = None


class Hedge(Record):
    """Words that weaken a statement; kind is one of the codebook's hedge kinds."""

    span: Span
    kind: str


class Content(Record):
    """The words of a statement, without the outer quotation marks; several spans where the cue interrupts."""

    spans: tuple[Span, ...]


class Cue(Record):
    """The words that attribute: said, according to, accused."""

    span: Span


class Source(Record):
    """Who speaks. `span` is None where the speaker is not in the words (carried on, or implied)."""

    span: Span | None = None
    name: str | None = None
    country: str | None = None
    office: str | None = None
    affiliation: str | None = None
    sector: str | None = None
    is_expert: bool = False
    is_named: bool = False


class Attribution(Record):
    """A statement and whose it is (PolNeAR's source, cue and content)."""

    id: str
    kind: Literal["direct", "indirect", "mixed"]
    content: Content
    cue: Cue | None = None
    source: Source
    addressee: str | None = None
    venue: str | None = None
    said_on: Days | None = None
    hedges: tuple[Hedge, ...] = ()
    why: str
    probability: Probability | None = None


class ActorMention(Record):
    """A mention of somebody who can act between states, resolved as far as the codebook goes."""

    id: str
    span: Span
    name: str
    entity: str | None = None
    kind: Literal["person", "state", "organisation", "group"]
    country: str | None = None
    sector: str | None = None
    office: str | None = None
    office_on: date | None = None
    affiliation: str | None = None
    is_expert: bool = False
    why: str


class EventActor(Record):
    """An actor or recipient of an event: the code of its state, body or group."""

    code: str
    name: str
    span: Span | None = None
    sector: str | None = None


class EventDate(Record):
    """When the act happened, and what that was resolved from."""

    from_: date = Field(alias="from")
    to: date
    granularity: Granularity
    span: Span | None = None
    how: str


class Event(Record):
    """Who did what to whom (PLOVER), and whether it is asserted to have been done."""

    id: str
    sentence: str
    trigger: Span
    actors: tuple[EventActor, ...]
    recipients: tuple[EventActor, ...]
    type: PloverType
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    cameo: str | None = None
    is_deed: bool
    factuality: Factuality
    according_to: str | None = None
    date: EventDate | None = None
    place: str | None = None
    same_as: str | None = None
    probability: Probability | None = None
    runner_up: str | None = None
    why: str


class Overture(Record):
    """A forward-looking, cooperative statement or offer by a state or its official to a named party."""

    id: str
    span: Span
    trigger: Span | None = None
    from_: str = Field(alias="from")
    to: tuple[str, ...]
    grade: Grade
    is_restraint: bool = False
    said_on: Days | None = None
    proposed_act: str | None = None
    attribution: str | None = None
    cost_flags: tuple[CostFlag, ...] = ()
    hedges: tuple[Hedge, ...] = ()
    condition: Span | None = None
    why: str
    probability: Probability | None = None


class Accord(Record):
    """An agreement and its standing."""

    id: str
    span: Span
    parties: tuple[str, ...]
    mediator: str | None = None
    subject: str
    status: Literal["proposed", "tentative", "signed", "in_force", "violated", "suspended", "expired", "superseded"]
    until: date | None = None
    why: str


class Decision(Record):
    """A decision still to come, of a body that must vote, rule or choose."""

    id: str
    span: Span
    body: str
    what: str
    rule: str | None = None
    members: int | None = None
    on: Days | None = None
    place: str | None = None
    why: str


class Position(Record):
    """Where one member stands on a decision."""

    id: str
    span: Span
    who: str
    on: str | None = None
    position: Literal["for", "against", "leaning_for", "leaning_against", "abstain", "divided"]
    attribution: str | None = None
    why: str


class Assessment(Record):
    """Somebody's judgement whether a side will, or can, do what it says."""

    id: str
    span: Span
    who: str
    affiliation: str | None = None
    side: str | None = None
    is_party: bool = False
    about: str
    stance: Literal["believes", "doubts", "mixed", "none"]
    attribution: str | None = None
    why: str


class DateMention(Record):
    """An expression of time, resolved against the day of publication."""

    span: Span
    from_: date = Field(alias="from")
    to: date
    granularity: Granularity
    how: str


class Reading(Record):
    """All that one story says: the document of `olivebranch read --json` (schema version 1)."""

    schema_version: str = "1"
    article: Article
    sentences: tuple[Sentence, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    actors: tuple[ActorMention, ...] = ()
    events: tuple[Event, ...] = ()
    overtures: tuple[Overture, ...] = ()
    accords: tuple[Accord, ...] = ()
    decisions: tuple[Decision, ...] = ()
    positions: tuple[Position, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    dates: tuple[DateMention, ...] = ()

    def words(self, span: Span) -> str:
        """The words at `span` of the raw text."""
        return self.article.text[span[0] : span[1]]

    def line(self, span: Span) -> str:
        """The words at `span` on one line, white space made single."""
        return " ".join(self.words(span).split())


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of the raw text; `furniture` says which kind of page furniture it is, None for the story's own."""

    index: int
    span: Span
    furniture: Furniture | None = None
    role: Literal["headline", "standfirst", "body"] = "body"


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation: its words over one or more paragraphs, without the outer marks.

    `spans` has one span a paragraph (a quotation that runs over paragraphs has several, its re-opened marks left out);
    `outer` covers the marks too; `depth` is 0 for an outer quotation, 1 for one nested in it.
    """

    spans: tuple[Span, ...]
    outer: Span
    depth: int = 0
    is_closed: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """An article taken apart: paragraphs, sentences, quotations, and one spaCy parse with the raw text's offsets."""

    article: Article
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]
    quotations: tuple[Quotation, ...]
    parse: "Doc"

    def words(self, span: Span) -> str:
        """The words at `span` of the raw text."""
        return self.article.text[span[0] : span[1]]

    def line(self, span: Span) -> str:
        """The words at `span` on one line, white space made single."""
        return " ".join(self.words(span).split())

    def own_sentences(self) -> "list[Sentence]":
        """The story's own sentences: neither furniture nor headline."""
        return [s for s in self.sentences if not s.furniture and self.paragraphs[s.paragraph].role != "headline"]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds the character at `offset`."""
        return _holding(self.sentences, offset)

    def paragraph_at(self, offset: int) -> Paragraph | None:
        """The paragraph that holds the character at `offset`."""
        return _holding(self.paragraphs, offset)


_Spanned = TypeVar("_Spanned", Sentence, Paragraph)


def _holding(items: Sequence[_Spanned], offset: int) -> _Spanned | None:
    """Items are in order and disjoint, so halving finds the one."""
    number = bisect_right(items, offset, key=lambda item: item.span[0]) - 1
    return items[number] if number >= 0 and offset < items[number].span[1] else None
