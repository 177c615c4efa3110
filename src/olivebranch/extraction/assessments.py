"""Finds judgements whether a side will, or can, do what it says: of experts, officials and the outlet itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span as Words
from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.extraction.conduct import TABLE, Stance, judge_conduct
from olivebranch.extraction.judged_sides import STATE_SECTORS, JudgedSides
from olivebranch.extraction.participants import FIRST_PERSON, Participants
from olivebranch.extraction.stances import judge_intent, judge_words, speaks_of_words
from olivebranch.extraction.told_views import ToldView, iter_told_views
from olivebranch.extraction.word_uses import search_words, words_for
from olivebranch.records import ActorMention, Assessment, Attribution, Document, Source, Span

OUTLET = "the outlet"
FIRST_PERSON_SHARE = 0.15

SILENT_SECTORS = frozenset({"MED", "BUS", "REB", "CRM"})
"""Whose forecasts are no judgement of a power's word: outlets, firms, armed groups."""


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
    codebook = load_codebook()
    participants = Participants(document, actors, attributions, codebook)
    sides = JudgedSides(document, participants, codebook)
    if not sides.is_between_powers:
        return ()
    finder = _Finder(document, attributions, participants, sides, codebook)
    stated = [*finder.iter_stated()]
    found = sorted(
        [*stated, *finder.iter_told({one.span for one in stated}), *finder.iter_own()], key=lambda one: one.span
    )
    groups: dict[tuple[str, str], list[_Judgement]] = {}
    for judgement in found:
        groups.setdefault((judgement.who, judgement.about), []).append(judgement)
    return tuple(_make_assessment(f"x{n}", group) for n, group in enumerate(groups.values(), 1))


def _make_assessment(number: str, group: list[_Judgement]) -> Assessment:
    """One record of all that one judge says of one side, at its clearest words."""
    group = [judgement for judgement in group if judgement.stance != "none"] or group
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
    sides: JudgedSides
    codebook: Codebook

    def iter_stated(self) -> Iterator[_Judgement]:
        """Judgements inside statements; those of one speaker whose office makes the offer itself are left out."""
        for attribution in self.attributions:
            judge = self._judge_of(attribution)
            if judge is None:
                continue
            pieces = [piece for span in attribution.content.spans for piece in self._sentences(span)]
            for piece in pieces:
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
        if code is not None and self.sides.is_power(code) and self._is_official(source):
            return _Judge(who, source.affiliation, code, False, True)
        is_organ = source.sector in SILENT_SECTORS or (source.sector in STATE_SECTORS - {None} and not is_former)
        is_heard = source.is_expert or source.is_named or is_former or search_words(TABLE, "judges", who) is not None
        if is_organ or not is_heard:
            return None
        is_lobby = search_words(TABLE, "party_words", source.affiliation or "") is not None
        is_known = source.is_expert or is_former or not self._is_body(source)
        return _Judge(who, source.affiliation, None, is_lobby, is_known)

    def _is_official(self, source: Source) -> bool:
        is_power = self.codebook.resolve(source.name or "") is not None
        return source.sector in STATE_SECTORS | {"IGO"} and (
            source.sector is not None or source.office is not None or is_power
        )

    def _is_body(self, source: Source) -> bool:
        """Whether the source is a power or a body itself, not a person."""
        return any(m.span == source.span and m.kind != "person" for m in self.participants.actors)

    def _judgements_in(self, piece: Words, judge: _Judge, attribution: str | None) -> Iterator[_Judgement]:
        found = self._weigh(piece, judge)
        about = self.sides.about(piece, judge.who, judge.side) if found is not None else None
        if found is None or about is None or (judge.side is not None and not self._may_judge(piece, judge, about)):
            return
        yield self._made(judge, about, found, piece, attribution)

    def _made(
        self, judge: _Judge, about: str, found: tuple[Stance, str], piece: Words, attribution: str | None
    ) -> _Judgement:
        is_party = judge.is_lobby or (judge.side is not None and self.sides.is_in_the_matter(judge.side))
        span = (piece.start_char, piece.end_char)
        return _Judgement(
            judge.who, judge.affiliation, judge.side, is_party, about, found[0], span, attribution, found[1]
        )

    def _weigh(self, piece: Words, judge: _Judge) -> tuple[Stance, str] | None:
        """The stance of a passage, from words of trust, then from the conduct foretold, then from the intent told."""
        is_near = speaks_of_words(piece, self.sides.before(piece))
        found = judge_words(piece) if is_near or self.sides.is_foreign else None
        if found and found[1].lower() in words_for(TABLE, "weak") and not is_near:
            found = None
        if (is_near or self.sides.is_foreign) and self.sides.has_side(piece):
            is_strict = judge.side is not None or not judge.is_known
            found = _both(found, judge_conduct(piece, is_strict, self.sides.is_other_side(judge.who)))
        return found or (judge_intent(piece) if self.sides.wishes_of_others(piece) else None)

    def _may_judge(self, piece: Words, judge: _Judge, about: str) -> bool:
        """An official judges another side's words, or vouches for his own people by name, not for himself."""
        if about == judge.side:
            return self.sides.vouches_for_own(piece, about, judge.who)
        found = judge_words(piece)
        faint = words_for(TABLE, "praise") | words_for(TABLE, "weak")
        is_praise = found is not None and found[0] != "doubts" and found[1].lower() in faint
        return not is_praise and (self.sides.is_foreign or speaks_of_words(piece, self.sides.before(piece)))

    def _sentences(self, span: Span) -> Iterator[Words]:
        tokens = self.document.parse.char_span(*span, alignment_mode="contract")
        if tokens is None:
            return
        for sent in tokens.sents:
            first, last = max(sent.start, tokens.start), min(sent.end, tokens.end)
            while last > first and tokens.doc[last - 1].is_space:
                last -= 1
            while first < last and (tokens.doc[first].is_punct or tokens.doc[first].is_space):
                first += 1
            if last > first:
                yield tokens.doc[first:last]

    def _own_sentences(self) -> Iterator[Words]:
        """The sentences of the story itself, headline and furniture left out."""
        for sentence in self.document.sentences:
            paragraph = self.document.paragraphs[sentence.paragraph]
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            if not (sentence.furniture or paragraph.furniture or paragraph.role == "headline" or tokens is None):
                yield tokens

    def iter_own(self) -> Iterator[_Judgement]:
        """The outlet's own judgements, in sentences outside every statement, by words that leave no doubt."""
        if self._is_first_person():
            return
        for tokens in self._own_sentences():
            found = judge_words(tokens)
            if found is None or not self._is_own_matter(tokens, found[1]):
                continue
            start = tokens.start_char + tokens.text.lower().index(found[1].lower())
            about = None if self._is_told(tokens, start) else self.sides.about(tokens)
            is_named = any(actor.code == about for actor in self.sides.named_in(tokens))
            if about is not None and (is_named or found[0] != "mixed"):
                yield _Judgement(OUTLET, None, None, False, about, found[0], _span_of(tokens), None, found[1])

    def _is_own_matter(self, tokens: Words, words: str) -> bool:
        """Strong words on what stands before too, weak ones only where the sentence itself names what is judged."""
        is_weak = words.lower() in words_for(TABLE, "weak")
        return not is_weak and speaks_of_words(tokens, self.sides.before(tokens))

    def _is_first_person(self) -> bool:
        """A speech, statement or column: its "we" and "I" outside quotations leave no outlet's voice."""
        quoted = {i for quotation in self.document.quotations for i in range(*quotation.outer)}
        own = [t for t in self.document.parse if t.lower_ in FIRST_PERSON and t.idx not in quoted]
        return len(own) > FIRST_PERSON_SHARE * len(self.document.sentences)

    def _is_told(self, tokens: Words, start: int) -> bool:
        """ "Critics doubt it", "Kyiv is sceptical", "the minister called it a ploy": somebody else's stance."""
        if any(s <= start < e for attribution in self.attributions for s, e in attribution.content.spans):
            return True
        is_saying = any(t.lemma_.lower() in words_for(TABLE, "telling") and t.pos_ == "VERB" for t in tokens)
        return is_saying or any(True for _ in iter_told_views(tokens))

    def iter_told(self, taken: set[Span]) -> Iterator[_Judgement]:
        """Views told of somebody without a statement: "diplomats doubted that Ankara would keep its promise"."""
        for tokens in self._own_sentences():
            if not (self.sides.is_foreign or speaks_of_words(tokens)):
                continue
            for view in iter_told_views(tokens):
                judge = self._holder(view)
                if judge is None or any(s < tokens.end_char and tokens.start_char < e for s, e in taken):
                    continue
                about = self.sides.about(view.piece, judge.who, judge.side)
                is_near = speaks_of_words(tokens, self.sides.before(tokens))
                is_apt = about != judge.side and (is_near or self.sides.is_foreign)
                if about is not None and is_apt:
                    yield self._made(judge, about, (view.stance, view.words), tokens, None)

    def _holder(self, view: ToldView) -> _Judge | None:
        """Who holds a view: a power or its official, the unnamed judges, a private person; of the rest, the outlet."""
        head: Token = view.holder
        actor = next(iter(self.participants.of([head])), None)
        words = {head.lemma_.lower(), head.lower_}
        if head.lower_ in {"some", "others", "many"}:
            return None  # they open what named judges then say
        if words & words_for(TABLE, "judges") or words & {"few", "nobody", "none"}:
            is_one = head.lower_ in {"few", "nobody", "none"}
            return _Judge(OUTLET if is_one else head.text, None, None, False, True)
        if actor is not None and self.sides.is_power(actor.code) and actor.sector in STATE_SECTORS:
            return _Judge(actor.name, None, actor.code, False, True)
        mention = next((m for m in self.sides.mentions_in(head.doc[head.i : head.i + 1]) if m.kind == "person"), None)
        name = mention.name if mention is not None else _person_at(head)
        return _Judge(name, mention.affiliation if mention else None, None, False, True) if name else None


def _both(said: tuple[Stance, str] | None, foretold: tuple[Stance, str] | None) -> tuple[Stance, str] | None:
    """ "Means what he says but may not be able to deliver": contrary words make it mixed."""
    if said is None or foretold is None or foretold[0] == "none":
        return said or foretold
    return said if said[0] == foretold[0] else ("mixed", said[1])


def _person_at(head: Token) -> str | None:
    """The full name that a token ends, as the parser's names tell it."""
    found = next((ent for ent in head.sent.ents if ent.start <= head.i < ent.end and ent.label_ == "PERSON"), None)
    return found.text if found is not None else None


def _span_of(tokens: Words) -> Span:
    return (tokens.start_char, tokens.end_char)
