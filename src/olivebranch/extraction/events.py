"""Codes events: who did what to whom, by the phrase table over the parse, with factuality, date and reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook, load_table
from olivebranch.codebook.tables import EventPhrase
from olivebranch.extraction.dates import date_for
from olivebranch.extraction.factuality import Judgement, judge_factuality
from olivebranch.extraction.intents import refine_cameo
from olivebranch.extraction.participants import Participants, is_power, same_side
from olivebranch.extraction.predicates import Match, covered_objects, match_phrases, recipient_heads
from olivebranch.extraction.syntax import agents_of, governing_verb, is_passive, patients_of, prepositions_of, subjects_of
from olivebranch.records import (
    ActorMention,
    Attribution,
    DateMention,
    Document,
    Event,
    EventActor,
    EventDate,
    Factuality,
    Granularity,
    Sentence,
)

Coder = Callable[
    [Document, tuple[ActorMention, ...], tuple[Attribution, ...], tuple[DateMention, ...]], tuple[Event, ...]
]

TWO_SIDED = frozenset({"CONSULT", "COOPERATE"})
"""Types that both sides do: each is actor and recipient."""
UTTERED = frozenset({"AGREE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "CONCEDE"})
"""Types that are done by being said: one that is only wished or supposed did not happen."""
SUPPORT_VERBS = frozenset(
    "abandon agree announce authorize authorise be begin broaden cancel carry conclude conduct continue declare do enforce "
    "expand extend give have hold host impose introduce issue launch lead make mount offer open order pay plan postpone "
    "prepare propose receive renew resume schedule see send stage start step stop suspend take undertake wage widen win".split()
)
"""Verbs that lend a noun their subject: "launched an attack", "held talks"."""
THREATENED = frozenset({"ASSAULT", "COERCE"})
"""Deeds whose announcement by the doer is a threat, not a plan."""
PRIVATE_SECTORS = frozenset({"BUS", "CVL", "EDU", "MED", "NGO"})
HOSTILE = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "PROTEST"})
"""Deeds that one side's word alone makes only alleged."""


def code_events(
    document: Document,
    actors: tuple[ActorMention, ...],
    attributions: tuple[Attribution, ...],
    dates: tuple[DateMention, ...],
) -> tuple[Event, ...]:
    """The events of a story in text order; a later mention of the same event names the first in `same_as`."""
    coder = _RuleCoder(document, Participants(document, actors, attributions, load_codebook()), dates, load_codebook())
    drafts = [event for event in coder.iter_events()]
    return _link_mentions(tuple(event.model_copy(update={"id": f"e{n}"}) for n, event in enumerate(drafts, 1)))


CODERS: dict[str, Coder] = {"rules": code_events}
"""Every coder by name; a trained one stands beside the rules."""


@dataclass(frozen=True)
class _RuleCoder:
    document: Document
    participants: Participants
    dates: tuple[DateMention, ...]
    codebook: Codebook

    def iter_events(self) -> Iterator[Event]:
        """Every event that the phrase table finds in the story's own sentences."""
        deeds = {row.type: row.is_deed for row in load_table("plover_types")}
        for sentence in self.document.sentences:
            paragraph = self.document.paragraphs[sentence.paragraph]
            if sentence.furniture or paragraph.role == "headline":
                continue
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            matches = match_phrases(tokens) if tokens is not None else []
            covered = covered_objects(matches)
            for match in matches:
                if match.trigger.i in covered or _is_purpose(match.trigger, matches):
                    continue
                event = self._event(match, sentence.id, deeds)
                if event is not None:
                    yield event
                    yield from self._done_before(match, event)
            yield from self._demands(sentence)

    def _event(self, match: Match, sentence_id: str, deeds: dict[str, bool]) -> Event | None:
        actors = self._actors(match)
        recipients = self._recipients(match, actors)
        if not actors and recipients and match.object is not None and match.phrase.type == "SANCTION":
            actors = self._others_in_sentence(match.trigger, recipients)
        actors, recipients = _settle_sides(match.phrase, actors, recipients)
        if not actors or not recipients or not self._is_international(actors, recipients):
            return None
        judgement = judge_factuality(match.trigger)
        factuality, according_to = self._weigh(match, judgement, actors)
        if match.phrase.type in THREATENED and self._is_threat(match, judgement, actors):
            return self._threat(match, sentence_id, actors, recipients, according_to)
        if match.phrase.type in UTTERED and factuality not in {"asserted", "alleged"}:
            return None
        return Event(
            id="e0",
            sentence=sentence_id,
            trigger=match.span,
            actors=tuple(actors),
            recipients=tuple(recipients),
            type=match.phrase.type,  # type: ignore[arg-type]
            mode=match.phrase.mode,
            contexts=_contexts(match.trigger),
            cameo=refine_cameo(match),
            is_deed=deeds[match.phrase.type],
            factuality=factuality,
            according_to=according_to,
            date=self._date(match),
            place=_place(match.trigger),
            runner_up=match.runner_up,
            why=_why(match, judgement, factuality),
        )

    def _demands(self, sentence: Sentence) -> Iterator[Event]:
        """"Iran must stop", said by another power, is a demand, whatever verb reports it."""
        tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
        for modal in tokens if tokens is not None else ():
            if modal.lower_ not in {"must", "should"} or modal.dep_ != "aux" or modal.head.pos_ not in {"VERB", "AUX"}:
                continue
            speaking = self.participants.speaker_at(modal.idx)
            asked = [a for a in self.participants.of(subjects_of(modal.head)) if is_power(a)]
            if speaking is None or not is_power(speaking[0]) or any(same_side(speaking[0], a) for a in asked) or not asked:
                continue
            yield Event(
                id="e0", sentence=sentence.id, trigger=(modal.idx, modal.head.idx + len(modal.head)),
                actors=(speaking[0],), recipients=tuple(asked), type="REQUEST", cameo="100", is_deed=False,
                contexts=_contexts(modal), factuality="asserted", according_to=speaking[1].id,
                why=f"“{modal.text}” of the other side, said by {speaking[0].name}, is a demand",
            )  # fmt: skip

    def _done_before(self, match: Match, event: Event) -> Iterator[Event]:
        """"… might strike back, as it did before": the ellipsis asserts an earlier act of the same kind."""
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
        """"We will strike again", said by whoever would strike."""
        said = judgement.decided_by is not None and judgement.decided_by.lower_ in {"will", "would", "'ll", "shall"}
        speaking = self.participants.speaker_at(match.trigger.idx)
        return said and speaking is not None and any(same_side(speaking[0], actor) for actor in actors)

    def _threat(
        self, match: Match, sentence_id: str, actors: list[EventActor], recipients: list[EventActor], told: str | None
    ) -> Event:
        return Event(
            id="e0", sentence=sentence_id, trigger=match.span, actors=tuple(actors), recipients=tuple(recipients),
            type="THREATEN", mode="violence", cameo="138", is_deed=False, contexts=_contexts(match.trigger),
            factuality="asserted", according_to=told,
            why=f"“{match.trigger.text}” that the speaker says he will do is a threat",
        )  # fmt: skip

    def _actors(self, match: Match) -> list[EventActor]:
        trigger = match.trigger
        if trigger.pos_ in {"VERB", "AUX"}:
            heads = agents_of(trigger) if is_passive(trigger) else subjects_of(trigger)
            return self.participants.of(heads)
        if match.phrase.pos == "adj":
            return self.participants.of(subjects_of(trigger.head if trigger.head.pos_ == "AUX" else trigger))
        return self._noun_actors(match)

    def _noun_actors(self, match: Match) -> list[EventActor]:
        noun = match.trigger
        owners = [c for c in noun.children if c.dep_ in {"poss", "amod", "compound", "nmod"}]
        found = self.participants.of([*owners, *(obj for prep, obj in prepositions_of(noun) if prep == "by")])
        if found:
            return found
        if match.phrase.symmetric:
            both = self.participants.of([obj for prep, obj in prepositions_of(noun) if prep in {"between", "among"}])
            if both:
                return both
        if noun.dep_ == "pobj" and noun.head.head.pos_ in {"NOUN", "PROPN"}:
            owner = self.participants.of([noun.head.head])
            if owner and match.phrase.symmetric:
                return owner
        verb = governing_verb(noun)
        if verb is None or noun.dep_ in {"nsubj", "nsubjpass"}:
            return self.participants.of([obj for prep, obj in prepositions_of(noun) if prep == "of"])
        if verb.lemma_.lower() not in SUPPORT_VERBS:
            return []
        by = agents_of(verb) if is_passive(verb) else subjects_of(verb)
        return self.participants.of(by)

    def _recipients(self, match: Match, actors: list[EventActor]) -> list[EventActor]:
        for role in match.phrase.recipient_roles:
            found = [
                actor
                for actor in self._in_role(match, role)
                if not any(same_side(actor, other) for other in actors)
            ]
            if found:
                return found
        if match.phrase.type == "CONSULT" or match.phrase.pos != "verb":
            return []
        if match.object is not None:
            found = self._others_in_sentence(match.trigger, actors)
            if found:
                return found
        return self._counterpart(match, actors)

    def _counterpart(self, match: Match, actors: list[EventActor]) -> list[EventActor]:
        """"Opened fire on the flotilla": the other side is the one that the story sets against the actor."""
        has_object = match.object is not None or bool(patients_of(match.trigger))
        if not actors or not is_power(actors[0]) or not (has_object or match.phrase.type in {"ASSAULT", "MOBILIZE"}):
            return []
        other = self.participants.counterpart(actors[0])
        return [other] if other is not None else []

    def _others_in_sentence(self, trigger: Token, actors: list[EventActor]) -> list[EventActor]:
        """The other power that the sentence names, after the trigger before those that stand ahead of it."""
        named = [token for token in trigger.sent if token.pos_ != "PRON"]
        tokens = [t for t in named if t.i > trigger.i] + [t for t in named if t.i < trigger.i]
        others = [
            actor
            for actor in self.participants.within(tokens)
            if actor.sector not in PRIVATE_SECTORS and not any(same_side(actor, other) for other in actors)
        ]
        joined = others[:1]
        for other in others[1:]:
            if not self._is_joined(joined[-1], other):
                break
            joined.append(other)
        return joined

    def _is_joined(self, one: EventActor, other: EventActor) -> bool:
        """Whether only "and", commas and articles stand between two names."""
        if one.span is None or other.span is None or one.span[1] > other.span[0]:
            return False
        between = self.document.words((one.span[1], other.span[0])).replace(",", " ").split()
        return len(between) <= 3 and set(between) <= {"and", "the", "or", "both"}

    def _in_role(self, match: Match, role: str) -> list[EventActor]:
        heads = recipient_heads(match, role)
        return self.participants.within(heads) if role == "comp" else self.participants.of(heads)

    def _is_international(self, actors: list[EventActor], recipients: list[EventActor]) -> bool:
        return any(not same_side(a, r) for a in actors for r in recipients)

    def _weigh(self, match: Match, judgement: Judgement, actors: list[EventActor]) -> tuple[Factuality, str | None]:
        """Whose word it is: a hostile deed told by one side of the other is alleged (rulings on `alleged`)."""
        speaking = self.participants.speaker_at(match.trigger.idx)
        according_to = self._attribution_id(match.trigger.idx)
        factuality = judgement.factuality
        if factuality != "asserted" or according_to is None:
            return factuality, according_to
        speaker = speaking[0] if speaking else None
        own_act = speaker is not None and any(same_side(speaker, actor) for actor in actors)
        neutral = speaker is not None and not self.codebook.is_state(speaker.code)
        if match.phrase.type in HOSTILE and not own_act and not neutral:
            return "alleged", according_to
        return factuality, according_to

    def _attribution_id(self, offset: int) -> str | None:
        for attribution in self.participants.attributions:
            if any(s <= offset < e for s, e in attribution.content.spans):
                return attribution.id
        return None

    def _date(self, match: Match) -> EventDate | None:
        mention = date_for(match.span, self.document, self.dates)
        if mention is None:
            return self._said_on(match)
        return EventDate(
            from_=mention.from_, to=mention.to, granularity=mention.granularity, span=mention.span, how=mention.how
        )


    def _said_on(self, match: Match) -> EventDate | None:
        """Of an act that is done by saying, the day of the saying, where the trigger is what reports it."""
        if match.phrase.type not in UTTERED:
            return None
        start = match.trigger.idx
        for statement in self.participants.attributions:
            if statement.said_on and statement.cue and statement.cue.span[0] <= start < statement.cue.span[1]:
                days = statement.said_on
                granularity: Granularity = "day" if days.from_ == days.to else "range"
                return EventDate(from_=days.from_, to=days.to, granularity=granularity, how="the day of the statement")
        return None


def _is_purpose(trigger: Token, matches: list[Match]) -> bool:
    """"Sent troops to bolster the rebels" is one act: what it was for is not a second."""
    if trigger.dep_ not in {"advcl", "xcomp"} or not any(c.dep_ == "aux" and c.lower_ == "to" for c in trigger.children):
        return False
    return any(match.trigger == trigger.head and match.phrase.type not in UTTERED for match in matches)


def _settle_sides(
    phrase: EventPhrase, actors: list[EventActor], recipients: list[EventActor]
) -> tuple[list[EventActor], list[EventActor]]:
    """Both sides of what both do are actor and recipient; two sides in the subject did it to each other."""
    two_sided = phrase.symmetric or phrase.type in TWO_SIDED
    if two_sided and (recipients or len(actors) > 1):
        both = [*actors, *(r for r in recipients if not any(same_side(r, a) for a in actors))]
        return both, both
    return actors, recipients


def _contexts(trigger: Token) -> tuple[str, ...]:
    words = {token.lemma_.lower() for token in trigger.sent}
    return tuple(row.context for row in load_table("plover_contexts") if words & set(row.words))[:3]


def _place(trigger: Token) -> str | None:
    for prep, obj in prepositions_of(trigger):
        if prep in {"in", "at", "near"} and obj.ent_type_ in {"GPE", "LOC", "FAC"}:
            ent = next((e for e in obj.sent.ents if e.start <= obj.i < e.end), None)
            return ent.text if ent is not None else obj.text
    return None


def _why(match: Match, judgement: Judgement, factuality: str) -> str:
    words = f"“{match.trigger.text}”" + (f" with “{match.object.text}”" if match.object is not None else "")
    code = f"{match.phrase.type}{' ' + match.phrase.cameo if match.phrase.cameo else ''}"
    told = f"“{judgement.decided_by.text}” makes it {factuality}" if judgement.decided_by is not None else f"told as {factuality}"
    return f"phrase table: {words} is {code}; {told}"


def _link_mentions(events: tuple[Event, ...]) -> tuple[Event, ...]:
    linked: list[Event] = []
    for event in events:
        first = next((known for known in linked if known.same_as is None and _is_same(known, event)), None)
        linked.append(event.model_copy(update={"same_as": first.id}) if first else event)
    return tuple(linked)


def _is_same(known: Event, event: Event) -> bool:
    """The same type between the same sides, not told apart by date, mode or standing."""
    if known.type != event.type or not _meet(known.actors, event.actors) or not _meet(known.recipients, event.recipients):
        return False
    if known.factuality != event.factuality and "asserted" in {known.factuality, event.factuality}:
        return False
    if known.date and event.date and (known.date.from_, known.date.to) != (event.date.from_, event.date.to):
        return False
    return known.cameo == event.cameo and {a.code for a in event.actors} <= {a.code for a in known.actors}


def _meet(ones: tuple[EventActor, ...], others: tuple[EventActor, ...]) -> bool:
    return any(same_side(one, other) for one in ones for other in others)
