"""What the trained model says of overtures, sentence by sentence: drops, grades, and adds those the rules missed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from olivebranch.extraction.event_model import EventModel, Verdict, load_event_model
from olivebranch.extraction.marked import mark_nothing
from olivebranch.extraction.offers import Offer
from olivebranch.extraction.overtures import OvertureDraft, OvertureFinder
from olivebranch.extraction.participants import is_power
from olivebranch.extraction.syntax import subjects_of
from olivebranch.extraction.trained_events import LOOSE
from olivebranch.records import Attribution, EventActor, Grade, Sentence, Span

NONE = "none"


def weigh_overtures(finder: OvertureFinder, drafts: list[OvertureDraft]) -> list[OvertureDraft]:
    """The rules' drafts without those that the model denies, its grade where it is sure, and its own finds.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    model = load_event_model()
    own = finder.document.own_sentences()
    is_loose = len(own) <= LOOSE
    if not is_loose:  # in a story the rules decide, and the model only says how likely it thinks each
        own = [sentence for sentence in own if any(_meets(sentence.span, draft.span) for draft in drafts)]
    marked = [mark_nothing(finder.document.words(sentence.span), model.maker) for sentence in own]
    verdicts = model.judge_offers(marked)
    kept = [draft for draft in drafts if _is_kept(draft, own, verdicts, model, is_loose=is_loose)]
    return [*kept, *_missed(finder, kept, own, verdicts, model)] if is_loose else kept


def _meets(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_kept(
    draft: OvertureDraft,
    own: Sequence[Sentence],
    verdicts: Sequence[Verdict],
    model: EventModel,
    *,
    is_loose: bool,
) -> bool:
    """Sets the draft's chance and grade; whether the model lets it stand."""
    fits = [v for s, v in zip(own, verdicts, strict=True) if _meets(s.span, draft.span)]
    if not fits:
        return True
    verdict = min(fits, key=lambda v: v.chances[NONE])
    draft.probability = round(1 - verdict.chances[NONE], 3)
    grades = {name: chance for name, chance in verdict.chances.items() if name != NONE}
    best = max(grades, key=lambda name: grades[name])
    if is_loose and grades[best] >= model.settings["offer_grade"]:
        draft.offers = [_graded(offer, cast(Grade, best)) for offer in draft.offers]
    return not is_loose or verdict.chances[NONE] < model.settings["offer_drop"]


def _graded(offer: Offer, grade: Grade) -> Offer:
    if offer.grade == grade:
        return offer
    return replace(offer, grade=grade, why=f"{offer.why}; graded {grade} by the model")


def _missed(
    finder: OvertureFinder,
    known: Sequence[OvertureDraft],
    own: Sequence[Sentence],
    verdicts: Sequence[Verdict],
    model: EventModel,
) -> Iterator[OvertureDraft]:
    for sentence, verdict in zip(own, verdicts, strict=True):
        chance = 1 - verdict.chances[NONE]
        if chance < model.settings["offer_add"] or any(_meets(sentence.span, draft.span) for draft in known):
            continue
        speaker, attribution, span = _speaker(finder, sentence)
        if speaker is None or not is_power(speaker):
            continue
        grade = max((n for n in verdict.chances if n != NONE), key=lambda name: verdict.chances[name])
        offer = Offer(
            span=span, trigger=span, family=None, is_restraint=False, grade=cast(Grade, grade), condition=None,
            is_specific=grade in {"specific", "step"}, is_irrevocable=False, is_under_way=grade == "step",
            costs_money=False, why=f"model: an offer, {grade} ({chance:.2f})",
        )  # fmt: skip
        draft = OvertureDraft(speaker, [offer], attribution, probability=round(chance, 3))
        if finder.address(draft):
            yield draft


def _speaker(finder: OvertureFinder, sentence: Sentence) -> tuple[EventActor | None, Attribution | None, Span]:
    """Who offers: the power whose statement the sentence holds or lies in, else its grammatical subject."""
    for attribution in finder.participants.attributions:
        inside = [s for s in attribution.content.spans if _meets(s, sentence.span)]
        speaker = finder.participants.of_source(attribution) if inside else None
        if speaker is not None:
            start, end = max(inside[0][0], sentence.span[0]), min(inside[-1][1], sentence.span[1])
            return speaker, attribution, (start, end)
    tokens = finder.document.parse.char_span(*sentence.span, alignment_mode="expand")
    if tokens is None:
        return None, None, sentence.span
    named = finder.participants.of(subjects_of(tokens.root))
    return (named[0] if named else None), None, sentence.span
