"""Finds decisions still to come of bodies that must vote, rule or choose, and where their members stand."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.codebook.tables import DecisionRule
from olivebranch.extraction.dates import date_for
from olivebranch.extraction.deciding_bodies import TABLE, DecidingBodies
from olivebranch.extraction.decision_drafts import Draft, DraftFinder
from olivebranch.extraction.participants import Participants
from olivebranch.extraction.positions import find_positions
from olivebranch.extraction.syntax import prepositions_of
from olivebranch.extraction.word_uses import search_words, stems_of, words_for
from olivebranch.records import ActorMention, Attribution, DateMention, Days, Decision, Document, EventActor, Span

__all__ = ["find_decisions", "find_positions"]

RULES = ("unanimity", "consensus", "qualified majority", "two thirds", "majority")
NEAR = 250
"""Two tellings of one body that begin so few characters apart are of one decision, unless their days differ."""

RULE_REACH = 1
"""A rule is looked for in the decision's sentence and the one after it."""


def find_decisions(
    document: Document,
    actors: tuple[ActorMention, ...],
    dates: tuple[DateMention, ...],
    attributions: tuple[Attribution, ...] = (),
) -> tuple[Decision, ...]:
    """Decisions ahead of bodies that vote, rule or choose, one record a body and matter, in text order.

    Example: "ambassadors from 28 European Union countries are set to meet in Brussels Tuesday to consider relieving the
    sanctions" gives body EU, 28 members, the coming Tuesday, Brussels.
    """
    codebook = load_codebook()
    participants = Participants(document, actors, attributions, codebook)
    drafts = DraftFinder(DecidingBodies(document, participants, codebook), dates)
    finder = _Finder(document, participants, dates, codebook)
    made: list[Decision] = []
    for draft in drafts.iter_drafts():
        decision = finder.make_decision(draft)
        twin = next((known for known in made if _is_same(known, decision)), None)
        if twin is None:
            made.append(decision)
        else:
            made[made.index(twin)] = _joined(twin, decision)
    ordered = sorted(made, key=lambda decision: decision.span)
    return tuple(decision.model_copy(update={"id": f"d{n}"}) for n, decision in enumerate(ordered, 1))


def _is_same(one: Decision, other: Decision) -> bool:
    """The same body in one breath, on the same day, or on a like matter where one of the days is not told."""
    if one.body != other.body:
        return False
    if one.span == other.span or (not (one.on and other.on) and abs(one.span[0] - other.span[0]) < NEAR):
        return True
    if one.on and other.on:
        return one.on.from_ <= other.on.to and other.on.from_ <= one.on.to
    return bool(stems_of(one.what) & stems_of(other.what))


def _joined(one: Decision, other: Decision) -> Decision:
    """The fuller of two tellings, its gaps filled from the other."""
    full, rest = (one, other) if _fulness(one) >= _fulness(other) else (other, one)
    gaps = {k: getattr(rest, k) for k in ("rule", "members", "on", "place") if getattr(full, k) is None}
    return full.model_copy(update=gaps)


def _fulness(decision: Decision) -> int:
    return sum(value is not None for value in (decision.rule, decision.on, decision.place)) * 2


@dataclass(frozen=True)
class _Finder:
    document: Document
    participants: Participants
    dates: tuple[DateMention, ...]
    codebook: Codebook

    def make_decision(self, draft: Draft) -> Decision:
        """The record of one decision: its rule and members from the text, else from the codebook."""
        held = date_for(draft.head, self.document, self.dates)
        published = self.document.article.published_on
        is_ahead = held is not None and (published is None or held.to >= published)
        on = Days(from_=held.from_, to=held.to) if held is not None and is_ahead else None
        day = on.from_ if on else published
        what = self.document.words(draft.what)
        rule, members, why = self._rule_in_text(draft)
        row = self._rule_row(draft.body, what, day)
        if rule is None and row is not None:
            rule, why = row.rule, f"rule of {row.body} on {row.matter} from the codebook ({row.reference})"
        members = members or self._members(draft, row, day)
        sent = draft.head.sent
        return Decision(
            id="d0",
            span=self._span_of(sent.start_char, sent.end_char),
            body=draft.body.code,
            what=what,
            rule=rule,
            members=members,
            on=on,
            place=self._place(draft),
            why=f"“{draft.head.text}” lies ahead of {draft.body.name}" + (f"; {why}" if why else ""),
        )

    def _span_of(self, start: int, end: int) -> Span:
        text = self.document.article.text
        while end > start and text[end - 1].isspace():
            end -= 1
        return (start, end)

    def _rule_in_text(self, draft: Draft) -> tuple[str | None, int | None, str]:
        """ "A unanimous vote by all 28": the rule in the words of the sentence or the next, and how many members."""
        for text in self._near_sentences(draft.head):
            for rule in RULES:
                found = search_words(TABLE, rule, text)
                if found:
                    return rule, _number_after("all", text), f"“{found[0]}” in the text makes the rule {rule}"
        return None, None, ""

    def _near_sentences(self, head: Token) -> list[str]:
        sentence = self.document.sentence_at(head.idx)
        if sentence is None:
            return []
        number = self.document.sentences.index(sentence)
        near = self.document.sentences[number : number + 1 + RULE_REACH]
        return [self.document.words(s.span) for s in near if s.paragraph == sentence.paragraph and not s.furniture]

    def _rule_row(self, body: EventActor, what: str, day: date | None) -> DecisionRule | None:
        """The codebook's rule on that day: the matter with the most words in common, else "any decision"."""
        if self.codebook.is_state(body.code) and body.sector is not None:
            return None
        rows = self.codebook.decision_rules(body.code, day)
        ranked = sorted(rows, key=lambda r: (-len(stems_of(r.matter) & stems_of(what)), not r.matter.startswith("any")))
        if not ranked or (not stems_of(ranked[0].matter) & stems_of(what) and not ranked[0].matter.startswith("any")):
            return None
        return ranked[0]

    def _members(self, draft: Draft, row: DecisionRule | None, day: date | None) -> int | None:
        for head in draft.subject:
            for token in head.subtree:
                if token.text.isdigit() and token.head.lemma_.lower() in words_for(TABLE, "members"):
                    return int(token.text)
        text = draft.head.sent.text
        counted = _number_before("-member", text) or _number_before("-nation", text)
        if counted or (row is not None and row.members):
            return counted or (row.members if row else None)
        if day is None or not self.codebook.is_group(draft.body.code):
            return None
        return len(self.codebook.members(draft.body.code, day)) or None

    def _place(self, draft: Draft) -> str | None:
        """Where: "in Brussels" beside the deciding or the meeting."""
        for verb in (draft.head, *draft.head.ancestors):
            for prep, obj in prepositions_of(verb):
                if prep in {"in", "at"} and obj.ent_type_ in {"GPE", "FAC"}:
                    return str(obj.doc[obj.left_edge.i : obj.i + 1].text)
        return None


def _number_after(word: str, text: str) -> int | None:
    words = text.lower().replace("-", " ").split()
    numbers = [w.strip(".,;:") for before, w in pairwise(words) if before == word]
    return next((int(n) for n in numbers if n.isdigit()), None)


def _number_before(suffix: str, text: str) -> int | None:
    pieces = [w.split(suffix)[0] for w in text.lower().split() if suffix in w]
    return next((int(piece) for piece in pieces if piece.isdigit()), None)
