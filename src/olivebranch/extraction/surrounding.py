"""Content that stands before its cue or on both sides of it: "X, he said.", "…, officials say, …", "according to X"."""

from dataclasses import dataclass

from spacy.tokens import Token

from olivebranch.extraction.cues import CueMatch
from olivebranch.extraction.scene import OPENING_MARKS, Scene, left_edge, right_edge
from olivebranch.extraction.voices import inverted_subject, phrase_objects

Stretch = tuple[int, int]
"""Tokens `[first, last)`."""

CLAUSE_OPENERS = frozenset({"but", "and", "so", "yet", "or", "however", "meanwhile", "still"})
RESUMERS = frozenset(
    {"and", "but", "while", "whereas", "although", "though", "who", "which", "when", "after", "as", "because"}
)
RELATIVE_TAGS = frozenset({"WDT", "WP", "WP$", "WRB"})
CIRCUMSTANCES = frozenset({"advcl", "prep", "nsubj", "nsubjpass", "npadvmod", "mark", "relcl", "acl"})
SHIFTED = frozenset({"would", "could", "might", "should"})
"""Modals of a clause that reports what somebody said."""

MAX_BRANCH = 30
MIN_FRONTED = 3
"""A clause before its cue has at least this many words."""


@dataclass(frozen=True, slots=True)
class Found:
    """The content of one cue, and how it was found; `cue_last` where a preposition belongs to the cue."""

    stretches: tuple[Stretch, ...]
    how: str
    cue_last: int | None = None


def clause_before(scene: Scene, cue: CueMatch) -> Found | None:
    """ "X, he said." and "…, officials say, …": the content comes before the cue, or on both sides of it."""
    if not {"clause", "quote", "that"} & set(cue.row.frames):
        return None
    begin, end = scene.sentence_bounds[cue.token.i]
    left = _cue_clause_start(scene, cue, begin)
    if left is None or not ("clause" in cue.row.frames or cue.row.cue == "put it"):
        return None
    if _has_own_object(cue) or any(token.tag_ in RELATIVE_TAGS for token in scene.parse[left : cue.first]):
        return None
    is_set_in = inverted_subject(scene, cue.token) is not None
    if scene.parse[left].lower_ != "as" and not is_set_in and not _is_governed(scene, cue.token, begin, left):
        return None
    begin = max([begin, *(i + 1 for i in range(begin, left - 1) if _is_break(scene, i))])
    return _around(scene, begin, end, left, _cue_clause_end(scene, cue, end))


def _is_break(scene: Scene, index: int) -> bool:
    """Whether a mark ends what comes before a clause ("He thinks otherwise: Orlov, he says, has …")."""
    return scene.parse[index].text in {";", ":"} and not scene.is_quoted(scene.parse[index])


def _has_own_object(cue: CueMatch) -> bool:
    """Whether the verb already says what was said ("claimed momentum", "said a lot")."""
    objects = [c for c in cue.token.children if c.dep_ in {"dobj", "oprd"} and c.i >= cue.last]
    return any(
        not cue.row.is_addressed and t.tag_ not in {"PRP", "WP"} and t.ent_type_ not in {"DATE", "TIME"}
        for t in objects
    )


def _is_governed(scene: Scene, verb: Token, begin: int, left: int) -> bool:
    """Whether what stands before the cue is its content, not a clause of circumstance ("As shares fell, he said …")."""
    ancestors = {token.i for token in verb.ancestors}
    finite = [token for token in scene.parse[begin:left] if token.tag_ in {"VBD", "VBZ", "VBP", "MD"}]
    if not finite:
        return bool(ancestors) and any(scene.parse[left - 1].text == mark for mark in (",", "-", "–", "—", "--"))
    return any(token.i in ancestors or _branch(token, verb) not in CIRCUMSTANCES for token in finite)


def _branch(token: Token, verb: Token) -> str:
    """The relation by which the branch that holds a token hangs on the verb."""
    for _ in range(MAX_BRANCH):
        if token.head == verb or token.head == token:
            break
        token = token.head
    return str(token.dep_)


def _cue_clause_start(scene: Scene, cue: CueMatch, begin: int) -> int | None:
    """Where the cue's own few words begin ("the minister said"), if a comma or the sentence's start is before them."""
    verb = cue.token
    inverted = inverted_subject(scene, verb)
    subjects = scene.subject_tokens(verb) if inverted is None else [inverted]
    firsts = [left_edge(t) for t in subjects if t.i < verb.i]
    left = min([cue.first, *firsts])
    if not firsts and not any(t.i > verb.i for t in subjects):
        return None
    while left > begin and scene.parse[left - 1].lower_ in {"as", "the", "later", "also"}:
        left -= 1
    if left == begin:
        return left if scene.parse[left].lower_ == "as" else None
    before = scene.parse[left - 1]
    return left if before.text in {",", "-", "–", "—", "--", ";"} or scene.quotation_of[left - 1] >= 0 else None


def _cue_clause_end(scene: Scene, cue: CueMatch, end: int) -> int:
    """After the cue, its inverted subject and the words on when and to whom, up to the next comma outside quotes."""
    last = cue.last
    inverted = inverted_subject(scene, cue.token)
    if inverted is not None:
        return _after_relative(scene, inverted.i + 1, end)
    for subject in scene.subject_tokens(cue.token):
        if subject.i > cue.token.i:
            last = max(last, min(right_edge(subject), end))
    while (
        last < end and scene.parse[last].text not in {",", ";", "-", "–", "—", "--", ".", "?", "!", ":"} | OPENING_MARKS
    ):
        last += 1
    return last


def _after_relative(scene: Scene, comma: int, end: int) -> int:
    """The comma after an inserted speaker, past a clause that tells of him or her (", who has led it since 2009,")."""
    if comma + 1 >= end or scene.parse[comma + 1].lower_ not in {"who", "whose", "a", "an", "the"}:
        return comma
    return next((i for i in range(comma + 1, end) if scene.parse[i].text == ","), comma)


def _around(scene: Scene, begin: int, end: int, left: int, last: int) -> Found | None:
    """What stands before `left`, and what goes on after `last` if that is the same clause."""
    first = begin
    while first < left and _is_opener(scene, first):
        first += 1
    before = (first, left) if _has_matter(scene, first, left) else None
    after = _continuation(scene, last, end, before)
    if before and not after and (_count_words(scene, *before) < MIN_FRONTED):
        return None
    stretches = tuple(part for part in (before, after) if part)
    if not stretches:
        return None
    return Found(
        stretches,
        "clause around its cue" if before and after else "clause before its cue" if before else "clause after its cue",
    )


def _has_matter(scene: Scene, first: int, last: int) -> bool:
    """Whether a stretch says something; "but more fundamentally" does not."""
    return any(token.pos_ not in {"ADV", "PUNCT", "SPACE", "CCONJ"} for token in scene.parse[first:last])


def _is_opener(scene: Scene, index: int) -> bool:
    """Whether a word only leads into the sentence: but, and, a dateline, a mark."""
    token = scene.parse[index]
    is_loose = token.lower_ in CLAUSE_OPENERS or token.is_punct or token.is_space
    return bool(scene.is_closed_off[index]) or (is_loose and not scene.is_quoted(token))


def _count_words(scene: Scene, first: int, last: int) -> int:
    return sum(1 for token in scene.parse[first:last] if not token.is_punct and not token.is_space)


def _has_finite_verb(scene: Scene, first: int, last: int) -> bool:
    return any(token.tag_ in {"VBD", "VBZ", "VBP", "MD"} for token in scene.parse[first:last])


def _continuation(scene: Scene, last: int, end: int, before: Stretch | None) -> Stretch | None:
    """The rest of an interrupted clause: goes on after the comma, and is no new clause of its own."""
    if last >= end or scene.parse[last].text not in {",", "-", "–", "—", "--"}:
        return None
    first = last + 1
    if first >= end or _count_words(scene, first, end) < 2:
        return None
    opener = scene.parse[first]
    if before is None:
        return first, end
    if (opener.lower_ in RESUMERS and not _is_shifted(scene, first, end)) or opener.tag_ == "VBG":
        return None
    is_hanging = scene.parse[_last_word(scene, before)].pos_ in {"AUX", "ADP", "SCONJ", "PART", "CCONJ"}
    is_needed = is_hanging or not _has_finite_verb(scene, *before) or scene.parse[before[0]].tag_ == "IN"
    is_needed = is_needed or scene.is_quoted(opener)
    return (first, end) if is_needed or _has_finite_verb(scene, first, end) else None


def _is_shifted(scene: Scene, first: int, end: int) -> bool:
    """Whether a clause with a subject of its own is told as reported ("…, he said, and the others would follow")."""
    opener = scene.parse[first]
    if opener.tag_ in RELATIVE_TAGS or opener.lower_ in {"when", "after"}:
        return False
    verb = next((t for t in scene.parse[first:end] if t.tag_ in {"MD", "VBD", "VBZ", "VBP"}), None)
    return verb is not None and verb.i > first + 1 and verb.lower_ in SHIFTED


def _last_word(scene: Scene, stretch: Stretch) -> int:
    return next((i for i in range(stretch[1] - 1, stretch[0], -1) if not scene.parse[i].is_punct), stretch[0])


def around_phrase(scene: Scene, cue: CueMatch) -> Found | None:
    """According to X, …; …, according to X; …, in the words of X, …."""
    begin, end = scene.sentence_bounds[cue.token.i]
    last = max([right_edge(t) for t in phrase_objects(scene, cue)], default=cue.last)
    last = _cut_at_quotation(scene, cue.last, min(last, end))
    last = _cut_at_comma(scene, cue.last, last, is_first=cue.first == begin)
    if last + 1 < end and scene.parse[last].text == "," and scene.parse[last + 1].lower_ in {"who", "which", "whose"}:
        last = _after_relative(scene, last, end)
    return _around(scene, begin, end, cue.first, last) if last > cue.last else None


def _cut_at_quotation(scene: Scene, first: int, last: int) -> int:
    """A source ends before a quotation, and before the comma that introduces it."""
    stop = next((index for index in range(first, last) if scene.quotation_of[index] >= 0), last)
    return stop - 1 if first < stop < last and scene.parse[stop - 1].text == "," else stop


def _cut_at_comma(scene: Scene, first: int, last: int, is_first: bool) -> int:
    """A source that opens the sentence ends with its first comma, unless what follows is set off in its turn."""
    commas = [t.i for t in scene.parse[first:last] if t.text == ","]
    if not is_first or not commas:
        return last
    return commas[1] if len(commas) == 2 and not _has_finite_verb(scene, commas[0], commas[1]) else commas[0]
