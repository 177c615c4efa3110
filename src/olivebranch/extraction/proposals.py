"""The attributions of a bare text in PolNeAR's terms, source, cue and content, by the trained finder or by rules."""

import re
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from functools import partial

from olivebranch.codebook import load_codebook
from olivebranch.extraction.actors import find_actors
from olivebranch.extraction.attribution import ATTRIBUTORS
from olivebranch.extraction.attribution_model import Proposal, load_attribution_model
from olivebranch.extraction.dates import find_dates
from olivebranch.records import Article, Attribution, Span
from olivebranch.text import make_document

Proposer = Callable[[str, float | None], list[Proposal]]
"""From a text and the least chance of an attribution that is given (None: what each way holds best)."""


def propose_by_model(text: str, threshold: float | None = None) -> list[Proposal]:
    """What the trained finder proposes, each line that is not blank read as a paragraph.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    model = load_attribution_model()
    if threshold is not None:
        model = copy(model)
        model.decoder = replace(model.decoder, valid=threshold)
    return model.propose(text, lines_of(text))


def lines_of(text: str) -> list[Span]:
    """The lines that are not blank."""
    return [match.span() for match in re.finditer(r"[^\n]+", text) if match.group().strip()]


def propose_by_rules(text: str, threshold: float | None = None, *, attributor: str = "rules") -> list[Proposal]:
    """What an attributor of the reader finds; rules give no chance, so a threshold leaves them all."""
    del threshold
    document = make_document(Article(id="", text=text, sha256=""))
    dates = find_dates(document, None)
    actors = find_actors(document, load_codebook(), None)
    return [_proposal(attribution) for attribution in ATTRIBUTORS[attributor](document, actors, dates)]


def _proposal(attribution: Attribution) -> Proposal:
    source, cue = attribution.source.span, attribution.cue
    return Proposal(
        source=(source,) if source else (),
        cue=(cue.span,) if cue else (),
        content=attribution.content.spans,
        probability=1.0,
    )


PROPOSERS: dict[str, Proposer] = {
    "trained": propose_by_model,
    "rules": propose_by_rules,
    "rules-wide": partial(propose_by_rules, attributor="rules-wide"),
}
"""Every way by name; the trained one needs weights, `rules-wide` is the rules with PolNeAR's wider notion."""
