"""Finds judgements whether a side will, or can, do what it says: of experts, officials and the outlet itself."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Span as Words
from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.extraction.actors import actor_code
from olivebranch.extraction.conduct import Stance, judge_conduct
from olivebranch.extraction.participants import FIRST_PERSON, Participants
from olivebranch.extraction.syntax import PASSIVE_SUBJECTS, SUBJECTS, is_passive, subjects_of
from olivebranch.extraction.word_uses import iter_words, search_words, words_for
from olivebranch.records import ActorMention, Assessment, Attribution, Document, EventActor, Source, Span

TABLE = "assessment_words"
OUTLET = "the outlet"
ADDRESSING = frozenset({"at", "to", "towards", "toward", "with", "against", "in"})
FIRST_PERSON_SHARE = 0.15
NEGATION_REACH = 4
STATE_SECTORS = frozenset({None, "GOV", "MIL", "LEG", "JUD", "SPY", "COP"})

SILENT_SECTORS = frozenset({"MED", "BUS", "REB", "CRM"})
"""Whose forecasts are no judgement of a power's word: outlets, firms, armed groups."""

THIRD_PERSON = frozenset({"he", "she", "they", "it"})
LEAD = 3
PUNCTUATION = ".,;:!?()“”‘’\"'"


@dataclass(frozen=True)
class _Judge:
    """Who judges: a side's official has a `side`, a campaigner is a party without one, a known judge is heard wider."""

    who: str
    affiliation: str | None
    side: str | None
    is_lobby: bool
    is_known: bool


@dataclass(frozen=True)
class _Judgement:
    """One judging passage: who makes it, of which side, which way, and by which words."""

    who: str
    affiliation: str | None
    side: str | None
    is_party: bool
    about: str
    stance: Stance
    span: Span
    attribution: str | None
    words: str


def find_assessments(
    document: Document, attributions: tuple[Attribution, ...], actors: tuple[ActorMention, ...]
) -> tuple[Assessment, ...]:
    """Who judges whether a side will, or can, do what it says; one record a judge and side, in text order.

    Those who judge: experts and unnamed analysts, officials (marked `is_party` where they speak for a side in the
    matter), and the outlet in its own voice. A side's praise of itself is an assessment only where it speaks of its own
    people in the third person; the one who makes an offer does not judge it.

    Example: `"It is an olive branch," analysts say` of Russia gives stance believes, about RUS, is_party false.
    """
    finder = _Finder(
        document, attributions, Participants(document, actors, attributions, load_codebook()), load_codebook()
    )
    found = sorted(
        [*finder.iter_stated(), *finder.iter_told(), *finder.iter_own()], key=lambda judgement: judgement.span
    )
    groups: dict[tuple[str, str], list[_Judgement]] = {}
    for judgement in found:
        groups.setdefault((judgement.who, judgement.about), []).append(judgement)
    return tuple(_make_assessment(f"x{n}", group) for n, group in enumerate(groups.values(), 1))


def _make_assessment(number: str, group: list[_Judgement]) -> Assessment:
    """One record of all that one judge says of one side, at its clearest words."""
    first = max(group, key=lambda judgement: judgement.words.lower() not in words_for(TABLE, "weak"))
    stances = {judgement.stance for judgement in group}
    stance: Stance = stances.pop() if len(stances) == 1 else "mixed"
    words = ", ".join(dict.fromkeys(f"“{judgement.words}”" for judgement in group))
    return Assessment(
        id=number,
        span=first.span,
        who=first.who,
        affiliation=first.affiliation,
        side=first.side,
        is_party=first.is_party,
        about=first.about,
        stance=stance,
        attribution=first.attribution,
        why=f"{words} of {first.about}",
    )


@dataclass(frozen=True)
class _Finder:
    document: Document
    attributions: tuple[Attribution, ...]
    participants: Participants
    codebook: Codebook

    def iter_stated(self) -> Iterator[_Judgement]:
        """Judgements inside statements; those of one speaker whose office makes the offer itself are left out."""
        for attribution in self.attributions:
            judge = self._judge_of(attribution)
            if judge is None:
                continue
            for span in attribution.content.spans:
                for piece in self._sentences(span):
                    yield from self._judgements_in(piece, judge, attribution.id)

    def _judge_of(self, attribution: Attribution) -> _Judge | None:
        """Who judges in a statement: a power's official, a campaigner, or somebody without a side; else None."""
        source = attribution.source
        words = self.document.words(source.span) if source.span else ""
        who = source.name or words
        if not who or search_words(TABLE, "no_judges", who):
            return None
        is_former = search_words(TABLE, "former", f"{source.office or ''} {words}") is not None
        code = source.country if not source.is_expert and not is_former else None
        side = code if code is not None and self._is_power(code) and self._is_official(attribution) else None
        is_known = source.is_expert or source.is_named or is_former or search_words(TABLE, "judges", who) is not None
        if side is None and not is_known:
            return None
        if side is None and (source.sector in SILENT_SECTORS or (source.sector in STATE_SECTORS - {None} and not is_former)):
            return None
        is_lobby = side is None and search_words(TABLE, "party_words", source.affiliation or "") is not None
        is_known = source.is_expert or is_former or not self._is_actor(source)
        return _Judge(who, source.affiliation, side, is_lobby, is_known)

    def _is_actor(self, source: Source) -> bool:
        """Whether the source is a power or a body itself, not a person."""
        return any(m.span == source.span and m.kind != "person" for m in self.participants.actors)

    def _is_official(self, attribution: Attribution) -> bool:
        source = attribution.source
        is_power = self.codebook.resolve(source.name or "") is not None
        return source.sector in STATE_SECTORS and (source.sector is not None or source.office is not None or is_power)

    def _is_power(self, code: str) -> bool:
        return self.codebook.is_state(code) or self.codebook.is_group(code)

    def _judgements_in(self, piece: Words, judge: _Judge, attribution: str | None) -> Iterator[_Judgement]:
        found = self._weigh(piece, judge)
        if found is None:
            return
        stance, words = found
        about = self._about(piece, judge.side)
        if about is None or (judge.side is not None and not self._may_judge(piece, judge.side, about, judge.who)):
            return
        yield _Judgement(
            who=judge.who,
            affiliation=judge.affiliation,
            side=judge.side,
            is_party=judge.is_lobby or (judge.side is not None and self._is_in_the_matter(judge.side)),
            about=about,
            stance=stance,
            span=(piece.start_char, piece.end_char),
            attribution=attribution,
            words=words,
        )

    def _weigh(self, piece: Words, judge: _Judge) -> tuple[Stance, str] | None:
        """The stance of a passage, from words of trust, then from the conduct foretold, then from the intent told."""
        is_of_words = _speaks_of_words(piece, self._before(piece)) or self._is_of_overtures
        found = _judge(piece) if is_of_words else None
        if found and found[1].lower() in words_for(TABLE, "weak") and not _speaks_of_words(piece, self._before(piece)):
            found = None
        if found is None and is_of_words and self._has_side(piece):
            found = judge_conduct(piece, is_strict=judge.side is not None or not judge.is_known)
        return found or (_judge_intent(piece) if self._is_of_a_side(piece, judge.side) else None)

    @cached_property
    def _is_of_overtures(self) -> bool:
        """Whether the headline or the first lines speak of what powers do to each other: talks, pledges, sanctions."""
        head = [self.document.words(p.span) for p in self.document.paragraphs if p.furniture is None][:LEAD]
        words = {word.strip(PUNCTUATION) for word in " ".join([self.document.article.title or "", *head]).lower().split()}
        powers = Counter(c for m in self.participants.actors if (c := actor_code(m)) and self._is_power(c))
        officials = [m for m in self.participants.actors if m.kind == "person" and m.sector in {"GOV", "MIL"}]
        is_between = len(officials) > 1 and len(powers) > 1 and powers.most_common(2)[1][1] > 2
        return len(powers) > 1 and (is_between or bool(words & words_for(TABLE, "foreign")))

    def _has_side(self, piece: Words) -> bool:
        """Whether the conduct foretold is a power's: its name, its people, or a pronoun is a subject here."""
        if piece[0].pos_ in {"VERB", "AUX"}:
            return True  # the subject stands before the quotation: Havana, he says, "has never kept its word"
        for token in piece:
            if token.dep_ not in SUBJECTS | PASSIVE_SUBJECTS:
                continue
            if token.lower_ in THIRD_PERSON or token.lemma_.lower() in words_for(TABLE, "people_of"):
                return True
            if any(self._is_power(actor.code) for actor in self.participants.of([token])):
                return True
        return False

    def _is_of_a_side(self, piece: Words, side: str | None) -> bool:
        """Whether a power is said by somebody else to want or hope: "Moscow hopes", not "we hope"."""
        return any(self._intenders(token, side) for token in piece)

    def _intenders(self, verb: Token, side: str | None) -> list[EventActor]:
        if verb.pos_ != "VERB" or verb.lemma_ not in words_for(TABLE, "intent") or verb.dep_ == "amod":
            return []
        heads = [head for head in subjects_of(verb) if head.lower_ not in FIRST_PERSON]
        return [actor for actor in self.participants.of(heads) if self._is_power(actor.code)]

    def _sentences(self, span: Span) -> Iterator[Words]:
        tokens = self.document.parse.char_span(*span, alignment_mode="contract")
        if tokens is None:
            return
        for sent in tokens.sents:
            first, last = max(sent.start, tokens.start), min(sent.end, tokens.end)
            while last > first and tokens.doc[last - 1].is_space:
                last -= 1
            if last > first:
                yield tokens.doc[first:last]

    def _about(self, piece: Words, side: str | None) -> str | None:
        """The side judged: the subject of the judging words, else who is named in them, else the paragraph's topic."""
        heads = [token for token in piece if token.dep_ in SUBJECTS | PASSIVE_SUBJECTS]
        heads = [head for head in heads if head.lower_ not in FIRST_PERSON | {"it", "that", "this"}]
        for actors in (self.participants.of(heads), self._named_in(piece)):
            for actor in actors:
                is_named = (actor.code != "WEST" or "West" in piece.text) and actor.sector in STATE_SECTORS | {"IGO"}
                if is_named and self._is_power(actor.code):
                    return actor.code
        return self._topic(piece)

    def _named_in(self, piece: Words) -> list[EventActor]:
        """Who is named in a passage, places and those that the words are addressed to left out."""
        found = []
        for mention in self.participants.actors:
            tokens = piece.doc.char_span(*mention.span, alignment_mode="expand")
            if tokens is None or not piece.start <= tokens.start < piece.end:
                continue
            root = tokens.root
            is_addressed = root.dep_ == "pobj" and root.head.lower_ in ADDRESSING
            actor = None if is_addressed else self.participants.of_mention(mention)
            found.extend([actor] if actor is not None else [])
        return found

    def _topic(self, piece: Words) -> str | None:
        """The state named most in the paragraph and the one before, the nearer the sooner; else in the whole story."""
        here = self.document.paragraph_at(piece.start_char)
        number = here.index if here is not None else 0
        nearby = [p for p in self.document.paragraphs if number - 1 <= p.index <= number and p.furniture is None]
        reach = (nearby[0].span[0], piece.start_char) if nearby else (0, piece.start_char)
        for start, end in (reach, (0, len(self.document.article.text))):
            states = [
                code
                for mention in self.participants.actors
                if start <= mention.span[0] < end and (code := actor_code(mention)) and self.codebook.is_state(code)
            ]
            if states:
                return Counter(states).most_common(1)[0][0]
        return None

    def _may_judge(self, piece: Words, side: str, about: str, who: str) -> bool:
        """An official judges another side's words, or vouches for his own people by name, not for himself."""
        if about != side:
            found = _judge(piece)
            is_praise = found is not None and found[1].lower() in words_for(TABLE, "praise")
            return not is_praise and _speaks_of_words(piece, self._before(piece))
        named = [
            m for m in self.participants.actors if piece.start_char <= m.span[0] < piece.end_char and m.kind == "person"
        ]
        vouches = any(mention.name != who and mention.country == side for mention in named)
        return vouches and self._names_another(piece, side)

    def _names_another(self, piece: Words, side: str) -> bool:
        """Whether another power is named in the paragraph: a party's quarrel at home is no matter between powers."""
        here = self.document.paragraph_at(piece.start_char)
        start, end = here.span if here is not None else (0, 0)
        codes = {actor_code(m) for m in self.participants.actors if start <= m.span[0] < end}
        return bool(codes - {None, side})

    def _is_in_the_matter(self, side: str) -> bool:
        """Whether a side is one of those that the story is about: named twice or more by others than itself."""
        codes = Counter(actor_code(mention) for mention in self.participants.actors)
        leading = {code for code, _ in codes.most_common(4)}
        return side in leading or codes[side] > 1

    def iter_own(self) -> Iterator[_Judgement]:
        """The outlet's own judgements, in sentences outside every statement, by words that leave no doubt."""
        if self._is_first_person():
            return
        taken = [span for attribution in self.attributions for span in attribution.content.spans]
        for sentence in self.document.sentences:
            paragraph = self.document.paragraphs[sentence.paragraph]
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            if sentence.furniture or paragraph.furniture or paragraph.role == "headline" or tokens is None:
                continue
            found = _judge(tokens)
            if (
                found is None
                or found[1].lower() in words_for(TABLE, "weak")
                or not _speaks_of_words(tokens, self._before(tokens))
            ):
                continue
            start = tokens.start_char + tokens.text.lower().index(found[1].lower())
            if any(s <= start < e for s, e in taken) or self._is_told_of_somebody(tokens):
                continue
            about = self._about(tokens, None)
            is_named = any(actor.code == about for actor in self._named_in(tokens))
            if about is not None and (is_named or found[0] != "mixed"):
                yield _Judgement(OUTLET, None, None, False, about, found[0], sentence.span, None, found[1])

    def _is_first_person(self) -> bool:
        """A speech, statement or column: its "we" and "I" outside quotations leave no outlet's voice."""
        quoted = [quotation.outer for quotation in self.document.quotations]
        own = [
            t for t in self.document.parse if t.lower_ in FIRST_PERSON and not any(s <= t.idx < e for s, e in quoted)
        ]
        return len(own) > FIRST_PERSON_SHARE * len(self.document.sentences)

    def _before(self, tokens: Words) -> str:
        """The paragraph up to the sentence: what "a ploy" or "different now" refers to."""
        paragraph = self.document.paragraph_at(tokens.start_char)
        start = paragraph.span[0] if paragraph is not None else 0
        previous = (
            self.document.paragraphs[paragraph.index - 1] if paragraph is not None and paragraph.index > 0 else None
        )
        lead = self.document.words(previous.span) if previous is not None and previous.furniture is None else ""
        return lead + " " + self.document.article.text[start : tokens.start_char]

    def _is_told_of_somebody(self, tokens: Words) -> bool:
        """ "Critics doubt it", "Kyiv is sceptical", "the minister called it a ploy": somebody else's stance."""
        return any(
            token.lemma_.lower() in words_for(TABLE, "telling") and token.pos_ == "VERB" for token in tokens
        ) or any(_is_sceptic(token) for token in tokens)

    def iter_told(self) -> Iterator[_Judgement]:
        """Doubts told of somebody without a statement: "diplomats doubted that Ankara would keep its promise"."""
        for sentence in self.document.sentences:
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            role = self.document.paragraphs[sentence.paragraph].role
            if sentence.furniture or role == "headline" or tokens is None or not _speaks_of_words(tokens):
                continue
            for token in filter(_is_sceptic, tokens):
                verb = token if token.pos_ == "VERB" else token.head
                is_negated = any(child.dep_ == "neg" for child in verb.children)
                for who, side in self._doubters(verb):
                    about = self._about(tokens.doc[token.i : tokens.end], side)
                    if about is None or about == side:
                        continue
                    is_party = side is not None and self._is_in_the_matter(side)
                    stance: Stance = "believes" if is_negated else "doubts"
                    yield _Judgement(who, None, side, is_party, about, stance, sentence.span, None, token.text)

    def _doubters(self, verb: Token) -> Iterator[tuple[str, str | None]]:
        """Name and side of whoever doubts: a power or its official, or the unnamed judges."""
        for head in subjects_of(verb):
            actor = next(iter(self.participants.of([head])), None)
            if head.lemma_.lower() in words_for(TABLE, "judges") or head.lower_ in words_for(TABLE, "judges"):
                yield head.text, None
            elif actor is not None and self._is_power(actor.code) and actor.sector in STATE_SECTORS:
                yield actor.name, actor.code


def _is_sceptic(token: Token) -> bool:
    """The verb or adjective of doubt."""
    if token.pos_ == "VERB":
        return token.lemma_ in {"doubt", "distrust", "mistrust"}
    return token.dep_ == "acomp" and token.lower_ in words_for(TABLE, "sceptic")


def _is_judge(attribution: Attribution, who: str) -> bool:
    """Experts, and the unnamed whom news calls analysts, experts, observers, diplomats or critics."""
    return attribution.source.is_expert or search_words(TABLE, "judges", who) is not None


def _judge(piece: Words) -> tuple[Stance, str] | None:
    """The stance of the judging words in a passage, turned by a negation before them, and the words themselves."""
    text = piece.text
    found: list[tuple[Stance, str]] = []
    mixed = search_words(TABLE, "mixed", text)
    if mixed:
        return "mixed", mixed[0]
    doubts = list(iter_words(TABLE, "doubts", text))
    for match in doubts:
        found.append((_turned("doubts", text, match.start(), match[0]), match[0]))
    for match in iter_words(TABLE, "believes", text):
        if not any(d.start() <= match.start() < d.end() for d in doubts):
            found.append((_turned("believes", text, match.start(), match[0]), match[0]))
    if not found:
        return None
    stances = {stance for stance, _ in found}
    return (stances.pop() if len(stances) == 1 else "mixed"), found[0][1]


def _turned(stance: Stance, text: str, start: int, words: str) -> Stance:
    """A negation in the few words before turns a judgement round: "not a ploy", "hardly a breakthrough"."""
    before = text[:start].lower().replace("n't", " n't").split()[-NEGATION_REACH:]
    if not any(word.strip(",;:.") in words_for(TABLE, "negators") for word in before):
        return stance
    if any(mark in text[:start][-40:] for mark in (",", ";", ":", " but ")) and before[-1:] != ["not"]:
        clause = text[:start].replace(";", ",").replace(" but ", ",").rsplit(",", 1)[-1].lower().split()
        if not any(word in words_for(TABLE, "negators") for word in clause[-NEGATION_REACH:]):
            return stance
    return "doubts" if stance == "believes" else "believes"


def _judge_intent(piece: Words) -> tuple[Stance, str] | None:
    """A side said to hope, want or understand is believed to mean it; said not to, is doubted."""
    for token in piece:
        if token.pos_ == "VERB" and token.lemma_ in words_for(TABLE, "intent") and not _is_aim(token):
            words = {t.lemma_.lower() for t in token.subtree}
            if words & words_for(TABLE, "hostile"):
                continue
            if not words & (words_for(TABLE, "overture") | words_for(TABLE, "mending")):
                continue
            is_negated = any(child.dep_ == "neg" for child in token.children)
            return ("doubts" if is_negated else "believes"), token.text
    return None


def _is_aim(verb: Token) -> bool:
    """ "The offer is aimed at Brussels" tells of a target, not of a wish."""
    return verb.dep_ == "amod" or is_passive(verb)


def _speaks_of_words(piece: Words, before: str = "") -> bool:
    """Whether an offer, a promise or the like is what is judged: in the passage, or just before it."""
    words = {word.strip(".,;:!?()“”‘’\"'").lower() for word in f"{before} {piece.text}".split()}
    singular = words | {word.removesuffix("s") for word in words}
    return bool(singular & words_for(TABLE, "overture"))
