"""Finds agreements between powers, one record an accord, with parties, mediator and standing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Span as Words
from spacy.tokens import Token

from olivebranch.codebook import load_codebook
from olivebranch.codebook.tables import KnownAccord
from olivebranch.extraction.accord_parties import AccordParties, extend_actors
from olivebranch.extraction.accord_standing import (
    STANDING,
    TABLE,
    Status,
    is_ceasefire,
    is_definite,
    is_described,
    is_matter,
    is_tentative,
    later_standing,
    matters_of,
    noun_phrase_of,
    standing_of,
    topic_of,
)
from olivebranch.extraction.joint_acts import joint_act_of
from olivebranch.extraction.known_accords import find_known, standing_on
from olivebranch.extraction.participants import Participants
from olivebranch.extraction.word_uses import iter_words, use_of, words_for
from olivebranch.records import Accord, ActorMention, DateMention, Document, EventActor, Span

CAP = 80
HEDGE_REACH = 14
NAMED, IN_SENTENCE = "named with it", "named in its sentence"


@dataclass
class _Mention:
    """One naming of an accord: its head noun, or the verb of a joint act, and what the words around it say."""

    head: Token
    span: Span
    is_ceasefire: bool
    is_definite: bool
    is_vague: bool
    matters: frozenset[str]
    parties: list[EventActor]
    mediator: EventActor | None
    status: Status | None
    decided_by: str
    known: KnownAccord | None = None
    is_act: bool = False
    hedges: list[str] = field(default_factory=list)


def find_accords(
    document: Document, actors: tuple[ActorMention, ...], dates: tuple[DateMention, ...]
) -> tuple[Accord, ...]:
    """The accords between powers that a story names, one record each, in text order.

    Example: "Moscow embraced a tentative accord, mediated by the EU, that would suspend a gas war with Ukraine" gives
    parties RUS and UKR, mediator EU, status tentative.
    """
    codebook = load_codebook()
    participants = Participants(document, actors, (), codebook)
    finder = _Finder(document, participants, AccordParties(document, participants, codebook), dates)
    groups: list[list[_Mention]] = []
    for mention in finder.iter_mentions():
        home = next((group for group in reversed(groups) if _is_same(group, mention)), None)
        if home is not None:
            home.append(mention)
        elif not mention.is_vague or _is_made(mention):
            groups.append([mention])
    made = [accord for group in groups if (accord := finder.make_accord(group)) is not None]
    ordered = sorted(made, key=lambda accord: accord.span)
    return tuple(accord.model_copy(update={"id": f"c{n}"}) for n, accord in enumerate(ordered, 1))


def _is_made(mention: _Mention) -> bool:
    """Whether a vague word ("understanding", "statement") names an accord: two parties made it."""
    if is_described(mention.head):
        return True
    return len(mention.parties) > 1 and mention.status not in {None, "proposed"}


def _is_same(group: list[_Mention], mention: _Mention) -> bool:
    """Whether a mention is of an accord already named: the same kind, no other matter, no other parties."""
    known = next((one.known for one in group if one.known), None)
    if known is not None and mention.known is not None:
        return known == mention.known
    if known is not None and not known.parties:
        return False
    if group[0].is_ceasefire != mention.is_ceasefire and not (group[0].is_act and mention.is_definite):
        return False
    parties, theirs = ({p.code for one in side for p in one.parties} for side in (group, [mention]))
    is_apart = bool(parties) and bool(theirs) and not parties & theirs
    if mention.is_ceasefire and group[0].is_ceasefire:
        return not is_apart
    matters = frozenset(matter for one in group for matter in one.matters)
    if matters and mention.matters and not group[0].is_act:
        is_new = not mention.is_definite and bool(theirs) and theirs != parties
        return bool(matters & mention.matters) and not is_new and (mention.is_definite or not is_apart)
    if mention.is_act:
        return group[0].is_act and not is_apart
    return mention.is_definite and not is_apart


@dataclass(frozen=True)
class _Finder:
    document: Document
    participants: Participants
    sides: AccordParties
    dates: tuple[DateMention, ...]

    def iter_mentions(self) -> Iterator[_Mention]:
        """Every naming of an accord outside furniture and headlines, of home affairs left out."""
        for sentence in self.document.sentences:
            paragraph = self.document.paragraphs[sentence.paragraph]
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            if sentence.furniture or paragraph.furniture or paragraph.role == "headline" or tokens is None:
                continue
            known = {name.root.i: (row, name) for name, row in find_known(tokens)}
            inside = {t.i for _, name in known.values() for t in name}
            heads = [t for t in tokens if t.i in known or (t.i not in inside and self._names_accord(t))]
            found = [self._read(t, known.get(t.i, (None, None))[0]) for t in heads]
            yield from found
            if not any(len(one.parties) > 1 for one in found):
                yield from self._joint_acts(tokens)

    def _joint_acts(self, tokens: Words) -> Iterator[_Mention]:
        """ "Cuba and the United States would restore relations": an accord told by its act alone."""
        for verb in tokens:
            act = joint_act_of(verb, self.sides)
            if act is None:
                continue
            matters = frozenset(t.lemma_.lower() for t in verb.subtree) & words_for(TABLE, "joint_matters")
            yield _Mention(
                head=verb, span=act.span, is_ceasefire=False, is_definite=False, is_vague=False, matters=matters,
                parties=act.parties, mediator=self.sides.mediator(verb), status=act.status, decided_by=verb.text,
                is_act=True,
            )  # fmt: skip

    def _names_accord(self, token: Token) -> bool:
        if token.pos_ not in {"NOUN", "PROPN"} or use_of(TABLE, token, "ceasefire", "accord", "vague") is None:
            return False
        if token.dep_ in {"compound", "nmod"} and token.head.pos_ in {"NOUN", "PROPN"}:
            # "A truce deal" is one accord, named by its last noun; "ceasefire violations" names the ceasefire.
            is_of_it = use_of(TABLE, token.head, "part") is not None
            return is_of_it and use_of(TABLE, token.head, "ceasefire", "accord") is None and is_ceasefire(token)
        if token.head.lower_ == "in" and token.lemma_ in {"accord", "agreement"}:
            return False  # "in full accord with the Charter"
        before = {child.lower_ for child in token.children if child.dep_ in {"compound", "amod", "nmod"}}
        if before & words_for(TABLE, "home"):
            return False
        if any(child.lower_ in {"any", "every", "whatever", "such"} for child in token.children):
            return False
        return token.pos_ == "PROPN" or any(
            child.dep_ in {"det", "poss", "amod", "compound", "nummod", "prep"} for child in token.children
        )

    def _read(self, head: Token, known: KnownAccord | None) -> _Mention:
        verb, status, word = standing_of(head)
        hedges = [f[0].lower() for use in ("tentative", "hedge") for f in iter_words(TABLE, use, _clause(head))]
        if status in {None, "signed", "in_force"} and is_tentative(head, _near(head)):
            status, word = "tentative", hedges[0] if hedges else "tentative"
        later = later_standing(head)
        if later is not None and status in {None, "signed", "in_force", "proposed"}:
            status, word = later
        mediator = self.sides.mediator(head)
        named = [] if known and known.parties else self.sides.named_with(head, verb)
        return _Mention(
            head=head,
            span=noun_phrase_of(head),
            is_ceasefire=is_ceasefire(head) and known is None,
            is_definite=is_definite(head) and not is_described(head),
            is_vague=known is None and _is_vague(head),
            matters=matters_of(head),
            parties=[p for p in named if mediator is None or p.code != mediator.code],
            mediator=mediator,
            status=status,
            decided_by=word,
            known=known,
            hedges=hedges,
        )

    def make_accord(self, group: list[_Mention]) -> Accord | None:
        """The record of one accord from all its mentions; None where no two powers can be told."""
        known = next((m.known for m in group if m.known), None)
        mediator = next((m.mediator.code for m in group if m.mediator), known.mediator if known else None)
        parties, how = self._parties(group, known, mediator)
        if not self._is_told(group, parties, how, known):
            return None
        stated = [m for m in group if m.status is not None]
        best = max(stated, key=lambda m: STANDING.index(m.status or "proposed"), default=None)
        is_given = how == NAMED or any(m.is_definite for m in group)
        default: Status = "in_force" if is_given or known is not None else "proposed"
        status = best.status if best and best.status else default
        reason = f"“{best.decided_by}” makes it {status}" if best else f"nothing else said: taken as {status}"
        if known is not None and (best is None or best.status in {"signed", "in_force", "proposed"}):
            status = standing_on(known, self.document.article.published_on)
            reason = f"{known.name}: {status} on that day, from the codebook"
        shown = max(group, key=_clearness)
        hedges = list(dict.fromkeys(h for m in group for h in m.hedges))
        return Accord(
            id="c0",
            span=shown.span,
            parties=parties,
            mediator=mediator,
            subject=known.name if known else self._subject(group),
            status=status,
            until=next((day for m in group if (day := self._until(m.head))), None),
            why=f"“{shown.head.text}”; {reason}; parties {how}" + (f"; hedged: {', '.join(hedges)}" if hedges else ""),
        )

    def _is_told(self, group: list[_Mention], parties: tuple[str, ...], how: str, known: KnownAccord | None) -> bool:
        """Whether enough is said: a known name; two parties and a matter, a standing or a "between"."""
        if known is not None:
            return True
        if len(parties) < 2:
            return False
        if any(m.is_act for m in group):
            return True
        has_matter = any(m.matters or m.is_ceasefire for m in group)
        has_status = any(m.status for m in group)
        if how == NAMED:
            return has_matter or has_status or any(len(m.parties) > 1 for m in group)
        is_definite = any(m.is_definite for m in group)
        is_new = how == IN_SENTENCE and has_status and not is_definite
        return is_new or (has_matter and (has_status or is_definite or any(m.is_ceasefire for m in group)))

    def _parties(
        self, group: list[_Mention], known: KnownAccord | None, mediator: str | None
    ) -> tuple[tuple[str, ...], str]:
        """The parties: the known ones, those named with it, the sentence's, then the pair that the story is about."""
        if known is not None and known.parties:
            return known.parties, "known"
        found: list[EventActor] = []
        for mention in group:
            extend_actors(found, [p for p in mention.parties if p.code != mediator])
        if len(found) > 1 or known is not None:
            return _in_text_order(found), NAMED
        for mention in group:
            near = [a for a in self.sides.near(mention.head) if a.code != mediator]
            pair = [a for a in near if not found or a.code in {found[0].code, *(d.code for d in self.sides.dyad)}]
            extend_actors(found, pair)
            if len(found) > 1:
                return _in_text_order(found[:2]), IN_SENTENCE
        dyad = [a for a in self.sides.dyad if a.code != mediator]
        is_theirs = len(dyad) == 2 and (not found or found[0].code in {a.code for a in dyad})
        if is_theirs and any(self._is_paragraph_of(m.head, dyad) for m in group):
            extend_actors(found, dyad)
            return _in_text_order(found), "not named with it: the two powers that the story is about"
        return _in_text_order(found), NAMED

    def _is_paragraph_of(self, head: Token, dyad: list[EventActor]) -> bool:
        """Whether both powers are named in the paragraph of an accord or in the one before."""
        paragraph = self.document.paragraph_at(head.idx)
        if paragraph is None:
            return False
        first = self.document.paragraphs[max(0, paragraph.index - 1)].span[0]
        named = {
            a.code
            for m in self.participants.actors
            if first <= m.span[0] < paragraph.span[1] and (a := self.participants.of_mention(m))
        }
        return {actor.code for actor in dyad} <= named

    def _subject(self, group: list[_Mention]) -> str:
        """A few words of the text on what the accord is about."""
        best = max(group, key=lambda m: (len(m.matters), bool(topic_of(m.head))))
        head = best.head
        if best.is_act:
            return self.document.line((head.idx, best.span[1]))[:CAP]
        kept = [c for c in head.children if c.dep_ in {"compound", "amod", "nmod"} and is_matter(c)]
        topic = topic_of(head)
        if head.pos_ == "PROPN":
            kept = [
                t
                for t in head.doc[head.left_edge.i : head.i]
                if t.pos_ not in {"DET", "PRON", "PUNCT"} or t.i > head.left_edge.i
            ]
            kept = [] if any(t.is_punct and t.text != "-" for t in kept) else kept
        elif not kept and not topic and best.matters and not best.is_ceasefire:
            return f"{min(best.matters)} {head.text}"
        name = "".join(t.text_with_ws if head.pos_ == "PROPN" else t.text + " " for t in kept) + head.text
        return f"{name} {topic}"[:CAP].strip() if topic else name

    def _until(self, head: Token) -> date | None:
        """The day up to which it holds: "until Friday", "expires on 5 February 2021"."""
        verb = head.head if head.head.pos_ == "VERB" else head
        for mention in self.dates:
            if not head.sent.start_char <= mention.span[0] < head.sent.end_char:
                continue
            before = self.document.article.text[head.sent.start_char : mention.span[0]].lower().split()
            if before and before[-1] in {"until", "till", "through"}:
                return mention.to
            if verb.lemma_ in {"expire", "lapse"} or (before[-2:] and "expire" in " ".join(before[-3:])):
                return mention.to
        return None


def _clearness(mention: _Mention) -> tuple[bool, int, bool, bool]:
    """The clearest mention names both parties, then its matter; an act that made it before a bare "the deal"."""
    return (len(mention.parties) > 1, len(mention.matters), mention.known is not None, not mention.is_definite)


def _is_vague(head: Token) -> bool:
    """ "Understanding", "statement": words that name an accord only where two parties made it."""
    return use_of(TABLE, head, "ceasefire", "accord") is None or use_of(TABLE, head, "vague") is not None


def _clause(head: Token) -> str:
    """The words of the noun phrase with its clauses, where hedges stand; the parser hangs some of them elsewhere."""
    last = max(head.right_edge.i + 1, min(head.sent.end, head.i + HEDGE_REACH))
    return str(head.doc[head.left_edge.i : last].text)


def _near(head: Token) -> str:
    first = max(head.sent.start, head.i - 7)
    return str(head.doc[first : min(head.sent.end, head.i + 4)].text)


def _in_text_order(parties: list[EventActor]) -> tuple[str, ...]:
    ordered = sorted(parties, key=lambda party: party.span or (1 << 30, 1 << 30))
    return tuple(dict.fromkeys(party.code for party in ordered))
