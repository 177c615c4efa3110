"""Quotations without a cue of their own: carried on by whoever was speaking, or told of in the sentence beside."""

from spacy.tokens import Token

from olivebranch.extraction.quoting import Draft, Quoted, is_person
from olivebranch.extraction.scene import STOPS
from olivebranch.extraction.voices import verb_voices


def carry_on(quoted: Quoted, others: list[Draft]) -> None:
    """Gives quotations without a cue to whoever was speaking: in the paragraph, beside it, or in the one before.

    `others` are the indirect statements, which may name the speaker ("Lavrov said the talks failed. "We tried."").
    """
    spoken = sorted([*quoted.drafts, *others], key=lambda draft: draft.start)
    by_paragraph: dict[int, list[Draft]] = {}
    for draft in spoken:
        by_paragraph.setdefault(_paragraph(quoted, draft.start), []).append(draft)
    for number in quoted.unheard:
        carried = _carried(quoted, number, by_paragraph)
        if carried is not None:
            quoted.drafts.append(carried)
            quoted.draft_of[number] = carried
            paragraph = _paragraph(quoted, carried.spans[-1][0])
            by_paragraph.setdefault(paragraph, []).append(carried)


def _paragraph(quoted: Quoted, offset: int) -> int:
    index = quoted.scene.token_at(offset)
    return quoted.scene.paragraph_of[index] if index < len(quoted.scene.parse) else -1


def _carried(quoted: Quoted, number: int, by_paragraph: dict[int, list[Draft]]) -> Draft | None:
    quotation = quoted.scene.quotations[number]
    start = quotation.outer[0]
    here = _paragraph(quoted, quotation.spans[0][0])
    earlier = [d for d in by_paragraph.get(here, []) if d.start < start]
    later = [d for d in by_paragraph.get(here, []) if d.start > start]
    if _is_inside_a_clause(quoted, number):
        return None
    told = _told_before(quoted, number)
    if told and not (earlier and _speaks_in(earlier[-1], told)):
        return Draft(list(quotation.spans), "speaker named in the sentence before", voices=told, quotation=number)
    if earlier:
        return _continued(quoted, number, earlier[-1])
    if later and quoted.before(number) is None and _is_adjacent(quoted, number):
        return _continued(quoted, number, later[0])
    before = by_paragraph.get(here - 1, [])
    if before and quoted.before(number) is None:
        return _continued(quoted, number, max(before, key=lambda draft: draft.spans[-1][1]))
    named = _told_after(quoted, number)
    if named:
        return Draft(list(quotation.spans), "speaker named in the sentence after", voices=named, quotation=number)
    return None


def _is_inside_a_clause(quoted: Quoted, number: int) -> bool:
    """Whether a quotation is but a part of somebody else's sentence (", "in the spirit of peace," would …")."""
    before = quoted.before(number)
    if before is None or before.text in STOPS | {":"} or quoted.scene.is_quoted(before):
        return False
    opening = quoted.scene.text[quoted.scene.quotations[number].spans[0][0]]
    return opening.islower() or before.text != ","


def _continued(quoted: Quoted, number: int, previous: Draft) -> Draft:
    return Draft(list(quoted.scene.quotations[number].spans), "carried on", carried=previous, quotation=number)


def _is_adjacent(quoted: Quoted, number: int) -> bool:
    after = quoted.after(number)
    return after is not None and quoted.scene.is_quoted(after)


def _told_before(quoted: Quoted, number: int) -> list[Token]:
    """The person whom the sentence before a quotation is about ("Klimov was blunt.")."""
    before = quoted.before(number)
    if before is None or before.text not in STOPS | {":"} or quoted.scene.is_quoted(before):
        return []
    return _subject_of_sentence(quoted, before.i)


def _told_after(quoted: Quoted, number: int) -> list[Token]:
    after = quoted.after(number)
    if after is None or quoted.before(number) is not None or quoted.scene.is_quoted(after):
        return []
    return _subject_of_sentence(quoted, after.i)


def _subject_of_sentence(quoted: Quoted, index: int) -> list[Token]:
    first, last = quoted.scene.sentence_bounds[index]
    for token in quoted.scene.parse[first:last]:
        if token.dep_ == "ROOT" and not quoted.scene.is_quoted(token):
            return [t for t in verb_voices(quoted.scene, token) if is_person(quoted.scene, t)]
    return []


def _speaks_in(draft: Draft, told: list[Token]) -> bool:
    """Whether the person told of is the one who spoke last: a pronoun, or the same name."""
    words = {voice.lower_ for voice in draft.voices}
    return all(token.pos_ == "PRON" or token.lower_ in words for token in told)
