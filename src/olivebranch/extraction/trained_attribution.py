"""Weighs the rules' statements by the trained finder, and adds those of its own that the rules missed."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from olivebranch.extraction.attribution_model import Proposal, load_attribution_model
from olivebranch.extraction.cues import SPEECH_SCOPES, CueMatch, match_cue
from olivebranch.extraction.quoting import Draft
from olivebranch.extraction.scene import Scene
from olivebranch.records import Span

SAME = 0.5
"""A proposal is a known statement where this share of the shorter one's letters is in both."""
MEETS = 0.2
"""Over this share it is no new statement either."""
SURE = 0.93
"""A statement of the model's alone is taken from this calibrated chance."""
FEWEST_WORDS = 4


def weigh_drafts(scene: Scene, known: Sequence[Draft]) -> list[Draft]:
    """Sets the chance of the known statements that the model proposes too; gives those that it alone finds.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    own = [p.span for p in scene.document.paragraphs if not p.furniture and p.role != "headline"]
    new = []
    for proposal in load_attribution_model().propose(scene.text, own):
        best = max(known, key=lambda draft: _shared(draft.spans, proposal.content), default=None)
        shared = _shared(best.spans, proposal.content) if best is not None else 0.0
        if best is not None and shared >= SAME:
            best.probability = max(best.probability or 0.0, round(proposal.probability, 3))
        elif shared < MEETS and proposal.probability >= SURE and (draft := _draft(scene, proposal)) is not None:
            new.append(draft)
    return new


def _shared(spans: Sequence[Span], others: Sequence[Span]) -> float:
    """The share of the shorter of two contents that lies in both, 0 to 1."""
    both = sum(max(0, min(e, f) - max(s, t)) for s, e in spans for t, f in others)
    shorter = min(sum(e - s for s, e in spans), sum(f - t for t, f in others))
    return both / shorter if shorter else 0.0


def _draft(scene: Scene, proposal: Proposal) -> Draft | None:
    """The proposal as a statement, where its cue is one of speech and somebody speaks."""
    if not proposal.source or not proposal.cue:
        return None
    cue = next(_cues(scene, proposal.cue[0]), None)
    spans = [span for span in (scene.trimmed(span) for span in proposal.content) if span[0] < span[1]]
    words = sum(token.is_alpha for span in spans for token in scene.tokens(span))
    voice = _head(scene, proposal.source[0])
    if cue is None or voice is None or words < FEWEST_WORDS:
        return None
    why = "statement found by the model"
    return Draft(spans, why, cue, voices=[voice], probability=round(proposal.probability, 3))


def _cues(scene: Scene, span: Span) -> Iterator[CueMatch]:
    for token in scene.tokens(span):
        match = match_cue(scene, token)
        if match is not None and match.row.scope in SPEECH_SCOPES and not scene.is_closed_off[token.i]:
            yield match


def _head(scene: Scene, span: Span) -> Token | None:
    """The word of a noun phrase that the rest hangs on."""
    tokens = [token for token in scene.tokens(span) if not token.is_punct]
    inside = {token.i for token in tokens}
    return next((token for token in tokens if token.head.i not in inside), tokens[-1] if tokens else None)
