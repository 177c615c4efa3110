"""Interviews and transcripts: a speaker's name, a colon, and the words ("Lavrov: We are ready.", "Q:", "A:")."""

import re
from collections import Counter
from dataclasses import dataclass

from olivebranch.extraction.quoting import Draft, Quoted
from olivebranch.extraction.scene import Scene
from olivebranch.records import Span

_LABEL = re.compile(
    r"(?:[*_]{1,3}|[-–—•]\s*)?(?P<name>[A-Z][\w.'’-]*(?:\s+(?:[A-Z][\w.'’-]*|of|the|de|van|bin|al|and)){0,5})"
    r"(?:\s*\([^()\n]{1,60}\))?(?:[*_]{1,3})?\s*:(?:[*_]{1,3})?\s+(?=\S)"
)
QUESTIONS = frozenset({"q", "question", "interviewer", "moderator", "host"})
ANSWERS = frozenset({"a", "answer"})
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
    names = Counter(_name(scene, label) for label in labels)
    speakers = [label for label in labels if _is_speaker(scene, label, names)]
    if not speakers:
        return []
    is_interview = len(speakers) > MIN_LABELS
    drafts = []
    for label, following in zip(speakers, [*speakers[1:], None], strict=True):
        if _name(scene, label) in QUESTIONS:
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
        match = _LABEL.match(scene.text, *paragraph.span)
        if match is not None:
            found.append(Label(paragraph.index, match.span("name"), match.end(), scene.text[match.start()] in "*_"))
    return found


def _name(scene: Scene, label: Label) -> str:
    return scene.text[label.name[0] : label.name[1]].lower().strip(".")


def _is_speaker(scene: Scene, label: Label, names: Counter[str]) -> bool:
    """Whether a label names a speaker: Q and A, a person of the story, or a name that keeps coming back."""
    name = _name(scene, label)
    if label.is_bold or (name in QUESTIONS | ANSWERS):
        return True
    if any(actor.kind == "person" for actor in scene.actors_in(label.name)):
        return True
    is_person = any(token.ent_type_ == "PERSON" for token in scene.tokens(label.name))
    return is_person or names[name] >= MIN_LABELS


def _draft(scene: Scene, quoted: Quoted, label: Label, last: int) -> Draft | None:
    spans = [(label.words, scene.document.paragraphs[label.paragraph].span[1])]
    for paragraph in scene.document.paragraphs[label.paragraph + 1 : last]:
        if paragraph.furniture is None and paragraph.role == "body":
            spans.append(paragraph.span)
    first = scene.token_at(spans[0][0])
    if first < len(scene.parse) and any(quoted.draft_of.get(n) for n in {scene.quotation_of[first]} if n >= 0):
        return None
    return Draft(spans, "speaker's label", label=label.name)


def is_answer(scene: Scene, label: Span) -> bool:
    """Whether a label only says that these words answer ("A:")."""
    return scene.text[label[0] : label[1]].lower().strip(".") in ANSWERS
