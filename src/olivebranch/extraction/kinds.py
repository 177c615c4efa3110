"""How real an act is told to be, by the trained head over its marked words."""

from collections.abc import Sequence

from olivebranch.extraction.event_model import EventModel, Verdict
from olivebranch.extraction.marked import Marked, mark_trigger
from olivebranch.records import Document, Span


def judge_kinds(document: Document, triggers: Sequence[Span], model: EventModel) -> list[Verdict]:
    """The chances of the seven kinds of factuality of each act, in order; spans are of the document's text."""
    return model.judge_acts([_marked(document, trigger, model) for trigger in triggers])


def _marked(document: Document, trigger: Span, model: EventModel) -> Marked:
    start, end = next((s.span for s in document.sentences if s.span[0] <= trigger[0] < s.span[1]), trigger)
    end = max(end, trigger[1])
    return mark_trigger(document.article.text[start:end], (trigger[0] - start, trigger[1] - start), model.maker)
