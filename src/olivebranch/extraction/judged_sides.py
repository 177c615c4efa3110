"""Which side a judging passage is about, and whether the story is one of what powers say and do to each other."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Span as Words
from spacy.tokens import Token

from olivebranch.codebook import Codebook
from olivebranch.extraction.actors import actor_code
from olivebranch.extraction.conduct import TABLE
from olivebranch.extraction.participants import FIRST_PERSON, Participants
from olivebranch.extraction.syntax import PASSIVE_SUBJECTS, SUBJECTS, subjects_of
from olivebranch.extraction.word_uses import words_for
from olivebranch.records import ActorMention, Document, EventActor

ADDRESSING = frozenset({"at", "to", "towards", "toward", "with", "against", "in"})
STATE_SECTORS = frozenset({None, "GOV", "MIL", "LEG", "JUD", "SPY", "COP"})
THIRD_PERSON = frozenset({"he", "she", "they", "it"})
RELATIVES = frozenset({"who", "that", "which", "what"})
LEAD = 6
"""So many paragraphs from the top tell what a story is of."""

SHORT = 4
SECOND_SHARE = 0.15
"""The second power of a story between powers is named at least so often as a share of the first."""

NAMED_OFTEN = 3
PUNCTUATION = ".,;:!?()“”‘’\"'"


@dataclass(frozen=True)
class JudgedSides:
    """Looks up the sides that the passages of one story judge."""

    document: Document
    participants: Participants
    codebook: Codebook

    def about(self, piece: Words, who: str | None = None, side: str | None = None) -> str | None:
        """The side judged: the subject of the judging words, else who is named in them, else the paragraph's topic.

        A pronoun never means the judge `who`, nor the judge's own `side`.
        """
        heads = [token for token in piece if token.dep_ in SUBJECTS | PASSIVE_SUBJECTS]
        heads = [head for head in heads if head.lower_ not in FIRST_PERSON | {"it", "that", "this"}]
        pronouns = [head for head in heads if head.lower_ in THIRD_PERSON]
        meant = [a for a in self.participants.of(pronouns) if a.name != who and a.code != side]
        plain = self.participants.of([head for head in heads if head not in pronouns])
        firsts = [*meant, *plain] if heads and pronouns and heads[0] == pronouns[0] else [*plain, *meant]
        for actor in [*firsts, *self.named_in(piece)]:
            if self._may_be_judged(actor, piece):
                return actor.code
        return self._topic(piece, side)

    def _may_be_judged(self, actor: EventActor, piece: Words) -> bool:
        is_meant = actor.code != "WORLD" and (actor.code != "WEST" or "West" in piece.text)
        return is_meant and actor.sector in STATE_SECTORS | {"IGO"} and self.is_power(actor.code)

    def is_power(self, code: str) -> bool:
        """Whether the code is a state's or a body of states'."""
        return self.codebook.is_state(code) or self.codebook.is_group(code)

    def has_side(self, piece: Words) -> bool:
        """Whether the conduct told of is a power's: its name, its people, or a pronoun is a subject here."""
        if piece[0].pos_ in {"VERB", "AUX"}:
            return True  # the subject stands before the quotation: Havana, he says, "has never kept its word"
        return any(token.dep_ in SUBJECTS | PASSIVE_SUBJECTS and self.is_side(token) for token in piece)

    def is_side(self, subject: Token) -> bool:
        """Whether a subject is a power, its people, its word given, or a pronoun that may mean one."""
        words = {subject.lemma_.lower(), subject.lower_}
        if subject.lower_ in THIRD_PERSON or words & (words_for(TABLE, "people_of") | words_for(TABLE, "overture")):
            return True
        if subject.lower_ in RELATIVES:
            return subject.head.dep_ != "relcl" or self.is_side(subject.head.head)
        return any(self.is_power(actor.code) for actor in self.participants.of([subject]))

    def is_other_side(self, who: str) -> Callable[[Token], bool]:
        """The question whether a subject is a side other than the judge: "he would leave", he said, is of himself."""

        def ask(subject: Token) -> bool:
            if subject.lower_ in {"he", "she"} and any(a.name == who for a in self.participants.of([subject])):
                return False
            return self.is_side(subject)

        return ask

    def wishes_of_others(self, piece: Words) -> bool:
        """Whether a power is said by somebody else to want or hope: "Moscow hopes", not "we hope"."""
        return any(self._wishers(token) for token in piece)

    def _wishers(self, verb: Token) -> list[EventActor]:
        if verb.pos_ != "VERB" or verb.lemma_ not in words_for(TABLE, "intent") or verb.dep_ == "amod":
            return []
        heads = [head for head in subjects_of(verb) if head.lower_ not in FIRST_PERSON]
        return [actor for actor in self.participants.of(heads) if self.is_power(actor.code)]

    def named_in(self, piece: Words) -> list[EventActor]:
        """Who is named in a passage, places and those that the words are addressed to left out."""
        found = []
        for mention in self.mentions_in(piece):
            tokens = piece.doc.char_span(*mention.span, alignment_mode="expand")
            root = tokens.root if tokens is not None else None
            is_addressed = root is not None and root.dep_ == "pobj" and root.head.lower_ in ADDRESSING
            actor = None if is_addressed else self.participants.of_mention(mention)
            found.extend([actor] if actor is not None else [])
        return found

    def mentions_in(self, piece: Words) -> list[ActorMention]:
        """The mentions that begin in a passage, in text order."""
        here = self._by_paragraph[self._number(piece.start_char)]
        return [m for m in here if piece.start_char <= m.span[0] < piece.end_char]

    def _number(self, offset: int) -> int:
        paragraph = self.document.paragraph_at(offset)
        return paragraph.index if paragraph is not None else -1

    @cached_property
    def _by_paragraph(self) -> dict[int, list[ActorMention]]:
        found: dict[int, list[ActorMention]] = defaultdict(list)
        for mention in sorted(self.participants.actors, key=lambda m: m.span):
            found[self._number(mention.span[0])].append(mention)
        return found

    def _topic(self, piece: Words, side: str | None) -> str | None:
        """The state named most in the paragraph and the one before, up to the passage; else in the whole story."""
        number = self._number(piece.start_char)
        near = [*self._by_paragraph[number - 1], *self._by_paragraph[number]] if number >= 0 else []
        codes = (actor_code(m) for m in near if m.span[0] < piece.start_char)
        states = Counter(code for code in codes if code and code != side and self.codebook.is_state(code))
        counts = states or Counter({c: n for c, n in self._weights.items() if c != side and self.codebook.is_state(c)})
        return counts.most_common(1)[0][0] if counts else None

    @cached_property
    def _weights(self) -> Counter[str]:
        return Counter(code for m in self.participants.actors if (code := actor_code(m)))

    def is_in_the_matter(self, side: str) -> bool:
        """Whether a side is one of those that the story is about: named twice or more by others than itself."""
        leading = {code for code, _ in self._weights.most_common(4)}
        return side in leading or self._weights[side] > 1

    def vouches_for_own(self, piece: Words, side: str, who: str) -> bool:
        """Whether an official speaks of his own people by name, with another power named beside it."""
        named = [m for m in self.mentions_in(piece) if m.kind == "person"]
        if not any(mention.name != who and mention.country == side for mention in named):
            return False
        codes = {actor_code(m) for m in self._by_paragraph[self._number(piece.start_char)]}
        return bool(codes - {None, side})

    def before(self, tokens: Words) -> str:
        """The paragraph up to the passage, and the one before: what "a ploy" or "different now" refers to."""
        number = self._number(tokens.start_char)
        if number < 0:
            return ""
        paragraphs = self.document.paragraphs
        previous = paragraphs[number - 1] if number > 0 else None
        lead = self.document.words(previous.span) if previous is not None and previous.furniture is None else ""
        return lead + " " + self.document.article.text[paragraphs[number].span[0] : tokens.start_char]

    @cached_property
    def is_between_powers(self) -> bool:
        """Whether the story is of more than one power: two in its headline and first paragraphs, or it is a short note.

        A campaign or a crime at home names a second power late and in passing.
        """
        body = [p for p in self.document.paragraphs if p.furniture is None]
        if len(body) <= SHORT:
            return True
        end = body[LEAD - 1].span[1] if len(body) >= LEAD else body[-1].span[1]
        lead = {actor_code(m) for m in self.participants.actors if m.span[0] < end}
        counts = [n for code, n in self._weights.most_common() if self.is_power(code)]
        is_shared = len(counts) > 1 and counts[1] >= SECOND_SHARE * counts[0]
        return is_shared and sum(code is not None and self.is_power(code) for code in lead) > 1

    @cached_property
    def is_foreign(self) -> bool:
        """Whether the first lines, or the officials named, make it a story of what powers do to each other."""
        head = [self.document.words(p.span) for p in self.document.paragraphs if p.furniture is None][:LEAD]
        text = " ".join([self.document.article.title or "", *head]).lower()
        words = {word.strip(PUNCTUATION) for word in text.split()}
        powers = [count for code, count in self._weights.most_common() if self.is_power(code)]
        officials = [m for m in self.participants.actors if m.kind == "person" and m.sector in {"GOV", "MIL"}]
        is_between = len(officials) > 1 and len(powers) > 1 and powers[1] >= NAMED_OFTEN
        is_told = is_between or bool(words & words_for(TABLE, "foreign"))
        return len(powers) > 1 and self.is_between_powers and is_told
