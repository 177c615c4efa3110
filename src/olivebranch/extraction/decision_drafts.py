"""Finds the words of decisions ahead: who is to vote, rule, choose, approve, and what needs whose approval."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span as Words
from spacy.tokens import Token

from olivebranch.extraction.dates import date_for
from olivebranch.extraction.deciding_bodies import TABLE, DecidingBodies
from olivebranch.extraction.outlook import verb_outlook
from olivebranch.extraction.syntax import (
    agents_of,
    is_passive,
    lemma_of,
    particle_of,
    patients_of,
    prepositions_of,
    subjects_of,
)
from olivebranch.extraction.word_uses import use_of, words_for
from olivebranch.records import DateMention, EventActor, Span

OVER = frozenset({"decide", "vote", "agree", "choose", "refuse", "decline"})
REQUESTS = frozenset({"ask", "urge", "call", "tell", "invite", "want", "press", "appeal", "demand", "implore", "like"})
PENDING_MARKS = frozenset({"once", "until", "unless", "before", "till"})
CHOICES = ("whether", "if ", "how", "which", "who", "when", "on ")
CLAUSES = frozenset({"ccomp", "xcomp", "pcomp"})
MAX_WHAT = 160
MATTER_REACH = 30
"""A matter meant by "it" is looked for so many words before the sentence, in its paragraph."""


@dataclass(frozen=True)
class Draft:
    """A deciding act ahead: its verb or noun, the body, and the words of the matter."""

    head: Token
    body: EventActor
    what: Span
    subject: tuple[Token, ...]


@dataclass(frozen=True)
class DraftFinder:
    """Looks for deciding acts in the sentences of one story."""

    bodies: DecidingBodies
    dates: tuple[DateMention, ...]

    def iter_drafts(self) -> Iterator[Draft]:
        """Deciding verbs ahead, meetings held to weigh a matter, votes announced, approvals needed."""
        document = self.bodies.document
        for sentence in document.sentences:
            paragraph = document.paragraphs[sentence.paragraph]
            tokens = document.parse.char_span(*sentence.span, alignment_mode="expand")
            if sentence.furniture or paragraph.furniture or paragraph.role == "headline" or tokens is None:
                continue
            for token in tokens:
                draft = self._at(token)
                if draft is not None and self._is_between_powers(draft):
                    yield draft

    def _at(self, token: Token) -> Draft | None:
        if token.pos_ in {"VERB", "AUX"}:
            return self._from_verb(token) or self._from_passing(token)
        if token.pos_ in {"NOUN", "PROPN"}:
            return self._from_noun(token) or self._from_need(token)
        return None

    def _is_between_powers(self, draft: Draft) -> bool:
        """A group's decision, or one of a state on a matter with other powers; never a court's on a theft."""
        words = {token.lemma_.lower() for token in _nearby(draft.head)}
        if words & words_for(TABLE, "home_matters"):
            return False
        if self.bodies.codebook.is_group(draft.body.code):
            return True
        powers = {actor.code for actor in self.bodies.participants.within(draft.head.sent)} - {draft.body.code}
        matters = words & words_for(TABLE, "foreign_matters")
        is_choice = self._words(draft.what).lower().startswith(CHOICES)
        return bool(matters) or bool(powers and (is_choice or words & words_for(TABLE, "measure")))

    def _from_verb(self, verb: Token) -> Draft | None:
        use = use_of(TABLE, verb, "deciding", "weighing")
        if use is None or (is_passive(verb) and use == "weighing"):
            return None
        if _is_for_person(verb) or (lemma_of(verb) == "take" and particle_of(verb) != "up"):
            return None
        meeting = _meeting_above(verb)
        what = self._matter(verb)
        if what is None or (use == "weighing" and meeting is None and not self._is_measure(what)):
            return None
        if meeting is not None and meeting.pos_ == "NOUN":
            body = self.bodies.of([meeting])
            return Draft(verb, body, what, ()) if body and self._is_measure(what) and not _is_past(meeting) else None
        if not self._lies_ahead(verb, meeting) or _is_outcome(verb) or _is_request(verb):
            return None
        subject = _subjects(verb, meeting)
        body = self.bodies.of(subject, may_rule=use == "deciding" and self._is_choice(verb, what))
        is_lone = lemma_of(verb) in {"block", "veto", "hear", "override"} and body is not None and _is_person(subject)
        if (
            body is None
            or is_lone
            or (lemma_of(verb) in words_for(TABLE, "measure_verbs") and not self._is_measure(what))
        ):
            return None
        if self._is_exhorted(verb, body):
            return None
        return Draft(verb, body, what, tuple(subject))

    def _is_exhorted(self, verb: Token, body: EventActor) -> bool:
        """ "The United Nations must adopt a clear policy" urges, it tells of no decision on its way."""
        helpers = {child.lower_ for child in verb.children if child.dep_ == "aux"}
        is_urged = bool(helpers & {"must", "should", "ought"}) and lemma_of(verb) not in words_for(TABLE, "choosing")
        return is_urged and self.bodies.codebook.is_group(body.code)

    def _lies_ahead(self, verb: Token, meeting: Token | None) -> bool:
        if meeting is not None and verb_outlook(meeting) == "back":
            return False
        is_pending = any(c.dep_ in {"mark", "advmod"} and c.lower_ in PENDING_MARKS for c in verb.children)
        if is_pending and verb.tag_ in {"VBZ", "VBP"}:
            return True
        if verb_outlook(meeting or verb) == "ahead" or verb_outlook(verb) == "ahead":
            return True
        return verb.dep_ == "conj" and verb.tag_ == "VB" and verb_outlook(verb.head) == "ahead"

    def _is_choice(self, verb: Token, what: Span) -> bool:
        """Whether an office decides: "whether to", never its own act alone ("will decide its own future")."""
        if lemma_of(verb) not in words_for(TABLE, "choosing"):
            return False
        return self._is_measure(what) or self._words(what).lower().startswith(CHOICES)

    def _words(self, span: Span) -> str:
        return self.bodies.document.words(span)

    def _from_noun(self, noun: Token) -> Draft | None:
        """ "A Security Council vote on the text is due Thursday", "will hold a referendum on the name"."""
        if use_of(TABLE, noun, "vote_nouns") is None or noun.dep_ == "compound":
            return None
        verb = next((t for t in noun.ancestors if t.pos_ in {"VERB", "AUX"}), None)
        is_called_off = verb is not None and noun.dep_ == "dobj" and lemma_of(verb) in words_for(TABLE, "postponing")
        if verb is None or is_called_off or not self._is_ahead(noun, verb):
            return None
        owners = [c for c in noun.children if c.dep_ in {"compound", "poss", "amod", "nmod"}]
        owners += [obj for prep, obj in prepositions_of(noun) if prep in {"by", "in", "of", "at", "from"}]
        is_plebiscite = noun.lemma_ in {"referendum", "plebiscite"}
        owners += subjects_of(verb) if noun.dep_ == "dobj" or is_plebiscite else []
        owners += [obj for prep, obj in prepositions_of(verb) if prep in {"in", "by", "at", "from"}]
        body = self.bodies.of(owners, may_rule=is_plebiscite or noun.lemma_ == "decision")
        body = body or (self._voters(noun) if is_plebiscite else None)
        matter = next((obj for prep, obj in prepositions_of(noun) if prep in {"on", "about", "over", "against"}), None)
        if body is None or (matter is None and noun.lemma_ in {"decision", "approval", "consent", "hearing"}):
            return None
        what = (noun.idx, noun.idx + len(noun)) if matter is None else _phrase(matter)
        return Draft(noun, body, what, tuple(owners))

    def _voters(self, noun: Token) -> EventActor | None:
        """Whose referendum it is where nobody holds it: of the country spoken of."""
        code = self.bodies.nation_at(noun)
        return EventActor(code=code, name="voters", span=(noun.idx, noun.idx + len(noun))) if code else None

    def _is_ahead(self, noun: Token, verb: Token) -> bool:
        over = {t.lower_ for t in (noun.head, noun.head.head)} if noun.dep_ == "pobj" else set()
        if over & {"ahead", "before", "eve", "until"}:
            return True
        if noun.dep_ not in {"nsubj", "nsubjpass", "dobj"} and not (noun.dep_ == "pobj" and noun.head.head == verb):
            return False
        if lemma_of(verb) in words_for(TABLE, "postponing") and {"until", "till", "to"} & {
            c.lower_ for c in verb.children
        }:
            return True
        if verb_outlook(verb) == "ahead" or {c.lower_ for c in verb.children} & words_for("outlook_words", "due"):
            return True
        mention = date_for(noun, self.bodies.document, self.dates)
        on = self.bodies.document.article.published_on
        return mention is not None and on is not None and mention.from_ > on

    def _from_need(self, noun: Token) -> Draft | None:
        """ "Needs the approval of parliament", "subject to ratification by Congress", "requires all 28 to agree"."""
        if noun.lemma_.lower() not in words_for(TABLE, "approval_nouns"):
            return None
        above = _needing(noun)
        if above is None:
            return None
        owners = [c for c in noun.children if c.dep_ in {"compound", "poss", "amod", "nmod"}]
        owners += [obj for prep, obj in prepositions_of(noun) if prep in {"of", "by", "from", "in"}]
        body = self.bodies.of(owners)
        subject = [c for t in (above, above.head) for c in t.children if c.dep_ in {"nsubj", "nsubjpass"}]
        if body is None:
            return None
        what = _phrase(subject[0]) if subject else _phrase(noun)
        return Draft(noun, body, what, tuple(owners))

    def _from_passing(self, verb: Token) -> Draft | None:
        """ "Now goes before the Senate", "will be put to voters", "rests with Congress", "is up to parliament"."""
        lemma = lemma_of(verb)
        if lemma == "be" and any(c.lower_ == "for" and c.tag_ == "IN" for c in verb.children):
            return None
        if lemma == "be":
            objects = [o for c in verb.children if c.lower_ == "up" for p, o in prepositions_of(c) if p == "to"]
            objects += [o for p, o in prepositions_of(verb) if p in {"up to", "for", "before"}]
            is_open = bool(objects) and any(c.tag_ == "VB" or c.dep_ in {"advcl", "xcomp"} for c in verb.children)
        else:
            places = {"before", "to", "with", "in"} if lemma in {"rest", "lie", "fall"} else {"before", "to"}
            objects = [o for p, o in prepositions_of(verb) if p in places]
            is_open = lemma in words_for(TABLE, "passing_verbs") and verb.tag_ != "VBD" and verb_outlook(verb) != "back"
        body = self.bodies.of(objects) if is_open else None
        subject = [c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"} and c.lower_ != "it"]
        infinitive = [c for c in verb.children if c.tag_ == "VB" and c.dep_ in {"advcl", "xcomp", "ccomp", "csubj"}]
        heads = [*infinitive, *subject] if lemma == "be" else subject
        if body is None or not heads:
            return None
        if self.bodies.codebook.is_group(body.code) and lemma not in {"be", "rest", "lie"}:
            return None
        what = _phrase(heads[0])
        return Draft(verb, body, what, tuple(objects)) if self._is_measure(what) else None

    def _matter(self, verb: Token) -> Span | None:
        """What is to be decided: the object, the clause, or what follows "on", "whether", "for"."""
        for child in verb.children:
            if child.dep_ in CLAUSES | {"csubjpass", "csubj"} and (
                child.i > verb.i or child.dep_ in {"csubjpass", "csubj"}
            ):
                return _phrase(child)
        patients = [t for t in patients_of(verb) if t.pos_ in {"NOUN", "PROPN"}]
        if patients:
            return _phrase(patients[0])
        for prep in verb.children:
            if prep.dep_ == "prep" and prep.lower_ in {"on", "for", "against", "over", "about"}:
                inner = next((c for c in prep.children if c.dep_ in {"pobj", "pcomp", "ccomp"}), None)
                if inner is not None and inner.ent_type_ not in {"DATE", "TIME"}:
                    return _phrase(inner)
        pronouns = [t for t in patients_of(verb) if t.lower_ in {"it", "them", "this", "that", "which"}]
        return self._antecedent(pronouns[0]) if pronouns else None

    def _antecedent(self, pronoun: Token) -> Span | None:
        """The measure that "it" means: the last one named before it, in its sentence or the one before."""
        doc = pronoun.doc
        first = max(0, pronoun.sent.start - 40)
        for token in reversed(doc[first : pronoun.i]):
            if token.pos_ == "NOUN" and token.lemma_.lower() in words_for(TABLE, "measure"):
                return _phrase(token)
        return None

    def _is_measure(self, what: Span) -> bool:
        tokens = self.bodies.document.parse.char_span(*what, alignment_mode="expand")
        return tokens is not None and any(t.lemma_.lower() in words_for(TABLE, "measure") for t in tokens)


def _nearby(head: Token) -> Words:
    """The sentence of a deciding act and the one before it, where the matter may be named."""
    first = head.sent.start
    while first > 0 and not head.doc[first - 1].text.startswith("\n") and head.sent.start - first < MATTER_REACH:
        first -= 1
    return head.doc[first : head.sent.end]


def _phrase(head: Token) -> Span:
    """A phrase without its relative clauses, up to a length."""
    stop = next((t.left_edge.i for t in head.subtree if t.dep_ == "relcl" and t.i > head.i), head.right_edge.i + 1)
    tokens = head.doc[head.left_edge.i : max(stop, head.i + 1)]
    while len(tokens) > 1 and (tokens[-1].is_punct or tokens[-1].is_space):
        tokens = tokens[:-1]
    return (tokens.start_char, min(tokens.end_char, tokens.start_char + MAX_WHAT))


def _needing(noun: Token) -> Token | None:
    """The word that makes an approval one still to be had: "needs", "requires", "awaits", "subject to", "pending"."""
    above = noun.head
    if noun.dep_ in {"nsubjpass", "nsubj"} and lemma_of(above) in {"require", "need"}:
        return above
    for _ in range(3):
        if lemma_of(above) in words_for(TABLE, "needing") or above.lower_ == "pending":
            is_over = above.pos_ in {"VERB", "AUX"} and verb_outlook(above) == "back"
            is_taken = above.lemma_ == "take" and not any(c.lower_ == "it" for c in above.children)
            return None if is_over or is_taken else above
        if above.pos_ not in {"ADP", "NOUN"} and above.lower_ not in {"subject", "pending"}:
            return _by_only(noun, above)
        above = above.head
    return None


def _is_for_person(verb: Token) -> bool:
    """ "Will vote for Sanders": an election."""
    return verb.lemma_ == "vote" and any(p == "for" and o.pos_ == "PROPN" for p, o in prepositions_of(verb))


def _is_person(subject: list[Token]) -> bool:
    """One legislator blocks nothing alone: his vow is a position."""
    return any(t.ent_type_ == "PERSON" for t in subject)


def _by_only(noun: Token, verb: Token) -> Token | None:
    """ "Can be lifted only by a vote of Congress"."""
    is_agent = noun.dep_ == "pobj" and noun.head.lower_ in {"by", "without", "through", "after", "with"}
    return verb if is_agent and verb.pos_ == "VERB" and verb_outlook(verb) == "ahead" else None


def _subjects(verb: Token, meeting: Token | None) -> list[Token]:
    """Who is to decide, through "is due to", "has until Friday to", "will be asked to"."""
    if is_passive(verb):
        return agents_of(verb)
    over = next((t for t in verb.ancestors if t.pos_ in {"VERB", "AUX"}), None)
    if over is not None and over.lemma_ == "have" and verb.tag_ == "VB" and not is_passive(over):
        return subjects_of(over)
    for start in (meeting or verb, verb):
        found = _deciders(start)
        if found:
            return found
    if over is None or verb.tag_ != "VB":
        return []
    if over.lemma_ == "be" and any(c.lower_ == "for" for c in over.children):
        return [o for p, o in prepositions_of(over) if p == "for"]
    return patients_of(over) if is_passive(over) else []


def _deciders(verb: Token) -> list[Token]:
    above = verb.head
    if verb.dep_ == "xcomp" and above.pos_ == "ADJ" and above.head.pos_ in {"AUX", "VERB"}:
        return subjects_of(above.head)
    return subjects_of(verb)


def _is_outcome(verb: Token) -> bool:
    """ "Decided last week to extend": the decision is over, what it orders is no new one."""
    above = verb.head
    return verb.dep_ in {"xcomp", "ccomp"} and above.lemma_ in OVER and verb_outlook(above) == "back"


def _is_request(verb: Token) -> bool:
    """ "We ask our partners not to lift the ban" asks, it schedules nothing; "will be asked to extend" does."""
    above = verb.head
    is_asked = verb.dep_ in {"xcomp", "ccomp", "advcl"} and above.lemma_ in REQUESTS
    return is_asked and not (is_passive(above) and verb_outlook(above) == "ahead")


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
