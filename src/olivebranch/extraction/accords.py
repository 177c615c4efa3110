"""Finds agreements between powers, one record an accord, with parties, mediator and standing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.extraction.actors import actor_code
from olivebranch.extraction.factuality import judge_factuality
from olivebranch.extraction.outlook import verb_outlook
from olivebranch.extraction.participants import Participants
from olivebranch.extraction.syntax import prepositions_of, subjects_of
from olivebranch.extraction.word_uses import iter_words, search_words, use_of, words_for
from olivebranch.records import Accord, ActorMention, DateMention, Document, EventActor, Span

Status = Literal["proposed", "tentative", "signed", "in_force", "violated", "suspended", "expired", "superseded"]

STANDING: tuple[Status, ...] = (
    "proposed", "signed", "tentative", "in_force", "superseded", "expired", "suspended", "violated",
)  # fmt: skip
"""From weak to strong: of the standings that a story gives one accord, the strongest is its own."""

FORUMS = frozenset({"UN", "UNSC", "UNGA"})
"""Bodies under whose roof others agree."""

NEGATIONS = frozenset({"no", "any", "without"})
OPINIONS = frozenset({"reject", "oppose", "discuss", "debate", "consider", "want", "suggest", "mull"})
"""What may be done to an accord that stands: "opposed the deal" proposes none."""

UNDONE = frozenset({"fail", "refuse", "decline", "struggle", "unable"})
CAP = 80
NAMED = "named with it"
TABLE = "accord_words"


@dataclass
class _Mention:
    """One naming of an accord: its head noun and what the words around it say."""

    head: Token
    is_ceasefire: bool
    is_named: bool
    is_definite: bool
    matters: frozenset[str]
    parties: list[EventActor]
    mediator: EventActor | None
    status: Status | None
    decided_by: str
    hedges: list[str] = field(default_factory=list)


def find_accords(
    document: Document, actors: tuple[ActorMention, ...], dates: tuple[DateMention, ...]
) -> tuple[Accord, ...]:
    """The accords between powers that a story names, one record each, in text order.

    Example: "Moscow embraced a tentative accord, mediated by the EU, that would suspend a gas war with Ukraine" gives
    parties RUS and UKR, mediator EU, status tentative.
    """
    finder = _Finder(document, Participants(document, actors, (), load_codebook()), dates, load_codebook())
    groups: list[list[_Mention]] = []
    for mention in finder.iter_mentions():
        home = next((group for group in reversed(groups) if _is_same(group, mention)), None)
        if home is None:
            groups.append([mention])
        else:
            home.append(mention)
    made = [accord for group in groups if (accord := finder.make_accord(group)) is not None]
    return tuple(accord.model_copy(update={"id": f"c{n}"}) for n, accord in enumerate(made, 1))


def _is_same(group: list[_Mention], mention: _Mention) -> bool:
    """Whether a mention is of an accord already named: the same kind, no other matter, no other parties."""
    first = group[0]
    if first.is_ceasefire != mention.is_ceasefire:
        return False
    known = frozenset(matter for one in group for matter in one.matters)
    if known and mention.matters:
        return bool(known & mention.matters)
    known_parties = {party.code for one in group for party in one.parties}
    parties = {party.code for party in mention.parties}
    if mention.is_ceasefire:
        return not parties or not known_parties or bool(parties & known_parties)
    return mention.is_definite and (not parties or not known_parties or bool(parties & known_parties))


@dataclass(frozen=True)
class _Finder:
    document: Document
    participants: Participants
    dates: tuple[DateMention, ...]
    codebook: Codebook

    def iter_mentions(self) -> Iterator[_Mention]:
        """Every naming of an accord outside furniture and headlines, of home affairs left out."""
        for sentence in self.document.sentences:
            paragraph = self.document.paragraphs[sentence.paragraph]
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            if sentence.furniture or paragraph.furniture or paragraph.role == "headline" or tokens is None:
                continue
            for token in sorted({*filter(self._names_accord, tokens), *self._treaties(sentence.span)}):
                yield self._read(token)

    def _treaties(self, span: Span) -> Iterator[Token]:
        """Accords told by their own name alone: New START, the JCPOA."""
        text = self.document.words(span)
        for found in iter_words(TABLE, "named", text):
            name = self.document.parse.char_span(span[0] + found.start(), span[0] + found.end(), alignment_mode="expand")
            if name is not None and found[0][0].isupper() and not any(map(self._names_accord, name)):
                yield name.root

    def _names_accord(self, token: Token) -> bool:
        if token.pos_ not in {"NOUN", "PROPN"} or use_of(TABLE, token, "ceasefire", "accord") is None:
            return False
        if token.dep_ in {"compound", "nmod"} and token.head.pos_ in {"NOUN", "PROPN"}:
            # "A truce deal" is one accord, named by its last noun; "ceasefire violations" names the ceasefire.
            return use_of(TABLE, token.head, "ceasefire", "accord") is None and _is_ceasefire(token)
        before = {child.lower_ for child in token.children if child.dep_ in {"compound", "amod", "nmod"}}
        if before & words_for(TABLE, "home"):
            return False
        return token.pos_ == "PROPN" or any(child.dep_ in {"det", "poss", "amod", "compound", "nummod", "prep"} for child in token.children)

    def _read(self, head: Token) -> _Mention:
        text = self.document.words(self._span(head)).lower()
        verb, status, word = _standing(head)
        hedges = [found[0].lower() for h in ("tentative", "hedge") if (found := search_words(TABLE, h, self._clause(head)))]
        if status in {None, "signed", "in_force"} and _is_tentative(head, self._near(head)):
            status, word = "tentative", hedges[0] if hedges else "tentative"
        mediator = self._mediator(head)
        return _Mention(
            head=head,
            is_ceasefire=_is_ceasefire(head),
            is_named=search_words(TABLE, "named", text) is not None,
            is_definite=_is_definite(head),
            matters=_matters(head),
            parties=[p for p in self._parties(head, verb) if mediator is None or p.code != mediator.code],
            mediator=mediator,
            status=status,
            decided_by=word,
            hedges=hedges,
        )

    def _span(self, head: Token) -> Span:
        """The accord's noun phrase: its modifiers, and what follows with "between", "on", "with", "of"."""
        end = head.i
        for child in head.children:
            if child.dep_ == "prep" and child.lower_ in {"between", "on", "with", "of", "over", "among", "for"} and child.i > head.i:
                clauses = [t.i for t in child.subtree if t.dep_ in {"relcl", "acl", "advcl", "ccomp"}]
                end = max(end, min([*(c - 1 for c in clauses), child.right_edge.i]))
        doc = head.doc
        start = head.left_edge.i
        while start < head.i and (doc[start].is_punct or doc[start].pos_ in {"CCONJ", "ADP", "PRON"}):
            start += 1
        if end - head.i > CAP // 8:
            end = head.i
        return (doc[start].idx, doc[end].idx + len(doc[end]))

    def _clause(self, head: Token) -> str:
        """The words of the noun phrase with its clauses, where hedges stand."""
        return str(head.doc[head.left_edge.i : head.right_edge.i + 1].text)

    def _near(self, head: Token) -> str:
        first = max(head.sent.start, head.i - 7)
        return str(head.doc[first : min(head.sent.end, head.i + 4)].text)

    def _parties(self, head: Token, verb: Token | None) -> list[EventActor]:
        """Whom the words make parties, the surest places first; stops where two are known."""
        prepositions = list(prepositions_of(head))
        places = [
            [obj for prep, obj in prepositions if prep in {"between", "among", "with"}],
            [c for c in head.children if c.dep_ in {"poss", "amod", "nmod", "compound"} and not _is_city(c)],
        ]
        if verb is not None:
            places.append(subjects_of(verb) if use_of(TABLE, verb, "mediating") is None else [])
            places.append([obj for prep, obj in prepositions_of(verb) if prep in {"with", "between"}])
        found: list[EventActor] = []
        for heads in places:
            _extend(found, [a for a in self.participants.of(heads) if self._can_sign(a)])
            if len(found) > 1:
                return found
        clause = [token for token in head.subtree if not _in_mediation(token, head)]
        _extend(found, [a for a in self.participants.within(clause) if self._can_sign(a)])
        return found

    def _can_sign(self, actor: EventActor) -> bool:
        if actor.sector in {"MED", "EDU", "BUS", "CVL"}:
            return False
        is_state = self.codebook.is_state(actor.code)
        return is_state or (actor.code not in FORUMS and self.codebook.organisation(actor.code).kind != "group")

    def _mediator(self, head: Token) -> EventActor | None:
        """Who mediated: "brokered by", "Qatari-mediated", "under the auspices of", or who brokers it between others."""
        for child in head.children:
            if child.dep_ in {"acl", "amod", "advcl", "relcl"} and use_of(TABLE, child, "mediating"):
                by = [obj for prep, obj in prepositions_of(child) if prep == "by"]
                before = [child.doc[i] for i in range(max(0, child.left_edge.i - 1), child.i)] if child.i < head.i else []
                found = self.participants.of(by) or (self.participants.within(before[::-1]) if child.i < head.i else [])
                if found:
                    return found[0]
        for prep, obj in [*prepositions_of(head), *(prepositions_of(head.head) if head.head.pos_ == "VERB" else [])]:
            if prep in {"under", "through", "with", "thanks"} and obj.lower_ in words_for(TABLE, "auspices"):
                found = self.participants.within([t for t in obj.subtree if t != obj])
                if found:
                    return found[0]
        return self._active_mediator(head)

    def _active_mediator(self, head: Token) -> EventActor | None:
        verb = head.head
        if verb.pos_ != "VERB" or verb.lemma_ not in {"broker", "mediate", "facilitate"}:
            return None
        agents = [obj for prep, obj in prepositions_of(verb) if prep == "by"] if head.dep_ != "dobj" else subjects_of(verb)
        found = self.participants.of(agents)
        return found[0] if found else None

    def make_accord(self, group: list[_Mention]) -> Accord | None:
        """The record of one accord from all its mentions; None where no two powers can be told."""
        parties: list[EventActor] = []
        mediator = next((m.mediator for m in group if m.mediator), None)
        for mention in group:
            _extend(parties, [p for p in mention.parties if mediator is None or p.code != mediator.code])
        how = NAMED
        if len(parties) < 2:
            parties, how = self._filled(group, parties, mediator)
        is_named = any(m.is_named for m in group)
        if len(parties) < 2 and not is_named:
            return None
        stated = [m for m in group if m.status is not None]
        best = max(stated, key=lambda m: STANDING.index(m.status or "proposed"), default=None)
        if best is None and not is_named and (how != NAMED or not any(m.matters or m.is_ceasefire for m in group)):
            return None
        stands = is_named or any(m.is_definite for m in group)
        status: Status = (best.status if best else None) or ("in_force" if stands else "signed")
        shown = max(group, key=lambda m: (m.status is not None and m is best, len(m.matters), not m.is_definite))
        hedges = list(dict.fromkeys(h for m in group for h in m.hedges))
        reason = f"“{best.decided_by}” makes it {status}" if best else f"nothing else said: taken as {status}"
        return Accord(
            id="c0",
            span=self._span(shown.head),
            parties=_in_text_order(parties),
            mediator=mediator.code if mediator else None,
            subject=self._subject(group),
            status=status,
            until=next((day for m in group if (day := self._until(m.head))), None),
            why=f"“{shown.head.text}”; {reason}; parties {how}" + (f"; hedged: {', '.join(hedges)}" if hedges else ""),
        )

    def _filled(
        self, group: list[_Mention], parties: list[EventActor], mediator: EventActor | None
    ) -> tuple[list[EventActor], str]:
        """The second party from the sentence, then from the dyad that the story is about."""
        filled = list(parties)
        for mention in group:
            near = [a for a in self.participants.within(mention.head.sent) if self._can_sign(a)]
            _extend(filled, [a for a in near if mediator is None or a.code != mediator.code])
            if len(filled) > 1:
                return filled[: max(2, len(parties))], "named in its sentence"
        if len(filled) == 1 and (other := self.participants.counterpart(filled[0])) and self._can_sign(other):
            is_near = any(m.is_ceasefire or self._is_named_near(m.head, other.code) for m in group)
            if is_near and (mediator is None or other.code != mediator.code):
                return [*filled, other], "one named with it, the other the story's counterpart"
        if not filled and any(m.is_ceasefire or m.matters for m in group):
            return self._dyad(), "none named with it: the two powers that the story names most"
        return filled, NAMED

    def _is_named_near(self, head: Token, code: str) -> bool:
        """Whether a power is named in the paragraph of an accord."""
        paragraph = self.document.paragraph_at(head.idx)
        span = paragraph.span if paragraph is not None else (0, 0)
        return any(span[0] <= m.span[0] < span[1] and actor_code(m) == code for m in self.participants.actors)

    def _dyad(self) -> list[EventActor]:
        """The two states that the story names most."""
        states = [m for m in self.participants.actors if (code := actor_code(m)) and self.codebook.is_state(code)]
        counts = Counter(actor_code(mention) for mention in states)
        codes = [code for code, _ in counts.most_common(2) if code]
        return [EventActor(code=code, name=self.codebook.name_of(code)) for code in codes]

    def _subject(self, group: list[_Mention]) -> str:
        """A few words of the text on what the accord is about."""
        best = max(group, key=lambda m: (len(m.matters), bool(_topic(m.head))))
        head = best.head
        kept = [c for c in head.children if c.dep_ in {"compound", "amod", "nmod"} and _is_matter(c)]
        topic = _topic(head)
        if head.pos_ == "PROPN":
            kept = [t for t in head.doc[head.left_edge.i : head.i] if t.pos_ not in {"DET", "PRON", "PUNCT"} or t.i > head.left_edge.i]
            kept = [] if any(t.is_punct and t.text != "-" for t in kept) else kept
        elif not kept and not topic and best.matters:
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


def _in_text_order(parties: list[EventActor]) -> tuple[str, ...]:
    ordered = sorted(parties, key=lambda party: party.span or (1 << 30, 1 << 30))
    return tuple(dict.fromkeys(party.code for party in ordered))


def _extend(found: list[EventActor], more: list[EventActor]) -> None:
    found.extend(actor for actor in more if actor.code not in {known.code for known in found})


def _is_definite(head: Token) -> bool:
    return any(child.lower_ in {"the", "this", "that", "these", "those", "their", "its"} for child in head.children)


def _is_ceasefire(head: Token) -> bool:
    words = {head.lemma_.lower(), *(c.lemma_.lower() for c in head.children if c.dep_ in {"compound", "amod", "nmod"})}
    return bool(words & words_for(TABLE, "ceasefire")) or (head.lower_ == "fire" and head.nbor(-1).text == "-")


def _is_matter(child: Token) -> bool:
    return child.lower_ in words_for(TABLE, "matter")


def _matters(head: Token) -> frozenset[str]:
    """The words that tell one accord from another: gas, nuclear, New START, Minsk."""
    kept = set()
    for child in head.children:
        if child.dep_ in {"compound", "amod", "nmod"} and (_is_matter(child) or child.pos_ == "PROPN"):
            kept.add(child.lower_)
    for prep, obj in prepositions_of(head):
        if prep in {"on", "over", "about", "for"}:
            kept |= {t.lower_ for t in (obj, *obj.children) if t.lower_ in words_for(TABLE, "matter")}
    if not kept and not any(child.lower_ in {"the", "this", "that"} for child in head.children):
        after = head.doc[head.i + 1 : min(head.sent.end, head.i + 20)]
        kept |= {t.lower_ for t in after if t.lower_ in words_for(TABLE, "matter") and t.pos_ in {"NOUN", "ADJ"}}
    return frozenset(kept - words_for(TABLE, "ceasefire"))


def _topic(head: Token) -> str:
    """"on gas supplies", "to free the crew", "that would suspend a gas war": the first that there is, short."""
    for child in head.children:
        if child.i < head.i:
            continue
        if child.dep_ == "prep" and child.lower_ in {"on", "over", "about", "for"}:
            return str(child.doc[child.i : min(child.right_edge.i, child.i + 7) + 1].text)
        is_promise = child.tag_ == "VB" and any(c.dep_ == "aux" for c in child.children)
        if child.dep_ in {"acl", "relcl"} and is_promise and use_of(TABLE, child, "mediating") is None:
            objects = [c for c in child.children if c.dep_ == "dobj"]
            if objects:
                return "to " * (child.tag_ == "VB") + f"{child.text} {_short(objects[0])}"
    return ""


def _short(head: Token) -> str:
    return str(head.doc[head.left_edge.i : head.i + 1].text)


def _is_city(child: Token) -> bool:
    """A place that an accord is named after ("Minsk accord") signs nothing."""
    return child.dep_ in {"compound", "nmod"} and child.pos_ == "PROPN" and child.ent_type_ in {"GPE", "FAC", "LOC", "EVENT", "LAW"} and "-" not in {t.text for t in child.subtree}


def _in_mediation(token: Token, head: Token) -> bool:
    """Whether a token stands in the clause that tells the mediator."""
    for above in (token, *token.ancestors):
        if above == head:
            return False
        if use_of(TABLE, above, "mediating") or above.lower_ in words_for(TABLE, "auspices"):
            return True
    return False


def _is_tentative(head: Token, near: str) -> bool:
    words = {c.lower_ for c in head.children if c.dep_ in {"amod", "compound", "acl"}}
    return bool(words & words_for(TABLE, "tentative")) or "in principle" in near.lower()


def _standing(head: Token) -> tuple[Token | None, Status | None, str]:
    """The verb that an accord hangs on and the standing that it gives: what was done to it, or what it does."""
    verb = _governor(head)
    if verb is None:
        return None, *_noun_standing(head)
    use = _use_for(verb, head)
    if use is None:
        return verb, *_noun_standing(head)
    factuality = judge_factuality(verb).factuality
    if factuality in {"planned", "conditional"} and verb_outlook(verb) == "back":
        factuality = "asserted"
    undone = factuality == "denied" or verb.head.lemma_ in UNDONE or bool({c.lower_ for c in head.children} & NEGATIONS)
    if use in {"signed", "in_force"} and (undone or factuality in {"planned", "conditional", "wished", "called-for"}):
        return verb, "proposed", verb.text
    if use == "expired" and verb_outlook(verb) == "ahead":
        return verb, "in_force", verb.text
    if use in {"violated", "suspended", "expired", "superseded"} and (undone or factuality != "asserted"):
        return verb, None, ""
    return verb, use, verb.text


def _governor(head: Token) -> Token | None:
    """The verb whose subject or object the accord is, through "terms of the deal", or a participle on it."""
    token = head
    for _ in range(4):
        if token.head == token:
            return None
        if token.head.pos_ in {"VERB", "AUX"}:
            return token.head
        token = token.head
    return None


def _use_for(verb: Token, head: Token) -> Status | None:
    lemma = verb.lemma_.lower()
    uses: tuple[tuple[str, Status], ...] = (
        ("violated", "violated"), ("expired", "expired"), ("superseded", "superseded"),
        ("suspended", "suspended"), ("signing", "signed"), ("in_force", "in_force"), ("proposing", "proposed"),
    )  # fmt: skip
    is_subject = head.dep_ in {"nsubj", "nsubjpass"}
    for use, status in uses:
        if lemma not in words_for(TABLE, use):
            continue
        if lemma in {"run", "end"} and (not is_subject or any(c.dep_ == "dobj" for c in verb.children)):
            continue
        if lemma in {"hold", "take", "enter", "last", "survive", "remain", "prevail", "govern", "apply"} and not is_subject:
            continue
        if status == "proposed" and (is_subject or (lemma in OPINIONS and _is_definite(head))):
            continue
        if status == "superseded" and head.dep_ == "nsubj":
            return "in_force"
        if lemma in {"pull", "withdraw", "leave", "walk", "quit"} and head.dep_ == "nsubj":
            continue
        return status
    return None


def _noun_standing(head: Token) -> tuple[Status | None, str]:
    """"Violations of the truce", "the signing of the treaty", "talks on a deal", a participle on the noun itself."""
    for child in head.children:
        if child.dep_ in {"acl", "amod", "relcl"} and (status := _use_for(child, head)) and child.tag_ == "VBN":
            return ("signed" if status == "proposed" and child.lemma_ == "negotiate" else status), child.text
    above = head.head
    if above.pos_ == "ADP":
        above = above.head
    words = {"talk": "proposed", "negotiation": "proposed", "proposal": "proposed", "call": "proposed", "hope": "proposed"}
    words |= {"prospect": "proposed", "signing": "signed", "collapse": "violated", "breakdown": "violated"}
    words |= {"violation": "violated", "breach": "violated", "expiry": "expired", "withdrawal": "suspended"}
    if above.lower_ in {"close", "closer", "near", "nearer"}:
        return "proposed", above.text
    status_word = words.get(above.lemma_.lower())
    if status_word and judge_factuality(above).factuality == "asserted":
        return next(status for status in STANDING if status == status_word), above.text
    return None, ""
