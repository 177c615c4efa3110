"""Finds where the members of a body stand on its decisions."""

from datetime import date
from typing import Literal

from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.extraction.participants import Participants
from olivebranch.extraction.syntax import agents_of, is_passive, subjects_of
from olivebranch.extraction.word_uses import search_words, stems_of, use_of
from olivebranch.records import ActorMention, Attribution, Decision, Document, EventActor, Position, Span

TABLE = "decision_words"

Stance = Literal["for", "against", "leaning_for", "leaning_against", "abstain", "divided"]

LEANINGS: tuple[Stance, ...] = ("abstain", "leaning_against", "leaning_for", "divided")


def find_positions(
    document: Document,
    attributions: tuple[Attribution, ...],
    decisions: tuple[Decision, ...],
    actors: tuple[ActorMention, ...],
) -> tuple[Position, ...]:
    """Where members stand on the decisions of a story, each tied to the statement that says so.

    Members are named: divisions that name nobody give no position. Example: "Hungary will veto the extension, its
    foreign minister said" gives HUN against.
    """
    codebook = load_codebook()
    participants = Participants(document, actors, attributions, codebook)
    found: list[Position] = []
    for sentence in document.sentences:
        tokens = document.parse.char_span(*sentence.span, alignment_mode="expand")
        if not decisions or sentence.furniture or tokens is None:
            continue
        for head, stance in ((t, s) for t in tokens if (s := _stance_of(t)) is not None):
            decision = _decision_meant(decisions, sentence.span, document)
            if decision is None:
                continue
            said = _statement_at(head, attributions)
            for who in participants.of(_holders(head)) or _speaker_for(head, said, participants):
                if not _may_hold(who, stance, decision, codebook, document.article.published_on):
                    continue
                found.append(
                    Position(
                        id="p0", span=sentence.span, who=who.code, on=decision.id, position=stance,
                        attribution=said.id if said else None, why=f"“{head.text}” of {who.name}",
                    )
                )  # fmt: skip
    kept = {(p.who, p.on, p.position): p for p in reversed(found)}
    ordered = sorted(kept.values(), key=lambda p: (p.span, p.who))
    return tuple(position.model_copy(update={"id": f"p{n}"}) for n, position in enumerate(ordered, 1))


def _stance_of(token: Token) -> Stance | None:
    """The stance that a verb or adjective gives its subject, turned round by a negation."""
    if token.pos_ not in {"VERB", "ADJ", "AUX", "NOUN"}:
        return None
    after = token.doc[token.i : min(token.sent.end, token.i + 6)].text
    is_negated = any(c.dep_ == "neg" for c in token.children)
    if token.pos_ in {"VERB", "AUX"}:
        for phrases in ("against_phrases", "for_phrases"):
            found = search_words(TABLE, phrases, after)
            if found and found.start() == 0:
                return _turned(phrases.removesuffix("_phrases"), is_negated)
    if token.pos_ == "VERB" and (use := use_of(TABLE, token, "against", "for")):
        return _turned(use, is_negated or token.head.lemma_ in {"refuse", "decline", "stop"})
    use = use_of(TABLE, token, "abstain", "leaning_against", "leaning_for", "divided")
    if (
        use is None
        or (token.pos_ == "ADJ" and token.dep_ not in {"acomp", "oprd", "conj", "ROOT"})
        or token.pos_ == "NOUN"
    ):
        return None
    return next(s for s in ("abstain", "leaning_against", "leaning_for", "divided") if s == use)


def _turned(stance: str, is_negated: bool) -> Stance:
    if stance == "for":
        return "against" if is_negated else "for"
    return "for" if is_negated else "against"


def _holders(head: Token) -> list[Token]:
    """Whose stance it is: the subject of the verb, or of the verb that an adjective completes."""
    verb = head if head.pos_ in {"VERB", "AUX"} else head.head
    return agents_of(verb) if is_passive(verb) else subjects_of(verb)


def _decision_meant(decisions: tuple[Decision, ...], span: Span, document: Document) -> Decision | None:
    """The decision whose matter a sentence speaks of; the only one where the sentence speaks of a vote or measure."""
    text = document.words(span)
    best = max(decisions, key=lambda d: len(stems_of(d.what) & stems_of(text)))
    if stems_of(best.what) & stems_of(text):
        return best
    names_vote = any(
        search_words(TABLE, use, text) for use in ("vote_nouns", "for_phrases", "against_phrases", "abstain")
    )
    return decisions[0] if len(decisions) == 1 and names_vote else None


def _statement_at(head: Token, attributions: tuple[Attribution, ...]) -> Attribution | None:
    return next((a for a in attributions if any(s <= head.idx < e for s, e in a.content.spans)), None)


def _speaker_for(head: Token, said: Attribution | None, participants: Participants) -> list[EventActor]:
    """ "His country was reluctant": that of the speaker."""
    speaker = participants.of_source(said) if said is not None else None
    own = any(holder.lemma_.lower() in {"country", "government", "nation", "cabinet"} for holder in _holders(head))
    return [speaker] if speaker is not None and own else []


def _may_hold(who: EventActor, stance: Stance, decision: Decision, codebook: Codebook, day: date | None) -> bool:
    """A member of the body; the body itself only where it is divided."""
    if who.code == decision.body:
        return stance == "divided"
    return codebook.is_state(who.code) and (
        day is None or not codebook.members(decision.body, day) or who.code in codebook.members(decision.body, day)
    )
