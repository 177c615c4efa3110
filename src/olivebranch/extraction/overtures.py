"""Finds overtures: what a state or its official says that it will do, or not do, for another, and graded how.

Two ways lead to one: a statement whose speaker stands for a power, and the story's own sentence that tells of an
offer, a promise or an ordered step. Calls on the other side, third parties' hopes and recollections are none.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Span as Tokens
from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.extraction.offer_events import add_offers
from olivebranch.extraction.offers import Offer, Side, find_offer, find_promise, told_offer
from olivebranch.extraction.participants import FIRST_PERSON, Participants, is_power, same_side
from olivebranch.extraction.syntax import lemma_of, subjects_of
from olivebranch.extraction.word_uses import search_words, words_for
from olivebranch.records import (
    ActorMention,
    Attribution,
    CostFlag,
    DateMention,
    Days,
    Decision,
    Document,
    Event,
    EventActor,
    Grade,
    Hedge,
    Overture,
    Span,
)

__all__ = ["add_offers", "find_overtures"]

OWN_NOUNS = frozenset(
    "administration army cabinet country delegation force government kingdom military ministry nation navy police "
    "republic state troop".split()
)
"""What a speaker calls his own side without naming it."""
REPORTED_SELF = frozenset({"he", "she", "it", "they"})
"""In reported speech the speaker himself, where nobody else is meant."""
DENIALS = frozenset({"deny", "dismiss", "refute", "rule", "recall", "remember"})
"""Verbs that report an offer as not made, or as made long ago."""
NEAR = 900
"""Characters, about three paragraphs, within which a speaker still speaks to the same side."""
GRADES: tuple[Grade, ...] = ("wish", "specific", "conditional", "step")
"""From weak to strong, as grades of one overture are joined: a condition outranks the measure that it hangs on."""


@dataclass
class OvertureDraft:
    """An overture in the making: the offers of one speaker in one paragraph are one."""

    speaker: EventActor
    offers: list[Offer]
    attribution: Attribution | None
    recipients: list[EventActor] = field(default_factory=list)
    probability: float | None = None

    @property
    def span(self) -> Span:
        """From the first offer's words to the last's."""
        return (min(o.span[0] for o in self.offers), max(o.span[1] for o in self.offers))

    @property
    def families(self) -> set[str | None]:
        """The acts offered, as far as they are named: an unnamed wish repeats nothing."""
        return {offer.family for offer in self.offers} - {"restraint", "relations" if self.attribution else None, None}

    @property
    def firmness(self) -> tuple[int, bool, bool]:
        """Grade, then whether it is somebody's statement, then whether in his own words."""
        grade = max(GRADES.index(offer.grade) for offer in self.offers)
        return (grade, self.attribution is not None, self.attribution is not None and self.attribution.kind == "direct")


Weigher = Callable[["OvertureFinder", list[OvertureDraft]], list[OvertureDraft]]


def find_overtures(
    document: Document,
    actors: tuple[ActorMention, ...],
    attributions: tuple[Attribution, ...],
    events: tuple[Event, ...],
    decisions: tuple[Decision, ...],
    dates: tuple[DateMention, ...],
    weigh: Weigher | None = None,
) -> tuple[Overture, ...]:
    """The overtures of a story in text order, each with its grade, addressees, condition and cost flags.

    `weigh` may drop drafts, grade them anew and add others: the trained model's say (`trained_overtures`).
    """
    participants = Participants(document, actors, attributions, load_codebook())
    finder = OvertureFinder(document, participants, load_codebook(), events, decisions, dates)
    drafts = sorted(finder.iter_drafts(), key=lambda draft: draft.span)
    if weigh is not None:
        drafts = sorted(weigh(finder, drafts), key=lambda draft: draft.span)
    drafts = _drop_repeats(_join_repeats(drafts))
    return tuple(finder.overture(f"o{n}", draft) for n, draft in enumerate(drafts, 1))


@dataclass(frozen=True)
class OvertureFinder:
    """Finds the drafts of one story, whom they address, and makes the records."""

    document: Document
    participants: Participants
    codebook: Codebook
    events: tuple[Event, ...]
    decisions: tuple[Decision, ...]
    dates: tuple[DateMention, ...]
    last: dict[str, OvertureDraft] = field(default_factory=dict)

    def iter_drafts(self) -> Iterator[OvertureDraft]:
        """Drafts from statements, then from the story's own sentences outside any statement."""
        for attribution in self.participants.attributions:
            speaker = self.participants.of_source(attribution)
            if speaker is None or not self._speaks_for_a_power(speaker):
                continue
            offers = self._offers_of(attribution, speaker)
            draft = OvertureDraft(speaker, offers, attribution)
            if offers and self.address(draft):
                yield draft
        yield from self._narrated_drafts()
        yield from self._told_drafts()

    def _narrated_drafts(self) -> Iterator[OvertureDraft]:
        """Offers in the first person of a text that is itself a power's statement, speech or letter."""
        speaker = self._narrator()
        for sentence in self.document.sentences if speaker is not None else ():
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            if speaker is None or sentence.furniture or tokens is None or self._is_in_statement(tokens[0].idx):
                continue
            if not any(token.lower_ in FIRST_PERSON for token in tokens):
                continue
            offer = find_offer(tokens, lambda heads, by=speaker: self._side_of(heads, by))  # type: ignore[misc]
            draft = OvertureDraft(speaker, [offer], None) if offer is not None else None
            if draft is not None and self.address(draft):
                yield draft

    def _narrator(self) -> EventActor | None:
        """The power whose text this is, where its opening says so ("Statement by the Foreign Minister of Iran")."""
        opening = self.document.paragraphs[:1]
        if not opening or not search_words("event_words", "own_text", self.document.words(opening[0].span)):
            return None
        named = (m for m in self.actors_in(opening[0].span) if (a := self.participants.of_mention(m)) and is_power(a))
        first = next(named, None)
        return self.participants.of_mention(first) if first is not None else None

    def actors_in(self, span: Span) -> list[ActorMention]:
        """The mentions inside a span, in text order."""
        return [m for m in self.participants.actors if span[0] <= m.span[0] < span[1]]

    def _offers_of(self, attribution: Attribution, speaker: EventActor) -> list[Offer]:
        """The offers of one statement; a denial of one, or words about a game, make none."""
        cue = self._cue_of(attribution)
        if cue in DENIALS or self._is_of_sport(attribution):
            return []
        found = []
        for clause in self._clauses(attribution):
            offer = find_offer(clause, lambda heads: self._side_of(heads, speaker))
            is_own_order = attribution.addressee == speaker.code
            offer = offer or (find_promise(clause, cue, is_own_order=is_own_order) if cue else None)
            if offer is not None:
                found.append(offer)
        return found

    def _cue_of(self, attribution: Attribution) -> str | None:
        """The lemma of the verb that reports a statement."""
        if attribution.cue is None:
            return None
        words = self.document.parse.char_span(*attribution.cue.span, alignment_mode="expand")
        return lemma_of(words.root) if words is not None and len(words) else None

    def _is_of_sport(self, attribution: Attribution) -> bool:
        words = words_for("event_words", "sport")
        return any(
            token.lower_ in words or token.lemma_.lower() in words
            for clause in self._clauses(attribution)
            for token in clause.sent
        )

    def _side_of(self, heads: list[Token], speaker: EventActor) -> Side | None:
        """Whether a subject is the speaker's own side, another power, or neither that we know."""
        if self._is_own_side(heads, speaker):
            return "own"
        return "other" if any(is_power(actor) for actor in self.participants.of(heads)) else None

    def _told_drafts(self) -> Iterator[OvertureDraft]:
        for sentence in self.document.sentences:
            if sentence.furniture or self.document.paragraphs[sentence.paragraph].role != "body":
                continue  # A headline or standfirst tells again, and shorter, what the story tells.
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            for offer, heads in told_offer(tokens) if tokens is not None else ():
                side = [actor for actor in self.participants.of(heads) if self._speaks_for_a_power(actor)]
                if self._is_in_statement(offer.trigger[0]) and not self._is_told_by_another(offer, side):
                    continue
                draft = OvertureDraft(side[0], [offer], None) if len(side) == 1 else None
                if draft is not None and self.address(draft):
                    yield draft

    def _is_told_by_another(self, offer: Offer, side: list[EventActor]) -> bool:
        """ "King Salman has invited the president, an Iranian official said": the offer is not the speaker's."""
        speaking = self.participants.speaker_at(offer.trigger[0])
        return speaking is not None and bool(side) and not same_side(speaking[0], side[0])

    def _speaks_for_a_power(self, actor: EventActor) -> bool:
        """A state's organ, a body of states, or an armed movement that bargains; not a private person or firm."""
        if self.codebook.is_state(actor.code):
            return actor.sector in {None, "GOV", "MIL", "LEG", "JUD", "SPY", "COP"}
        return True

    def _clauses(self, attribution: Attribution) -> Iterator[Tokens]:
        """The sentences of a statement's content, cut to the content."""
        for span in attribution.content.spans:
            tokens = self.document.parse.char_span(*span, alignment_mode="contract")
            if tokens is None:
                continue
            start = tokens.start
            for token in tokens:
                if token.i > start and token.is_sent_start:
                    yield tokens.doc[start : token.i]
                    start = token.i
            yield tokens.doc[start : tokens.end]

    def _is_own_side(self, heads: list[Token], speaker: EventActor) -> bool:
        """Whether a subject is the speaker's own side: we, his country, or an it that means either."""
        if any(head.lower_ in FIRST_PERSON for head in heads):
            return True
        if any(child.lower_ in FIRST_PERSON and child.dep_ == "poss" for head in heads for child in head.children):
            return True
        if any(head.lemma_ in OWN_NOUNS and _is_definite(head) for head in heads):
            return True
        sides = self.participants.of(heads)
        if not sides and heads and all(head.lower_ in REPORTED_SELF for head in heads):
            return True
        return bool(sides) and all(same_side(actor, speaker) for actor in sides)

    def _is_in_statement(self, offset: int) -> bool:
        return any(s <= offset < e for a in self.participants.attributions for s, e in a.content.spans)

    def address(self, draft: OvertureDraft) -> bool:
        """Finds to whom: told so, else in the words, the sentence, the overture before, else the story's other side."""
        words = [self.document.parse.char_span(*offer.span, alignment_mode="expand") for offer in draft.offers]
        for candidates in (
            self._addressee(draft),
            self._others([token for tokens in words if tokens is not None for token in tokens], draft.speaker),
            self._others(self._sentence_around(draft), draft.speaker),
            self._as_before(draft),
            self._counterpart(draft),
        ):
            if candidates:
                draft.recipients = candidates
                self.last[draft.speaker.name] = draft
                return True
        return False

    def _others(self, tokens: list[Token], speaker: EventActor) -> list[EventActor]:
        others = [
            actor
            for actor in self.participants.within(token for token in tokens if token.pos_ != "PRON")
            if actor.code != speaker.code and self._is_power(actor)
        ]
        codes = {actor.code for actor in others}
        return [actor for actor in others if not codes & self._members(actor.code)]

    def _members(self, code: str) -> set[str]:
        """The members of a group; of a body that acts for itself (the EU) none: it and its members stand apart."""
        is_group = not self.codebook.is_state(code) and self.codebook.organisation(code).kind == "group"
        return set(self.codebook.members(code, self._day)) if is_group else set()

    @property
    def _day(self) -> date:
        return self.document.article.published_on or date.today()

    def _is_power(self, actor: EventActor) -> bool:
        return actor.sector not in {"BUS", "MED", "NGO", "EDU"} and actor.code not in {"UN", "UNGA", "UNSC", "OSCE"}

    def _addressee(self, draft: OvertureDraft) -> list[EventActor]:
        code = draft.attribution.addressee if draft.attribution else None
        if code is None or code == draft.speaker.code:
            return []
        return [EventActor(code=code, name=self.codebook.name_of(code))]

    def _sentence_around(self, draft: OvertureDraft) -> list[Token]:
        start = self.document.parse.char_span(*draft.span, alignment_mode="expand")
        return list(start.sent) if start is not None and len(start) else []

    def _as_before(self, draft: OvertureDraft) -> list[EventActor]:
        """The addressees of the same speaker's last overture, where it stands near: a speech goes to the same side."""
        last = self.last.get(draft.speaker.name)
        if last is None or not 0 <= draft.span[0] - last.span[1] <= NEAR:
            return []
        return last.recipients

    def _counterpart(self, draft: OvertureDraft) -> list[EventActor]:
        other = self.participants.counterpart(draft.speaker)
        return [other] if other is not None and self._is_power(other) else []

    def overture(self, overture_id: str, draft: OvertureDraft) -> Overture:
        """The record of a draft."""
        attribution = draft.attribution
        grade = max((offer.grade for offer in draft.offers), key=GRADES.index)
        strongest = next(offer for offer in draft.offers if offer.grade == grade)
        return Overture(
            id=overture_id,
            span=draft.span,
            trigger=strongest.trigger,
            from_=draft.speaker.code,
            to=tuple(actor.code for actor in draft.recipients),
            grade=grade,
            is_restraint=all(offer.is_restraint for offer in draft.offers),
            said_on=attribution.said_on if attribution else self._told_on(draft),
            proposed_act=strongest.family,
            attribution=attribution.id if attribution else None,
            cost_flags=tuple(self._flags(draft, grade)),
            hedges=self._hedges(draft),
            condition=next((offer.condition for offer in draft.offers if offer.condition), None),
            why="; ".join(dict.fromkeys(offer.why for offer in draft.offers)),
            probability=draft.probability,
        )

    def _told_on(self, draft: OvertureDraft) -> Days | None:
        sentence = self.document.sentence_at(draft.span[0])
        if sentence is None:
            return None
        found = [d for d in self.dates if sentence.span[0] <= d.span[0] < sentence.span[1] and d.granularity == "day"]
        published = self.document.article.published_on
        past = [d for d in found if published is None or d.from_ <= published]
        return Days(from_=past[0].from_, to=past[0].to) if past else None

    def _hedges(self, draft: OvertureDraft) -> tuple[Hedge, ...]:
        found = draft.attribution.hedges if draft.attribution else ()
        return tuple(hedge for hedge in found if not self._is_of_another(hedge, draft.speaker))

    def _is_of_another(self, hedge: Hedge, speaker: EventActor) -> bool:
        """ "What the Americans might call a reset" weakens nothing that the speaker offers."""
        words = self.document.parse.char_span(*hedge.span, alignment_mode="expand")
        if words is None or not len(words) or words[0].dep_ != "aux":
            return False
        subjects = self.participants.of(subjects_of(words[0].head))
        return bool(subjects) and not any(same_side(subject, speaker) for subject in subjects)

    def _flags(self, draft: OvertureDraft, grade: Grade) -> Iterator[CostFlag]:
        attribution = draft.attribution
        if attribution is None or attribution.source.is_named or attribution.source.country:
            yield "public"
        if attribution is not None and attribution.kind != "indirect" and attribution.source.is_named:
            yield "in_person"
        if any(offer.is_irrevocable for offer in draft.offers):
            yield "irrevocable"
        if any(offer.is_under_way for offer in draft.offers):
            yield "under_way"
        if any(offer.is_specific for offer in draft.offers):
            yield "specific"
        if self._is_dated(draft):
            yield "dated"
        if any(offer.costs_money for offer in draft.offers):
            yield "costs_money"
        if self._has_machinery(draft):
            yield "machinery_in_place"

    def _is_dated(self, draft: OvertureDraft) -> bool:
        """A day still to come stands in the words of the offer."""
        said = draft.attribution.said_on.to if draft.attribution and draft.attribution.said_on else None
        day = said or self.document.article.published_on
        return any(
            d.granularity in {"day", "week", "month"} and (day is None or d.to > day)
            for d in self.dates
            for offer in draft.offers
            if offer.span[0] <= d.span[0] < offer.span[1]
        )

    def _has_machinery(self, draft: OvertureDraft) -> bool:
        """A meeting of the two sides is held or fixed in the story."""
        sides = {draft.speaker.code} | {actor.code for actor in draft.recipients}
        return any(
            event.type == "CONSULT" and event.factuality in {"asserted", "planned"}
            and len(sides & {actor.code for actor in (*event.actors, *event.recipients)}) > 1
            for event in self.events
        )  # fmt: skip


def _join_repeats(drafts: list[OvertureDraft]) -> list[OvertureDraft]:
    """Offers of one speaker in one statement or in the next words of the same kind are one overture."""
    joined: list[OvertureDraft] = []
    for draft in drafts:
        last = joined[-1] if joined else None
        if last is not None and _is_repeat(last, draft):
            last.offers.extend(draft.offers)
        else:
            joined.append(draft)
    return joined


def _is_definite(head: Token) -> bool:
    """ "The kingdom", "his government": the speaker's own, unless another power is named within."""
    words = [child for child in head.children if child.dep_ in {"det", "poss", "amod", "compound", "prep"}]
    return [word.lower_ for word in words if word.dep_ != "amod"] in (
        ["the"],
        ["his"],
        ["her"],
        ["its"],
        ["their"],
        ["our"],
    )


def _drop_repeats(drafts: list[OvertureDraft]) -> list[OvertureDraft]:
    """What a side offers twice in a story is one overture: its firmest telling stays, the speaker's own words first."""
    kept: list[OvertureDraft] = []
    for draft in drafts:
        twin = next((n for n, known in enumerate(kept) if _is_twin(known, draft)), None)
        if twin is None:
            kept.append(draft)
        elif draft.firmness > kept[twin].firmness:
            kept[twin] = draft
    return kept


def _is_twin(known: OvertureDraft, draft: OvertureDraft) -> bool:
    same_sides = known.speaker.code == draft.speaker.code and bool(
        {a.code for a in known.recipients} & {a.code for a in draft.recipients}
    )
    told = known.attribution is None or draft.attribution is None or known.speaker.name == draft.speaker.name
    return same_sides and told and bool(known.families & draft.families)


def _is_repeat(last: OvertureDraft, draft: OvertureDraft) -> bool:
    if last.speaker.code != draft.speaker.code or last.speaker.name != draft.speaker.name:
        return False
    if (last.attribution is None) != (draft.attribution is None):
        return False
    if (
        last.attribution is not None
        and draft.attribution is not None
        and last.attribution.kind != draft.attribution.kind
    ):
        return False
    gap = draft.span[0] - last.span[1]
    same_kind = last.offers[-1].is_restraint == draft.offers[0].is_restraint
    return gap < 150 and same_kind and {a.code for a in last.recipients} == {a.code for a in draft.recipients}
