"""Finds decisions still to come of bodies that must vote, rule or choose, and where their members stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.codebook.tables import DecisionRule, first_day, last_day
from olivebranch.extraction.dates import date_for
from olivebranch.extraction.outlook import verb_outlook
from olivebranch.extraction.participants import Participants
from olivebranch.extraction.positions import find_positions
from olivebranch.extraction.syntax import agents_of, is_passive, patients_of, prepositions_of, subjects_of
from olivebranch.extraction.word_uses import search_words, stems_of, use_of, words_for
from olivebranch.records import (
    ActorMention,
    Attribution,
    DateMention,
    Days,
    Decision,
    Document,
    EventActor,
    Span,
)

__all__ = ["find_decisions", "find_positions"]

TABLE = "decision_words"
RULES = ("unanimity", "consensus", "qualified majority", "two thirds", "majority")
DECIDING_SECTORS = frozenset({"LEG", "JUD"})
OVER = frozenset({"decide", "vote", "agree", "choose", "refuse", "decline"})
REQUESTS = frozenset({"ask", "urge", "call", "tell", "invite", "want", "press", "appeal", "demand", "implore", "like"})
MAX_WHAT = 160
RULE_REACH = 1
"""A rule is looked for in the decision's sentence and the one after it."""


@dataclass(frozen=True)
class _Draft:
    """A deciding act ahead: its verb or noun, the body, and the words of the matter."""

    head: Token
    body: EventActor
    what: Span
    subject: tuple[Token, ...]


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
    finder = _Finder(document, Participants(document, actors, attributions, codebook), dates, codebook)
    made: list[Decision] = []
    for draft in finder.iter_drafts():
        decision = finder.make_decision(draft)
        twin = next((known for known in made if _is_same(known, decision)), None)
        if twin is None:
            made.append(decision)
        else:
            made[made.index(twin)] = _joined(twin, decision)
    ordered = sorted(made, key=lambda decision: decision.span)
    return tuple(decision.model_copy(update={"id": f"d{n}"}) for n, decision in enumerate(ordered, 1))


def _is_same(one: Decision, other: Decision) -> bool:
    """The same body on the same day, or on a like matter where one of the days is not told."""
    if one.body != other.body:
        return False
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

    def iter_drafts(self) -> Iterator[_Draft]:
        """Deciding verbs ahead, meetings held to weigh a matter, and votes and rulings announced."""
        for sentence in self.document.sentences:
            paragraph = self.document.paragraphs[sentence.paragraph]
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            if sentence.furniture or paragraph.furniture or paragraph.role == "headline" or tokens is None:
                continue
            for token in tokens:
                draft = self._from_verb(token) if token.pos_ == "VERB" else self._from_noun(token)
                if draft is not None:
                    yield draft

    def _from_verb(self, verb: Token) -> _Draft | None:
        use = use_of(TABLE, verb, "deciding", "weighing")
        if use is None or (is_passive(verb) and use == "weighing"):
            return None
        meeting = _meeting_above(verb)
        what = self._matter(verb)
        if what is None or (use == "weighing" and meeting is None and not self._is_measure(what)):
            return None
        if meeting is not None and meeting.pos_ == "NOUN":
            body = self._body([meeting])
            return _Draft(verb, body, what, ()) if body and self._is_measure(what) and not _is_past(meeting) else None
        if verb_outlook(meeting or verb) != "ahead" and verb_outlook(verb) != "ahead":
            return None
        if _is_outcome(verb) or _is_request(verb) or (meeting is not None and verb_outlook(meeting) == "back"):
            return None
        subject = agents_of(verb) if is_passive(verb) else _deciders(meeting or verb) or _deciders(verb)
        body = self._body(subject)
        if body is None or (use == "deciding" and not self._may_decide(verb, body, what)):
            return None
        return _Draft(verb, body, what, tuple(subject))

    def _may_decide(self, verb: Token, body: EventActor, what: Span) -> bool:
        """Verbs that states use of their own acts too ("could lift the ban") decide only on a measure."""
        if verb.lemma_ in {"lift", "extend", "reject", "choose", "confirm", "pass"}:
            return self._is_measure(what)
        return True

    def _from_noun(self, noun: Token) -> _Draft | None:
        """ "A Security Council vote on the text is due Thursday", "parliament's vote on Friday"."""
        if noun.pos_ != "NOUN" or use_of(TABLE, noun, "vote_nouns") is None or noun.dep_ == "compound":
            return None
        verb = next((t for t in noun.ancestors if t.pos_ in {"VERB", "AUX"}), None)
        is_ahead = verb is not None and noun.dep_ in {"nsubj", "nsubjpass", "dobj"} and self._is_ahead(noun, verb)
        if verb is None or not is_ahead:
            return None
        owners = [c for c in noun.children if c.dep_ in {"compound", "poss", "amod", "nmod"}]
        owners += [obj for prep, obj in prepositions_of(noun) if prep in {"by", "in", "of", "at"}]
        owners += subjects_of(verb) if noun.dep_ == "dobj" else []
        owners += [obj for prep, obj in prepositions_of(verb) if prep in {"in", "by", "at"}]
        body = self._body(owners)
        matter = next((obj for prep, obj in prepositions_of(noun) if prep in {"on", "about", "over", "against"}), None)
        if body is None or (matter is None and noun.lemma_ == "decision"):
            return None
        what = (noun.idx, noun.idx + len(noun)) if matter is None else self._phrase(matter)
        return _Draft(noun, body, what, tuple(owners))

    def _is_ahead(self, noun: Token, verb: Token) -> bool:
        if verb_outlook(verb) == "ahead" or {c.lower_ for c in verb.children} & words_for("outlook_words", "due"):
            return True
        mention = date_for(noun, self.document, self.dates)
        on = self.document.article.published_on
        return mention is not None and on is not None and mention.from_ > on

    def _body(self, heads: list[Token]) -> EventActor | None:
        """The body that these words name: a group of states, a parliament or a court, also through its delegates."""
        for head in heads:
            actors = self.participants.of([head])
            clause = [t for t in head.subtree if t.dep_ not in {"relcl", "acl"}]
            near = self.participants.within(clause)
            for actor in [*actors, *near]:
                if self._is_body(actor):
                    return actor
            named = self._named_body(head)
            if named is not None:
                return named
            if search_words(TABLE, "delegates", head.lemma_) and not actors and not near:
                return self._body_nearby(head)
        return None

    def _named_body(self, head: Token) -> EventActor | None:
        """A body named as a place: "in the Security Council"."""
        words = "".join(t.text_with_ws for t in head.doc[head.left_edge.i : head.i + 1] if t.pos_ == "PROPN").strip()
        code = self.codebook.resolve(words) if words else None
        actor = EventActor(code=code, name=words, span=(head.idx, head.idx + len(head))) if code else None
        return actor if actor is not None and self._is_body(actor) else None

    def _is_body(self, actor: EventActor) -> bool:
        if actor.sector in DECIDING_SECTORS:
            return True
        return self.codebook.is_group(actor.code) and actor.code != "WEST"

    def _body_nearby(self, head: Token) -> EventActor | None:
        """ "The leaders will decide": of the body named last in the sentence or the ones before it."""
        before = [m for m in self.participants.actors if m.span[1] <= head.idx]
        groups = [a for m in before[-6:] if (a := self.participants.of_mention(m)) and self._is_body(a)]
        return groups[-1] if groups else None

    def _matter(self, verb: Token) -> Span | None:
        """What is to be decided: the object, the clause, or what follows "on", "whether", "for"."""
        for child in verb.children:
            if child.dep_ in {"ccomp", "xcomp", "pcomp"} and child.i > verb.i:
                return self._phrase(child)
        patients = [t for t in patients_of(verb) if t.pos_ in {"NOUN", "PROPN"}]
        if patients:
            return self._phrase(patients[0])
        for prep in verb.children:
            if prep.dep_ == "prep" and prep.lower_ in {"on", "for", "against", "over", "about"}:
                inner = next((c for c in prep.children if c.dep_ in {"pobj", "pcomp"}), None)
                if inner is not None and inner.ent_type_ not in {"DATE", "TIME"}:
                    return self._phrase(inner)
        return None

    def _phrase(self, head: Token) -> Span:
        """A phrase without its relative clauses, up to a length."""
        stop = next((t.left_edge.i for t in head.subtree if t.dep_ == "relcl" and t.i > head.i), head.right_edge.i + 1)
        tokens = head.doc[head.left_edge.i : max(stop, head.i + 1)]
        while len(tokens) > 1 and (tokens[-1].is_punct or tokens[-1].is_space):
            tokens = tokens[:-1]
        return (tokens.start_char, min(tokens.end_char, tokens.start_char + MAX_WHAT))

    def _is_measure(self, what: Span) -> bool:
        tokens = self.document.parse.char_span(*what, alignment_mode="expand")
        return tokens is not None and any(t.lemma_.lower() in words_for(TABLE, "measure") for t in tokens)

    def make_decision(self, draft: _Draft) -> Decision:
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

    def _rule_in_text(self, draft: _Draft) -> tuple[str | None, int | None, str]:
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
        rows = [row for row in self.codebook.table("decision_rules") if row.body == body.code]
        rows = [r for r in rows if day is None or first_day(r.begins) <= day <= last_day(r.ends)]
        ranked = sorted(rows, key=lambda r: (-len(stems_of(r.matter) & stems_of(what)), not r.matter.startswith("any")))
        if not ranked or (not stems_of(ranked[0].matter) & stems_of(what) and not ranked[0].matter.startswith("any")):
            return None
        return ranked[0]

    def _members(self, draft: _Draft, row: DecisionRule | None, day: date | None) -> int | None:
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

    def _place(self, draft: _Draft) -> str | None:
        """Where: "in Brussels" beside the deciding or the meeting."""
        for verb in (draft.head, *draft.head.ancestors):
            for prep, obj in prepositions_of(verb):
                if prep in {"in", "at"} and obj.ent_type_ in {"GPE", "FAC"}:
                    return str(obj.doc[obj.left_edge.i : obj.i + 1].text)
        return None


def _is_outcome(verb: Token) -> bool:
    """ "Decided last week to extend": the decision is over, what it orders is no new one."""
    above = verb.head
    return verb.dep_ in {"xcomp", "ccomp"} and above.lemma_ in OVER and verb_outlook(above) == "back"


def _is_request(verb: Token) -> bool:
    """ "We ask our partners not to lift the ban" asks, it schedules nothing."""
    return verb.dep_ in {"xcomp", "ccomp", "advcl"} and verb.head.lemma_ in REQUESTS


def _deciders(verb: Token) -> list[Token]:
    """Who is to decide, through "is due to", "are set to"."""
    above = verb.head
    if verb.dep_ == "xcomp" and above.pos_ == "ADJ" and above.head.pos_ in {"AUX", "VERB"}:
        return subjects_of(above.head)
    return subjects_of(verb)


def _meeting_above(verb: Token) -> Token | None:
    """The meeting that is held in order to decide: "meet to review", "a meeting to review"."""
    if verb.tag_ != "VB" or not any(c.lower_ == "to" for c in verb.children):
        return None
    mark = next(c for c in verb.children if c.lower_ == "to")
    # The parser often hangs "a meeting to review" on the verb above; the word before "to" tells.
    before = mark.nbor(-1) if mark.i > verb.sent.start else verb
    head = before if before.pos_ == "NOUN" and before.lemma_ in words_for(TABLE, "meeting_nouns") else verb.head
    if head.pos_ == "VERB" and head.lemma_ in words_for(TABLE, "meeting_verbs"):
        return head
    if head.pos_ == "NOUN" and head.lemma_ in words_for(TABLE, "meeting_nouns"):
        return head
    return None


def _is_past(noun: Token) -> bool:
    """A meeting told as held: the object or subject of a verb in the past, unless it is only on the eve of it."""
    if any(t.lower_ in {"eve", "ahead", "before"} for t in noun.ancestors):
        return False
    verb = next((t for t in noun.ancestors if t.pos_ in {"VERB", "AUX"}), None)
    return verb is not None and verb_outlook(verb) != "ahead"


def _number_after(word: str, text: str) -> int | None:
    words = text.lower().replace("-", " ").split()
    numbers = [w.strip(".,;:") for before, w in pairwise(words) if before == word]
    return next((int(n) for n in numbers if n.isdigit()), None)


def _number_before(suffix: str, text: str) -> int | None:
    pieces = [w.split(suffix)[0] for w in text.lower().split() if suffix in w]
    return next((int(piece) for piece in pieces if piece.isdigit()), None)
