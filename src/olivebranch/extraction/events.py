"""Codes events: who did what to whom, by the phrase table over the parse, with factuality, date and reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Span as Tokens
from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook, load_table
from olivebranch.extraction.contests import mark_contested
from olivebranch.extraction.event_dates import UTTERED, date_event
from olivebranch.extraction.event_links import link_mentions
from olivebranch.extraction.event_sides import HOSTILE, Pair, Reach, Sides
from olivebranch.extraction.factuality import Judgement, judge_factuality
from olivebranch.extraction.intents import has_hostile_deed, refine_cameo, refusal_code
from olivebranch.extraction.participants import Participants, is_power, same_side
from olivebranch.extraction.predicates import Match, covered_objects, match_phrases, recipient_heads
from olivebranch.extraction.syntax import prepositions_of, subjects_of
from olivebranch.extraction.word_uses import words_for
from olivebranch.records import (
    ActorMention,
    Attribution,
    DateMention,
    Document,
    Event,
    EventActor,
    Factuality,
    Sentence,
)

Coder = Callable[
    [Document, tuple[ActorMention, ...], tuple[Attribution, ...], tuple[DateMention, ...]], tuple[Event, ...]
]

REACHES: dict[Factuality, tuple[Reach, ...]] = {
    "asserted": ("grammar", "sentence", "story"),
    "alleged": ("grammar", "sentence", "story"),
    "planned": ("grammar", "sentence", "story"),
    "called-for": ("grammar",),
}
"""How far the other side of an act is looked for: of what is only demanded not beyond the words."""
THREATENED = frozenset({"ASSAULT", "COERCE"})
"""Deeds whose announcement by the doer is a threat, not a plan."""
REFUSABLE = frozenset({"AGREE", "AID", "CONCEDE", "CONSULT", "COOPERATE", "RETREAT", "SUPPORT"})
"""Types that, said not to be going to happen, are refused."""
PLAYED = frozenset({"AGREE", "CONSULT", "REJECT", "COOPERATE"})
"""Types that a single word of sport in the sentence makes a game."""
FUTURE = frozenset({"will", "would", "wo", "'ll", "shall", "going"})


NEUTRAL_BODIES = frozenset("AU IAEA ICC ICJ ICRC OPCW OSCE UN UNGA UNHCR UNHRC UNSC WHO".split())
"""Whose word on a deed is no side's word; an alliance or a union may be a side."""


def code_events(
    document: Document,
    actors: tuple[ActorMention, ...],
    attributions: tuple[Attribution, ...],
    dates: tuple[DateMention, ...],
) -> tuple[Event, ...]:
    """The events of a story in text order; a later mention of the same event names the first in `same_as`.

    Example: "Canada imposed sanctions on Belarus on Monday" gives SANCTION, CAN to BLR, asserted.
    """
    coder = make_coder(document, actors, attributions, dates)
    return finish_events(tuple(coder.iter_events()), coder.participants)


def make_coder(
    document: Document,
    actors: tuple[ActorMention, ...],
    attributions: tuple[Attribution, ...],
    dates: tuple[DateMention, ...],
) -> "RuleCoder":
    """The rules' coder of one story, with its participants looked up."""
    participants = Participants(document, actors, attributions, load_codebook())
    return RuleCoder(document, participants, Sides(document, participants), dates, load_codebook())


def finish_events(drafts: tuple[Event, ...], participants: Participants) -> tuple[Event, ...]:
    """Numbers drafts in their order, marks what is contested and links later mentions to the first."""
    weighed = mark_contested(drafts, participants)
    return link_mentions(tuple(event.model_copy(update={"id": f"e{n}"}) for n, event in enumerate(weighed, 1)))


@cache
def is_deed(kind: str) -> bool:
    """Whether acts of a PLOVER type are deeds, not words."""
    return any(row.is_deed for row in load_table("plover_types") if row.type == kind)


@dataclass(frozen=True)
class RuleCoder:
    """Codes the events of one story by the phrase table; its parts serve the trained coder too."""

    document: Document
    participants: Participants
    sides: Sides
    dates: tuple[DateMention, ...]
    codebook: Codebook

    def iter_events(self) -> Iterator[Event]:
        """Every event that the phrase table finds in the story's own sentences."""
        for sentence in self.document.own_sentences():
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            if tokens is not None:
                yield from self._in_sentence(tokens, sentence)

    def _in_sentence(self, tokens: Tokens, sentence: Sentence) -> Iterator[Event]:
        matches = match_phrases(tokens)
        open_matches = [m for m in matches if not _is_purpose(m.trigger, matches) and not _is_play(m, tokens)]
        drafts = [(match, event) for match in open_matches if (event := self._event(match, sentence.id)) is not None]
        # A verb that finds no sides leaves its object to speak for itself ("the Israeli warning was repeated").
        covered = covered_objects(match for match, _ in drafts)
        found: list[tuple[Match, Event]] = []
        for match, event in drafts:
            if match.trigger.i in covered or any(_is_part_of(match, event, *known) for known in found):
                continue
            found.append((match, event))
            yield event
            yield from self._done_before(match, event)
        yield from self._demands(tokens, sentence)

    def _event(self, match: Match, sentence_id: str) -> Event | None:
        judgement = judge_factuality(match.trigger)
        match, pair = self._with_sides(match, REACHES.get(judgement.factuality, ("grammar", "sentence")))
        if pair is None or (match.phrase.type == "AGREE" and _is_for_harm(match)):
            return None
        factuality, according_to = self.weigh(match, judgement, pair[0])
        draft = self.draft(match, sentence_id, pair, factuality, according_to)
        if match.phrase.type in THREATENED and self._is_threat(match, judgement, pair[0]):
            why = f"“{match.trigger.text}” that the speaker says he will do is a threat"
            return _as_words(draft, "THREATEN", "violence", "138", why)
        if match.phrase.type in REFUSABLE and _is_refusal(match, judgement):
            why = f"“{match.trigger.text}” that a side says it will not do is refused"
            return _as_words(draft, "REJECT", None, refusal_code(match), why)
        if match.phrase.type in UTTERED and factuality not in {"asserted", "alleged"}:
            return None
        return draft.model_copy(update={"why": _why(match, judgement, factuality)})

    def _with_sides(self, match: Match, reaches: tuple[Reach, ...]) -> tuple[Match, Pair | None]:
        """The first of the rows that fit whose both sides are found, the nearer ones before the farther."""
        for reach in reaches:
            for candidate in (match, *match.others):
                pair = self.sides.find(candidate, reach)
                if pair is not None:
                    return candidate, pair
        return match, None

    def draft(
        self, match: Match, sentence_id: str, pair: Pair, factuality: Factuality, according_to: str | None
    ) -> Event:
        """The record of a matched act between two sides, without its reason."""
        return Event(
            id="e0",
            sentence=sentence_id,
            trigger=match.span,
            actors=tuple(pair[0]),
            recipients=tuple(pair[1]),
            type=match.phrase.type,
            mode=match.phrase.mode,
            contexts=_contexts(match.trigger),
            cameo=refine_cameo(match),
            is_deed=is_deed(match.phrase.type),
            factuality=factuality,
            according_to=according_to,
            date=date_event(
                match,
                self.document,
                self.dates,
                self.participants.attributions,
                is_done=factuality in {"asserted", "alleged", "denied"},
            ),
            place=_place(match.trigger),
            runner_up=match.runner_up,
            why="",
        )

    def _demands(self, tokens: Tokens, sentence: Sentence) -> Iterator[Event]:
        """ "Iran must stop", said by another power, is a demand, whatever verb reports it."""
        for modal in tokens:
            verb = _demanded(modal)
            if verb is None:
                continue
            speaking = self.participants.speaker_at(modal.idx)
            asked = [a for a in self.participants.of(subjects_of(verb)) if is_power(a)]
            if (
                speaking is None
                or not is_power(speaking[0])
                or any(same_side(speaking[0], a) for a in asked)
                or not asked
            ):
                continue
            yield Event(
                id="e0", sentence=sentence.id, trigger=(modal.idx, max(verb.idx + len(verb), modal.idx + len(modal))),
                actors=(speaking[0],), recipients=tuple(asked), type="REQUEST", cameo="100", is_deed=False,
                contexts=_contexts(modal), factuality="asserted", according_to=speaking[1].id,
                why=f"“{modal.text}” of the other side, said by {speaking[0].name}, is a demand",
            )  # fmt: skip

    def _done_before(self, match: Match, event: Event) -> Iterator[Event]:
        """ "… might strike back, as it did before": the ellipsis asserts an earlier act of the same kind."""
        for clause in match.trigger.children:
            is_ellipsis = clause.dep_ == "advcl" and clause.lemma_ == "do" and clause.tag_ in {"VBD", "VBZ"}
            if not is_ellipsis or event.factuality == "asserted":
                continue
            if not any(mark.lower_ in {"as", "like"} for mark in clause.children):
                continue
            span = (clause.idx, clause.idx + len(clause))
            why = f"{event.why}; “{clause.text}” asserts an earlier act of the kind"
            yield event.model_copy(update={"trigger": span, "factuality": "asserted", "date": None, "why": why})

    def _is_threat(self, match: Match, judgement: Judgement, actors: list[EventActor]) -> bool:
        """ "We will strike again", said by whoever would strike."""
        said = judgement.decided_by is not None and judgement.decided_by.lower_ in {"will", "would", "'ll", "shall"}
        speaking = self.participants.speaker_at(match.trigger.idx)
        return said and speaking is not None and any(same_side(speaking[0], actor) for actor in actors)

    def weigh(self, match: Match, judgement: Judgement, actors: list[EventActor]) -> tuple[Factuality, str | None]:
        """Whose word it is: a hostile deed told by one side of the other is alleged (rulings on `alleged`)."""
        speaking = self.participants.speaker_at(match.trigger.idx)
        according_to = self._attribution_id(match.trigger.idx)
        factuality = judgement.factuality
        if factuality != "asserted" or according_to is None:
            return factuality, according_to
        speaker = speaking[0] if speaking else None
        own_act = speaker is not None and any(same_side(speaker, actor) for actor in actors)
        neutral = speaker is not None and speaker.code in NEUTRAL_BODIES
        if match.phrase.type in HOSTILE and not own_act and not neutral:
            return "alleged", according_to
        return factuality, according_to

    def _attribution_id(self, offset: int) -> str | None:
        for attribution in self.participants.attributions:
            if any(s <= offset < e for s, e in attribution.content.spans):
                return attribution.id
        return None


def _as_words(draft: Event, kind: str, mode: str | None, cameo: str, why: str) -> Event:
    """A deed that is only spoken of, as the words that speak of it."""
    told = {"type": kind, "mode": mode, "cameo": cameo, "is_deed": False, "factuality": "asserted", "why": why}
    return draft.model_copy(update=told)


def _is_refusal(match: Match, judgement: Judgement) -> bool:
    """ "Will not lift the ban": denied, and by the future's "not"."""
    by_not = (
        judgement.factuality == "denied" and judgement.decided_by is not None and judgement.decided_by.dep_ == "neg"
    )
    is_named = match.object is not None or not match.phrase.objects
    return (
        by_not and is_named and any(child.dep_ == "aux" and child.lower_ in FUTURE for child in match.trigger.children)
    )


def _is_for_harm(match: Match) -> bool:
    """ "Ready to fight", "agreed on new sanctions": what is agreed to or offered is no cooperation."""
    words = words_for("event_words", "hostile")
    spoken = [*recipient_heads(match, "comp"), *(obj for _, obj in prepositions_of(match.trigger))]
    return has_hostile_deed(match) or any(token.lemma_.lower() in words for token in spoken[:6])


def _is_purpose(trigger: Token, matches: list[Match]) -> bool:
    """ "Sent troops to bolster the rebels" is one act: what it was for is not a second."""
    if trigger.dep_ not in {"advcl", "xcomp"} or not any(
        c.dep_ == "aux" and c.lower_ == "to" for c in trigger.children
    ):
        return False
    return any(match.trigger == trigger.head and match.phrase.type not in UTTERED for match in matches)


def _is_play(match: Match, tokens: Tokens) -> bool:
    """Whether the sentence tells of sport: "Croatia met England in the semi-final"."""
    words = words_for("event_words", "sport")
    count = sum(token.lower_ in words or token.lemma_.lower() in words for token in tokens)
    return count > 1 or (count == 1 and match.phrase.type in PLAYED)


def _is_part_of(match: Match, event: Event, known: Match, before: Event) -> bool:
    """Whether a trigger only repeats one that stands over it: "issued a warning" is one threat."""
    same = event.type == before.type and event.factuality == before.factuality
    near = match.trigger.head == known.trigger or match.trigger.head.head == known.trigger
    return same and near and match.trigger.dep_ != "conj" and event.recipients == before.recipients


def _demanded(modal: Token) -> Token | None:
    """The verb of what must be done, where this token says that it must: "must stop", "needs to stop"."""
    if modal.dep_ == "aux" and modal.lower_ in words_for("event_words", "must") and modal.head.pos_ in {"VERB", "AUX"}:
        return modal.head
    if modal.pos_ == "VERB" and modal.lemma_ in {"need", "have"}:
        return next(
            (c for c in modal.children if c.dep_ == "xcomp" and any(a.lower_ == "to" for a in c.children)), None
        )
    return None


def _contexts(trigger: Token) -> tuple[str, ...]:
    words = {token.lemma_.lower() for token in trigger.sent}
    return tuple(context for context, marks in _context_words() if words & marks)[:3]


@cache
def _context_words() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((row.context, frozenset(row.words)) for row in load_table("plover_contexts"))


def _place(trigger: Token) -> str | None:
    for prep, obj in prepositions_of(trigger):
        if prep in {"in", "at", "near"} and obj.ent_type_ in {"GPE", "LOC", "FAC"}:
            ent = next((e for e in obj.sent.ents if e.start <= obj.i < e.end), None)
            return ent.text if ent is not None else obj.text
    return None


def _why(match: Match, judgement: Judgement, factuality: str) -> str:
    words = f"“{match.trigger.text}”" + (f" with “{match.object.text}”" if match.object is not None else "")
    code = f"{match.phrase.type}{' ' + match.phrase.cameo if match.phrase.cameo else ''}"
    told = (
        f"“{judgement.decided_by.text}” makes it {factuality}"
        if judgement.decided_by is not None
        else f"told as {factuality}"
    )
    return f"phrase table: {words} is {code}; {told}"
