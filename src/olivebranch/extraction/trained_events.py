"""The trained event coder: the rules' events weighed by the model, and what the rules missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Span as Tokens
from spacy.tokens import Token

from olivebranch.codebook.tables import EventPhrase
from olivebranch.extraction.event_model import NONE, EventModel, Verdict, load_event_model
from olivebranch.extraction.event_sides import HOSTILE
from olivebranch.extraction.events import RuleCoder, finish_events, is_deed, make_coder
from olivebranch.extraction.factuality import Judgement
from olivebranch.extraction.kinds import judge_kinds
from olivebranch.extraction.pair_reading import Pair, read_pairs
from olivebranch.extraction.predicates import Match, match_phrases
from olivebranch.extraction.word_uses import words_for
from olivebranch.records import ActorMention, Attribution, DateMention, Document, Event, Sentence

JOINT = frozenset({"AGREE", "CONSULT", "COOPERATE"})
"""Roots that two sides do together: one event with both on both sides."""
LOOSE = 3
"""A text of so many sentences at most is no story."""
BASE_CODES = {
    "AGREE": "030", "CONSULT": "040", "SUPPORT": "050", "COOPERATE": "060", "AID": "070", "CONCEDE": "080",
    "RETREAT": "087", "REQUEST": "100", "ACCUSE": "110", "REJECT": "120", "THREATEN": "130", "PROTEST": "140",
    "MOBILIZE": "150", "SANCTION": "160", "COERCE": "170", "ASSAULT": "190",
}  # fmt: skip
"""The CAMEO code of a root where no phrase tells a finer one."""
OTHER_NAMES = frozenset({("SANCTION", "COERCE"), ("COERCE", "ASSAULT"), ("SANCTION", "REJECT")})
"""Roots of ours that the rows which the model learnt from call by another name: there the phrase table decides."""
UTTERED_ROOTS = frozenset({"AGREE", "REQUEST", "ACCUSE", "THREATEN", "REJECT"})
"""Roots that are done by saying so: what was uttered is asserted."""


def code_events_trained(
    document: Document,
    actors: tuple[ActorMention, ...],
    attributions: tuple[Attribution, ...],
    dates: tuple[DateMention, ...],
) -> tuple[Event, ...]:
    """The events of a story in text order, each with its calibrated chance and the runner-up where the model spoke.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    coder = make_coder(document, actors, attributions, dates)
    return finish_events(TrainedCoder(coder, load_event_model()).events(), coder.participants)


@dataclass(frozen=True)
class TrainedCoder:
    """Joins the rules' events of one story with what the model says of each pair of powers."""

    rules: RuleCoder
    model: EventModel

    @cached_property
    def is_loose(self) -> bool:
        """Whether the text is a loose sentence or three, where every act counts.

        In a story the model's own finds are the background and the repeats that nobody codes: on the project's open
        stories they brought 3 spurious events for each right one, so there the rules decide alone.
        """
        return len(self.rules.document.sentences) <= LOOSE

    @cached_property
    def drafts(self) -> tuple[Event, ...]:
        """What the rules found."""
        return tuple(self.rules.iter_events())

    @cached_property
    def pairs(self) -> dict[str, list[Pair]]:
        """Sentence id to its judged pairs: of every sentence, in a story of those where the rules found something."""
        sentences = self.rules.document.own_sentences()
        if not self.is_loose:
            told = {draft.sentence for draft in self.drafts}
            sentences = [sentence for sentence in sentences if sentence.id in told]
        return read_pairs(self.rules.document, self.rules.participants, sentences, self.model)

    def events(self) -> tuple[Event, ...]:
        """All events in text order."""
        kept = [event for draft in self.drafts if (event := self._weighed(draft)) is not None]
        if not self.is_loose:
            return tuple(kept)
        added = [event for sentence in self.rules.document.own_sentences() for event in self._missed(sentence, kept)]
        return tuple(sorted([*kept, *self._with_kinds(added)], key=lambda event: event.trigger))

    # --- what the rules found

    def _weighed(self, event: Event) -> Event | None:
        """A rule's event with the model's chance where it saw the pair; None where the model denies any act."""
        verdict = self._verdict_on(event)
        if verdict is None:
            return event
        settings = self.model.settings
        own = verdict.chances[event.type]
        if self.is_loose and verdict.chances[NONE] > settings["drop"] and event.factuality == "asserted":
            return None
        given = verdict.without_none()
        is_other = self.is_loose and given.best != event.type and (event.type, given.best) not in OTHER_NAMES
        if is_other and given.chances[given.best] > settings["change"] and own < settings["yield"]:
            why = f"{event.why}; the model reads {given.best} ({given.chances[given.best]:.2f})"
            told = {"type": given.best, "mode": None, "cameo": BASE_CODES[given.best], "is_deed": is_deed(given.best)}
            event = event.model_copy(update={**told, "why": why})
        others = [name for name in verdict.chances if name not in {event.type, NONE}]
        runner_up = max(others, key=lambda name: verdict.chances[name])
        return event.model_copy(update={"probability": round(verdict.chances[event.type], 3), "runner_up": runner_up})

    def _verdict_on(self, event: Event) -> Verdict | None:
        """What the model says of the pair that an event is between, the surest of them where it has several."""
        actors, recipients = {a.code for a in event.actors}, {a.code for a in event.recipients}
        fits = [
            pair
            for pair in self.pairs.get(event.sentence, [])
            if pair.actor.actor.code in actors and pair.recipient.actor.code in recipients
        ]
        return max(fits, key=lambda pair: pair.verdict.chances[event.type]).verdict if fits else None

    # --- what they missed

    def _missed(self, sentence: Sentence, known: list[Event]) -> Iterable[Event]:
        told = {(a.code, r.code) for e in known if e.sentence == sentence.id for a in e.actors for r in e.recipients}
        sure = [pair for pair in self.pairs.get(sentence.id, []) if self._is_sure(pair)]
        done: set[tuple[str, str]] = set()
        for pair in sorted(sure, key=lambda p: -p.verdict.chances[p.root]):
            sides = (pair.actor.actor.code, pair.recipient.actor.code)
            mirrored = sides[::-1]
            if sides in told or sides in done:
                continue
            root = pair.root
            is_answer = root not in JOINT and pair.verdict.chances[root] >= self.model.settings["both_ways"]
            if (mirrored in told or mirrored in done) and not is_answer:
                continue
            back = next((p for p in sure if (p.actor.actor.code, p.recipient.actor.code) == mirrored), None)
            is_joint = root in JOINT and back is not None and back.root == root and mirrored not in told
            done |= {sides, mirrored} if is_joint else {sides}
            event = self._event(sentence, pair, is_joint=is_joint)
            if event is not None:
                yield event

    def _is_sure(self, pair: Pair) -> bool:
        return pair.chance >= self.model.settings["add"]

    def _event(self, sentence: Sentence, pair: Pair, *, is_joint: bool) -> Event | None:
        tokens = self.rules.document.parse.char_span(*sentence.span, alignment_mode="expand")
        if tokens is None:
            return None
        root = _own_name(pair.root, tokens)
        match = _match_for(tokens, pair, root)
        sides = ([pair.actor.actor], [pair.recipient.actor])
        if is_joint:
            sides = ([*sides[0], *sides[1]], [*sides[0], *sides[1]])
        factuality, according_to = self.rules.weigh(match, Judgement("asserted", None), sides[0])
        draft = self.rules.draft(match, sentence.id, sides, factuality, according_to)
        chance = pair.verdict.chances[pair.root]
        why = f"model: {pair.actor.actor.code} to {pair.recipient.actor.code} is {root} ({chance:.2f})"
        return draft.model_copy(
            update={"probability": round(chance, 3), "runner_up": pair.verdict.runner_up, "why": why}
        )

    def _with_kinds(self, events: list[Event]) -> list[Event]:
        """The events that the model added, each with its factuality as the model reads it."""
        kinds = judge_kinds(self.rules.document, [event.trigger for event in events], self.model)
        found = []
        for event, verdict in zip(events, kinds, strict=True):
            kind = verdict.best
            if event.type in UTTERED_ROOTS and kind in {"planned", "conditional", "wished", "called-for"}:
                kind = "asserted" if event.type in {"AGREE", "THREATEN"} else kind
            if kind == "asserted" and event.factuality == "alleged" and event.type in HOSTILE:
                kind = "alleged"
            if event.type in UTTERED_ROOTS and kind not in {"asserted", "alleged"}:
                continue
            why = f"{event.why}; told as {kind} ({verdict.chances[verdict.best]:.2f})"
            found.append(event.model_copy(update={"factuality": kind, "why": why}))
        return found


def _own_name(root: str, tokens: Tokens) -> str:
    """The root by our tables: states that bar each other's goods, money or people sanction."""
    words = {token.lemma_.lower() for token in tokens}
    return "SANCTION" if root == "COERCE" and words & words_for("event_words", "restricts") else root


def _match_for(tokens: Tokens, pair: Pair, root: str) -> Match:
    """The words of the sentence that say this root: a row of the phrase table, else the verb that joins the two."""
    rows = [m for m in match_phrases(tokens) for m in (m, *m.others) if m.phrase.type == root]
    if rows:
        return min(rows, key=lambda m: abs(m.trigger.idx - pair.actor.span[1]))
    trigger = _joining_verb(tokens, pair)
    phrase = EventPhrase(
        heads=(trigger.lemma_,), pos="verb", particles=(), particle_optional=False, objects=(), recipient_roles=(),
        symmetric=root in JOINT, type=root, mode=None, cameo=BASE_CODES[root], example="",
    )  # fmt: skip
    return Match(trigger, phrase, None, pair.verdict.runner_up)


def _joining_verb(tokens: Tokens, pair: Pair) -> Token:
    """The lowest verb over the recipient that has the actor under it too, else the lowest over the recipient."""
    over = _verbs_over(tokens, pair.recipient.span)
    joint = [verb for verb in over if verb in _verbs_over(tokens, pair.actor.span)]
    return (joint or over or [tokens.root])[0]


def _verbs_over(tokens: Tokens, span: tuple[int, int]) -> list[Token]:
    inside = [token for token in tokens if span[0] <= token.idx < span[1]]
    if not inside:
        return []
    token, found = inside[-1], []
    while token.head != token:
        token = token.head
        if token.pos_ in {"VERB", "AUX"}:
            found.append(token)
    return found
