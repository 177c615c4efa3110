"""Ties quotations to their cues: before them, after them, or between their parts."""

from dataclasses import dataclass, field

from spacy.tokens import Token

from olivebranch.extraction.cues import CueMatch, match_cue, stand_in
from olivebranch.extraction.scene import STOPS, SUBJECTS, Scene
from olivebranch.extraction.voices import find_voices, verb_voices, voices_by_words
from olivebranch.records import Quotation, Span

GAP = 60
"""A cue stands at most this many words from its quotation."""

DASHES = frozenset({"-", "–", "—", "--"})
OPENS_AFTER = frozenset({",", ":", ";", "...", "…"}) | STOPS | DASHES
INSIDE_A_PHRASE = frozenset({"ADP", "DET", "ADJ", "PART", "CCONJ"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
NESTED_MARKS = "'’”\"» "
NOT_A_CUE_CLAUSE = frozenset({"but", "and", "or", "while", "which", "who", "whereas", "whose", "because"})


@dataclass(slots=True, eq=False)
class Draft:
    """A statement being put together: where its words are, its cue, the heads that name its speakers."""

    spans: list[Span]
    why: str
    cue: CueMatch | None = None
    voices: list[Token] = field(default_factory=list)
    carried: "Draft | None" = None
    quotation: int | None = None
    label: Span | None = None
    answers: bool = False
    probability: float | None = None

    @property
    def start(self) -> int:
        """Where the statement's words begin."""
        return self.spans[0][0]


class Quoted:
    """The quotations of a scene, each with the draft that it became, if it is somebody's speech."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.drafts: list[Draft] = []
        self.used_cues: set[int] = set()
        self.draft_of: dict[int, Draft] = {}
        self.unheard: list[int] = []
        self.bounds = [self._bounds(quotation) for quotation in scene.quotations]

    def _bounds(self, quotation: Quotation) -> tuple[int, int]:
        return self.scene.token_at(quotation.outer[0]), self.scene.token_at(quotation.outer[1])

    def link(self) -> None:
        """Gives every quotation that is speech its cue; those without one go to `unheard`."""
        for number in range(len(self.bounds)):
            first, last = self.bounds[number]
            if first >= last or self.scene.is_closed_off[first] or not self.is_speech(number):
                continue
            if not (self._continue(number) or self._link_one(number)):
                self.unheard.append(number)

    def is_speech(self, number: int) -> bool:
        """Whether a quotation stands as somebody's speech: no title, no scare quote, no words inside a clause."""
        first, last = self.bounds[number]
        words = [token for token in self.scene.parse[first:last] if token.is_alpha]
        before, after = self.before(number), self.after(number)
        is_whole = (
            self.final_mark(number) in {",", ".", "?", "!", "…", "-", "—", "–"}
            or after is None
            or after.text in {",", "."} | DASHES
        )
        if not words or not is_whole:
            return False
        if before is not None and before.text == "," and self._is_phrase_near(number):
            return False
        if before is None or before.text in OPENS_AFTER or self.scene.is_quoted(before):
            is_cut = after is not None and after.text in DASHES
            return len(words) > 2 or is_cut or self.final_mark(number) in {",", ".", "?", "!"}
        if before.lower_ == "that":
            return self._is_cue_near(before.i - 1) and (
                self.final_mark(number) in STOPS or after is None or after.text in STOPS
            )
        if before.pos_ in INSIDE_A_PHRASE and match_cue(self.scene, before) is None:
            return False
        return self._is_cue_near(before.i) and len(words) > 1

    def _is_phrase_near(self, number: int) -> bool:
        """Whether the words before say "…, in the words of X," amid a clause which the quotation goes on with."""
        first, last = self.gap_before(number)
        cues = (match_cue(self.scene, token) for token in self.scene.parse[first + 2 : last])
        return any(cue is not None and cue.row.kind == "preposition" for cue in cues)

    def _is_cue_near(self, index: int) -> bool:
        """Whether the word before is a verb that introduces speech, or a few words on when and to whom after one."""
        scene = self.scene
        for token in reversed(scene.parse[max(0, index - 5) : index + 1]):
            if token.text in OPENS_AFTER or scene.is_quoted(token):
                return False
            cue = match_cue(scene, token)
            if cue is not None and "quote" in cue.row.frames:
                return token.i == index or cue.last == index + 1 or not _has_finite(scene, token.i + 1, index + 1)
        return False

    def final_mark(self, number: int) -> str:
        """The last character of a quotation's words, but for the marks of a quotation inside it."""
        start, end = self.scene.quotations[number].spans[-1]
        return (self.scene.text[start:end].rstrip(NESTED_MARKS) or self.scene.text[end - 1])[-1]

    def before(self, number: int) -> Token | None:
        """The word before a quotation in its paragraph."""
        first = self.bounds[number][0]
        paragraph = self.scene.paragraph_of[first]
        return self._neighbour(first - 1, -1, paragraph)

    def after(self, number: int) -> Token | None:
        """The word after a quotation in its last paragraph."""
        last = self.bounds[number][1]
        return self._neighbour(last, 1, self.scene.paragraph_of[last - 1])

    def _neighbour(self, index: int, step: int, paragraph: int) -> Token | None:
        parse = self.scene.parse
        while 0 <= index < len(parse) and parse[index].is_space:
            index += step
        if not 0 <= index < len(parse) or self.scene.paragraph_of[index] != paragraph:
            return None
        return parse[index]

    def gap_after(self, number: int) -> tuple[int, int]:
        """The words after a quotation up to the next quotation, stop or end of paragraph."""
        first = last = self.bounds[number][1]
        paragraph = self.scene.paragraph_of[max(0, first - 1)]
        while last < len(self.scene.parse) and last - first < GAP:
            token = self.scene.parse[last]
            if (
                self.scene.is_quoted(token)
                or self.scene.paragraph_of[last] not in {paragraph, -1}
                or (token.text in STOPS and last > first)
            ):
                break
            last += 1
        return first, last

    def gap_before(self, number: int) -> tuple[int, int]:
        """The words before a quotation back to the last quotation, stop or start of paragraph."""
        first = last = self.bounds[number][0]
        paragraph = self.scene.paragraph_of[first]
        while first > 0 and last - first < GAP:
            token = self.scene.parse[first - 1]
            if self.scene.is_quoted(token) or self.scene.paragraph_of[first - 1] != paragraph or token.text in STOPS:
                break
            first -= 1
        return first, last

    def _continue(self, number: int) -> bool:
        """ "…," he said, "…": the second part belongs to the first, unless a stop or a new cue stands between."""
        previous = self.draft_of.get(number - 1)
        if previous is None or previous.cue is None or previous.quotation is None:
            return False
        first, last = self.gap_before(number)
        if not first <= previous.cue.token.i < last or self.scene.quotation_of[first - 1] != number - 1:
            return False
        if self._cue_before(number, previous.cue.last) is not None:
            return False
        previous.spans.extend(self.scene.quotations[number].spans)
        self.draft_of[number] = previous
        return True

    def _link_one(self, number: int) -> bool:
        before = self.before(number)
        finders = [self._link_after, self._link_before, self._link_name]
        is_open = self.final_mark(number) == "," or (before is None or before.text in STOPS)
        if not is_open:
            finders = [self._link_before, self._link_name, self._link_after]
        return any(finder(number) for finder in finders)

    def _link_name(self, number: int) -> bool:
        """A name and a colon right before a quotation ("Klimov: "…"")."""
        colon = self.before(number)
        if colon is None or colon.text != ":":
            return False
        name = self._neighbour(colon.i - 1, -1, self.scene.paragraph_of[colon.i])
        if name is None or not is_person(self.scene, name) or name.pos_ == "PRON":
            return False
        self._add(number, None, [_phrase_head(name)], "speaker's name and a colon")
        return True

    def _link_after(self, number: int) -> bool:
        first, last = self.gap_after(number)
        while first < last and (self.scene.parse[first].text in DASHES | {","} or self.scene.parse[first].is_space):
            first += 1
        if first >= last or self.scene.parse[first].lower_ in NOT_A_CUE_CLAUSE:
            return False
        is_stopped = self.final_mark(number) in STOPS | {"."}
        opener = self.scene.parse[first]
        is_new = self.final_mark(number) == "." and opener.text[:1].isupper() and opener.lower_ != "i"
        cue = self._cue_after(first, last, is_loose=not is_stopped)
        if cue is None or (is_new and not self._says_nothing_more(cue, first, last)):
            return self._link_dash(number, first, last)
        voices = [v for v in find_voices(self.scene, cue) if first <= v.i < last] or self._voices_beside(
            cue, first, last
        )
        self._add(number, cue, voices, "quotation, then cue")
        return True

    def _says_nothing_more(self, cue: CueMatch, first: int, last: int) -> bool:
        """Whether a sentence after a quotation is but its cue ("…." Orlov said on Friday.)."""
        more = {"ccomp", "dobj", "xcomp", "oprd", "conj", "parataxis"}
        has_content = any(c.dep_ in more and not self.scene.is_quoted(c) and c.i < last for c in cue.token.children)
        if has_content or cue.row.kind != "verb" or "clause" not in cue.row.frames:
            return False
        is_cut = any(token.text == "," for token in self.scene.parse[first : cue.first])
        return not is_cut and not _has_finite(self.scene, cue.last, last)

    def _voices_beside(self, cue: CueMatch, first: int, last: int) -> list[Token]:
        if cue.row.kind != "verb":
            return find_voices(self.scene, cue)
        return voices_by_words(self.scene, cue.token, first, last) or find_voices(self.scene, cue)

    def _cue_after(self, first: int, last: int, is_loose: bool) -> CueMatch | None:
        """The first cue of the clause after a quotation; where a comma calls for one, any finite verb will do."""
        fallback: CueMatch | None = None
        for token in self.scene.parse[first:last]:
            cue = match_cue(self.scene, token)
            if cue is not None and (cue.row.kind == "preposition" or _introduces(cue)):
                return cue
            if fallback is None and is_loose and token.tag_ in FINITE and token.dep_ not in {"relcl", "aux", "auxpass"}:
                fallback = self._stand_in(token)
            if token.dep_ == "mark" or (token.text == ";" and fallback is not None):
                break
        return fallback

    def _stand_in(self, token: Token) -> CueMatch | None:
        """A verb that the table lacks, doing the work of "said" ("…," she shrugged)."""
        if token.pos_ != "VERB" or any(
            child.dep_ in {"dobj", "ccomp"} and not self.scene.is_quoted(child) for child in token.children
        ):
            return None
        voices = verb_voices(self.scene, token)
        return stand_in(token) if voices and all(v.pos_ in {"PROPN", "PRON"} for v in voices) else None

    def _link_dash(self, number: int, first: int, last: int) -> bool:
        """A pulled quotation with its speaker after a dash: "…" – Sergey Lavrov, foreign minister."""
        opener = self.scene.parse[self.bounds[number][1]] if self.bounds[number][1] < len(self.scene.parse) else None
        if opener is None or opener.text not in DASHES or _has_finite(self.scene, first, last):
            return False
        names = [
            t
            for t in self.scene.parse[first:last]
            if t.ent_type_ == "PERSON" or self.scene.actors_in((t.idx, t.idx + len(t)))
        ]
        if not names:
            return False
        self._add(number, None, [_phrase_head(names[0])], "quotation, then a dash and its speaker")
        return True

    def _link_before(self, number: int) -> bool:
        cue = self._cue_before(number, 0)
        if cue is None:
            return False
        first, last = self.gap_before(number)
        if self._is_interrupted(number, cue, first):
            return False
        voices = find_voices(self.scene, cue) or (
            voices_by_words(self.scene, cue.token, first, last) if cue.row.kind == "verb" else []
        )
        self._add(number, cue, voices, "cue, then quotation")
        return True

    def _is_interrupted(self, number: int, cue: CueMatch, first: int) -> bool:
        """Whether a quotation only ends a clause that its cue interrupts ("Havana, he warns, 'has never kept it'")."""
        opening = self.scene.text[self.scene.quotations[number].spans[0][0]]
        if not opening.islower() or cue.row.kind != "verb":
            return False
        start = min([cue.first, *(int(t.left_edge.i) for t in self.scene.subject_tokens(cue.token))])
        breaks = [i for i in range(first, start) if self.scene.parse[i].text in {";", ":"}]
        before = self.scene.parse[max([first, *(i + 1 for i in breaks)]) : start]
        is_opener = bool(before) and before[0].pos_ in {"ADP", "SCONJ", "ADV"}
        has_subject = any(t.dep_ in SUBJECTS or (t.pos_ in NOMINAL and not is_opener) for t in before)
        return bool(before) and before[-1].text == "," and has_subject

    def _cue_before(self, number: int, start: int) -> CueMatch | None:
        """The nearest cue before a quotation that has no content of its own in between."""
        before = self.before(number)
        first, last = self.gap_before(number)
        if before is None:
            first, last = self._line_before(first)
            if first == last:
                return None
        elif before.text in STOPS | {";"}:
            return None
        is_colon = self.scene.parse[last - 1].text == ":" or (before is not None and before.text == ":")
        for token in reversed(self.scene.parse[max(first, start) : last]):
            cue = match_cue(self.scene, token)
            if cue is None or token.i in self.used_cues or self._is_reported(cue, before):
                continue
            if cue.row.kind == "noun" and is_colon and find_voices(self.scene, cue):
                return cue
            if cue.row.kind == "preposition" and cue.first <= first + 1:
                return cue
            if cue.row.kind == "verb" and _introduces(cue) and not self._has_said(cue, last, is_colon):
                return cue
        return None

    def _is_reported(self, cue: CueMatch, before: Token | None) -> bool:
        """Whether a verb stands in a reported clause that the quotation ends ("promised that it would continue …")."""
        is_set_off = before is None or before.text in {",", ":"}
        if is_set_off or cue.token.dep_ != "ccomp" or cue.token.tag_ not in {"VB", "VBN", "VBG"}:
            return False
        outer = match_cue(self.scene, cue.token.head)
        return outer is not None and outer.row.kind == "verb"

    def _has_said(self, cue: CueMatch, last: int, is_colon: bool) -> bool:
        """Whether a clause of its own stands between a cue and the quotation ("said he would go: …")."""
        if is_colon:
            return any(child.dep_ == "ccomp" and cue.last <= child.i < last for child in cue.token.children)
        return _has_finite(self.scene, cue.last, last)

    def _line_before(self, first: int) -> tuple[int, int]:
        """The last sentence of the paragraph before, if it ends with a colon: "The minister said:"."""
        last = first
        while last > 0 and self.scene.parse[last - 1].is_space:
            last -= 1
        if last == 0 or self.scene.parse[last - 1].text != ":" or self.scene.is_closed_off[last - 1]:
            return first, first
        return max(self.scene.sentence_bounds[last - 1][0], last - GAP), last

    def _add(self, number: int, cue: CueMatch | None, voices: list[Token], how: str) -> None:
        spans = list(self.scene.quotations[number].spans)
        draft = Draft(spans, how, cue, voices=voices, quotation=number)
        if cue is not None:
            self.used_cues.add(cue.token.i)
        self.drafts.append(draft)
        self.draft_of[number] = draft


def is_person(scene: Scene, token: Token) -> bool:
    """Whether a word names somebody who can speak: a person's name, a person among the actors, he, she or they."""
    if token.pos_ == "PRON":
        return token.lower_ in {"he", "she", "they"}
    return token.ent_type_ == "PERSON" or any(
        a.kind == "person" for a in scene.actors_in((token.idx, token.idx + len(token)))
    )


def _introduces(cue: CueMatch) -> bool:
    return cue.row.kind == "verb" and "quote" in cue.row.frames and cue.token.dep_ != "amod"


def _has_finite(scene: Scene, first: int, last: int) -> bool:
    return any(token.tag_ in FINITE for token in scene.parse[first:last])


def _phrase_head(token: Token) -> Token:
    while token.dep_ in {"compound", "amod", "nmod"} and token.head.i > token.i:
        token = token.head
    return token
