"""Interviews and transcripts: a speaker's name, a colon, and the words ("Lavrov: We are ready.", "Q:", "A:")."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from olivebranch.extraction.quoting import Draft, Quoted
from olivebranch.extraction.scene import OPENING_MARKS, Scene
from olivebranch.extraction.source_words import has_use
from olivebranch.extraction.voices import verb_voices
from olivebranch.records import Span

_LABEL = re.compile(
    r"(?:[*_]{1,3}|[-–—•]\s*)?(?P<name>[A-Z][\w.'’-]*(?:\s+(?:[A-Z][\w.'’-]*|of|the|de|van|bin|al|and)){0,5})"
    r"(?:\s*\([^()\n]{1,60}\))?(?:[*_]{1,3})?\s*:(?:[*_]{1,3})?(?:\s+(?=\S)|\s*$)"
)
_BARE_QUESTION = re.compile(r"(?P<name>Q)(?:[.:]|[ \t\xa0]{2,})\s*(?=\S)")
QUESTIONS = frozenset({"q", "question", "interviewer", "moderator", "host"})
ANSWERS = frozenset({"a", "answer"})
FIRST_PERSON = frozenset({"i", "we", "our", "us", "my", "me"})
LONGEST_QUESTION = 45
MIN_QUESTIONS = 3
MIN_ANNOUNCEMENT = 4
MIN_LABELS = 2
"""A name that nothing else vouches for is a speaker's if it opens this many paragraphs."""


@dataclass(frozen=True, slots=True)
class Label:
    """A speaker's label that opens a paragraph: its name and where the words after it begin."""

    paragraph: int
    name: Span
    words: int
    is_bold: bool


def find_labelled(scene: Scene, quoted: Quoted) -> list[Draft]:
    """The statements of labelled speakers; the paragraphs up to the next label go on with the last speaker's words.

    Questions are left out: they are the outlet's own.

    Example: `Lavrov: We are ready.` gives "We are ready", of Lavrov.
    """
    labels = _labels(scene)
    names = Counter(_name(scene, label).split()[-1] for label in labels)
    surnames = {actor.name.split()[-1].lower() for actor in scene.actors if actor.kind == "person"}
    speakers = [label for label in labels if _is_speaker(scene, label, names, surnames)]
    if all(_name(scene, label) in QUESTIONS for label in speakers):
        return []
    is_interview = len(speakers) > MIN_LABELS
    drafts = []
    for label, following in zip(speakers, [*speakers[1:], None], strict=True):
        if _name(scene, label).split("(")[0].strip() in QUESTIONS:
            continue
        last = following.paragraph if following and is_interview else label.paragraph + 1
        draft = _draft(scene, quoted, label, last)
        if draft is not None:
            drafts.append(draft)
    return drafts


def _labels(scene: Scene) -> list[Label]:
    found = []
    for paragraph in scene.document.paragraphs:
        if paragraph.furniture is not None or paragraph.role == "headline":
            continue
        match = _LABEL.match(scene.text, *paragraph.span) or _BARE_QUESTION.match(scene.text, *paragraph.span)
        if match is not None:
            found.append(Label(paragraph.index, match.span("name"), match.end(), scene.text[match.start()] in "*_"))
    return found


def _name(scene: Scene, label: Label) -> str:
    return scene.text[label.name[0] : label.name[1]].lower().strip(".")


def _is_speaker(scene: Scene, label: Label, names: Counter[str], surnames: set[str]) -> bool:
    """Whether a label names a speaker: Q and A, a person of the story, or a name that keeps coming back."""
    name = _name(scene, label)
    if label.is_bold or (name in QUESTIONS | ANSWERS):
        return True
    if any(actor.kind == "person" for actor in scene.actors_in(label.name)) or name.split()[-1] in surnames:
        return True
    is_person = any(token.ent_type_ == "PERSON" for token in scene.tokens(label.name))
    return is_person or names[name.split()[-1]] >= MIN_LABELS


def _draft(scene: Scene, quoted: Quoted, label: Label, last: int) -> Draft | None:
    own = (label.words, scene.document.paragraphs[label.paragraph].span[1])
    if own[0] >= own[1]:
        last = max(last, label.paragraph + 2)
    spans = [own] if own[0] < own[1] else []
    for paragraph in scene.document.paragraphs[label.paragraph + 1 : last]:
        if paragraph.furniture is None and paragraph.role == "body":
            spans.append(paragraph.span)
    if not spans:
        return None
    first = scene.token_at(spans[0][0])
    if first < len(scene.parse) and any(quoted.draft_of.get(n) for n in {scene.quotation_of[first]} if n >= 0):
        return None
    return Draft(spans, "speaker's label", label=label.name)


def find_answers(scene: Scene) -> list[Draft]:
    """The answers of an interview without labels: paragraphs that are questions alone, each with its answer below.

    Example: under "Is Russia helping?" stands "Not yet. I have told them so.", of whomever the story is about.
    """
    body = [p for p in scene.document.paragraphs if p.furniture is None and p.role == "body"]
    questions = [n for n, p in enumerate(body) if _is_question(scene, p.span)]
    if len(questions) < MIN_QUESTIONS:
        return []
    turns = zip(questions, [*questions[1:], len(body)], strict=True)
    answers = [[p.span for p in body[first + 1 : last]] for first, last in turns]
    answers[-1] = answers[-1][:1]
    spoken = [spans for spans in answers if spans and any(_is_first_person(scene, span) for span in spans)]
    if 2 * len(spoken) <= len(questions):
        return []
    return [Draft(spans, "answer below a question", answers=True) for spans in answers if spans]


def _is_question(scene: Scene, span: Span) -> bool:
    words = scene.text[span[0] : span[1]].strip()
    is_short = len(words.split()) <= LONGEST_QUESTION
    return is_short and words.endswith("?") and words[:1] not in OPENING_MARKS | {"“", "‘", "«"}


def _is_first_person(scene: Scene, span: Span) -> bool:
    return any(token.lower_ in FIRST_PERSON and not scene.is_quoted(token) for token in scene.tokens(span))


def find_set_out(scene: Scene) -> list[Draft]:
    """Statements set out below the line that announces them ("The ministry issued the following statement:").

    They go on as long as they speak of "we" or "our".
    """
    drafts = []
    paragraphs = scene.document.paragraphs
    for paragraph, following in pairwise(paragraphs):
        first, last = scene.paragraphs[paragraph.index]
        if paragraph.furniture is not None or not _announces(scene, first, last) or following.furniture is not None:
            continue
        begin = scene.sentence_bounds[last - 1][0]
        roots = [t for t in scene.parse[begin:last] if t.dep_ == "ROOT" and t.pos_ in {"VERB", "AUX"}]
        voices = verb_voices(scene, roots[0]) if roots else []
        spans = list(_while_first_person(scene, following.index))
        if spans and voices and not scene.is_quoted(scene.tokens(spans[0])[0]):
            drafts.append(Draft(spans, "statement set out below", voices=voices))
    return drafts


def _announces(scene: Scene, first: int, last: int) -> bool:
    """Whether a paragraph ends with a colon and speaks of a statement to follow."""
    while last > first and scene.parse[last - 1].is_space:
        last -= 1
    if last - first < MIN_ANNOUNCEMENT or scene.parse[last - 1].text != ":" or scene.is_closed_off[last - 1]:
        return False
    words = scene.parse[scene.sentence_bounds[last - 1][0] : last]
    return any(has_use(t, "utterance") or has_use(t, "document") or t.lower_ == "following" for t in words)


def _while_first_person(scene: Scene, index: int) -> Iterator[Span]:
    for paragraph in scene.document.paragraphs[index:]:
        if paragraph.furniture is not None or not _is_first_person(scene, paragraph.span):
            return
        yield paragraph.span


def is_answer(scene: Scene, label: Span) -> bool:
    """Whether a label only says that these words answer ("A:")."""
    return scene.text[label[0] : label[1]].lower().strip(".") in ANSWERS
