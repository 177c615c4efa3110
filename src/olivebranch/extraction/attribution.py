"""Who said what: statements with their cue and source, by rules over the parse and the layout of quotations."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from spacy.tokens import Token

from olivebranch.extraction.carrying import carry_on
from olivebranch.extraction.circumstances import cue_window, find_addressee, find_hedges, find_said_on, find_venue
from olivebranch.extraction.cues import SPEECH_SCOPES, WIDE_SCOPES, CueMatch, find_cues
from olivebranch.extraction.labels import find_answers, find_labelled, find_set_out, is_answer
from olivebranch.extraction.quoting import Draft, Quoted
from olivebranch.extraction.scene import Scene
from olivebranch.extraction.source_words import has_use
from olivebranch.extraction.speakers import Speakers
from olivebranch.extraction.statements import find_content
from olivebranch.extraction.surrounding import Found
from olivebranch.extraction.voices import find_voices
from olivebranch.records import ActorMention, Attribution, Content, Cue, DateMention, Document, Source, Span

Attributor = Callable[[Document, Sequence[ActorMention], Sequence[DateMention]], tuple[Attribution, ...]]


def find_attributions(
    document: Document, actors: Sequence[ActorMention], dates: Sequence[DateMention]
) -> tuple[Attribution, ...]:
    """The statements of a document, in text order: direct, mixed and indirect, each with its source.

    Example: `"We are ready," Lavrov said Sunday.` gives one direct statement, "We are ready", cue "said", of Lavrov.
    """
    return _attribute(document, actors, dates, SPEECH_SCOPES)


def find_attributions_widely(
    document: Document, actors: Sequence[ActorMention], dates: Sequence[DateMention]
) -> tuple[Attribution, ...]:
    """The same with thoughts, attitudes and what data show, unnamed sources too: PolNeAR's notion of attribution."""
    return _attribute(document, actors, dates, WIDE_SCOPES)


def find_attributions_trained(
    document: Document, actors: Sequence[ActorMention], dates: Sequence[DateMention]
) -> tuple[Attribution, ...]:
    """The rules' statements with the trained model's chance of each, and those that only the model found.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    from olivebranch.extraction.trained_attribution import weigh_drafts

    return _attribute(document, actors, dates, SPEECH_SCOPES, weigh_drafts)


EVIDENT = frozenset(
    {"confirm", "find", "hint", "imply", "indicate", "reveal", "rule", "signal", "suggest", "underline", "underscore"}
)
"""Cues that things can be subjects of ("the move suggests that …")."""

CLAUSES = frozenset(
    {
        "that-clause",
        "clause",
        "question clause",
        "clause around its cue",
        "clause before its cue",
        "clause after its cue",
    }
)
SET_OUT = "statement set out below"

AGENTIVE = ("er", "or", "ist", "ian", "man", "woman", "people")
"""Endings of nouns that are mostly people's: owner, protester, activist."""

SPEAKING_USES = (
    "person",
    "body",
    "ministry",
    "official",
    "expert",
    "media",
    "outlet",
    "document",
    "institute",
    "occasion",
)
ATTRIBUTORS: dict[str, Attributor] = {
    "rules": find_attributions,
    "rules-wide": find_attributions_widely,
    "trained": find_attributions_trained,
}
"""Every attributor by name; the trained one needs weights."""


def _attribute(
    document: Document,
    actors: Sequence[ActorMention],
    dates: Sequence[DateMention],
    scopes: frozenset[str],
    weigh: Callable[[Scene, Sequence[Draft]], list[Draft]] | None = None,
) -> tuple[Attribution, ...]:
    scene = Scene(document, actors, dates)
    quoted = Quoted(scene)
    quoted.link()
    indirect = _reported(scene, quoted, scopes)
    labelled = [*(find_labelled(scene, quoted) or find_answers(scene)), *find_set_out(scene)]
    if scopes is not WIDE_SCOPES:
        indirect = [draft for draft in indirect if not _is_inside(draft, labelled)]
    if weigh is not None:
        indirect += weigh(scene, [*quoted.drafts, *indirect, *labelled])
    carry_on(quoted, [*indirect, *labelled])
    drafts = sorted([*quoted.drafts, *indirect, *labelled], key=lambda draft: (draft.start, draft.spans[-1][1]))
    return _finish(scene, drafts)


def _reported(scene: Scene, quoted: Quoted, scopes: frozenset[str]) -> list[Draft]:
    """The statements in reported clauses, of the cues that introduce no quotation."""
    drafts = []
    is_wide = scopes is WIDE_SCOPES
    for cue in find_cues(scene, scopes):
        if cue.token.i in quoted.used_cues:
            continue
        found = find_content(scene, cue, is_wide)
        voices = find_voices(scene, cue)
        if found is None or not (voices or is_wide) or _is_unsaid(scene, cue, found, voices, is_wide):
            continue
        spans = _clear_of(scene, quoted, found)
        if spans:
            drafts.append(Draft(spans, found.how, _widened(cue, found), voices=voices))
    return drafts if is_wide else _without_nested(scene, drafts)


def _is_inside(draft: Draft, labelled: list[Draft]) -> bool:
    """Whether a reported clause stands in the words of an interview or a transcript: then it is told in a quotation."""
    return any(start <= draft.start < end for one in labelled for start, end in one.spans)


def _is_unsaid(scene: Scene, cue: CueMatch, found: Found, voices: Sequence[Token], is_wide: bool) -> bool:
    """Whether the subject is one that says nothing: what data show, what a move suggests, what a storm promises."""
    is_shown = not is_wide and cue.row.cue in EVIDENT
    if voices and (is_shown or found.how == "infinitive") and not any(can_speak(scene, voice) for voice in voices):
        return True
    if (
        not is_wide
        and cue.row.cue == "cite"
        and any(can_speak(scene, c) for c in cue.token.children if c.dep_ == "dobj")
    ):
        return True
    return not is_wide and bool(voices) and all(is_mute(scene, voice) for voice in voices)


def _without_nested(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """The drafts without doubles, and without demands and descriptions in passing inside another's words."""
    kept: list[Draft] = []
    spans = sorted(span for draft in drafts if draft.why in CLAUSES for span in draft.spans)
    seen: set[tuple[Span, ...]] = set()
    for draft in drafts:
        at = draft.cue.token.idx if draft.cue else draft.start
        is_nested = draft.why not in CLAUSES and any(start <= at < end for start, end in _near(spans, at))
        if not is_nested and tuple(draft.spans) not in seen:
            kept.append(draft)
            seen.add(tuple(draft.spans))
    return kept


def _near(spans: list[Span], at: int) -> list[Span]:
    """The few spans that begin last before a place."""
    place = bisect_right(spans, (at, at))
    return spans[max(0, place - 4) : place]


def _widened(cue: CueMatch, found: Found) -> CueMatch:
    return cue if found.cue_last is None else replace(cue, last=found.cue_last)


def is_mute(scene: Scene, voice: Token) -> bool:
    """Whether a subject only shows things: data, polls, figures (their words are nobody's statement)."""
    if voice.lower_ in {"that", "this", "which", "it"}:
        return str(voice.lower_) != "it"
    is_actor = bool(scene.actors_in((voice.idx, voice.idx + len(voice))))
    return has_use(voice, "data") and not is_actor


def can_speak(scene: Scene, voice: Token) -> bool:
    """Whether a subject is one that can promise or urge: a person, a body, a document; no tax, no storm."""
    if voice.pos_ == "PRON":
        return str(voice.lower_) != "it"
    if voice.ent_type_ or voice.pos_ == "PROPN" or any(has_use(voice, use) for use in SPEAKING_USES):
        return True
    if voice.lemma_.lower().endswith(AGENTIVE):
        return True
    return bool(scene.actors_in((voice.left_edge.idx, voice.idx + len(voice))))


def _clear_of(scene: Scene, quoted: Quoted, found: Found) -> list[Span]:
    """The spans of a found content, cut short of quotations that are statements of their own."""
    spans = []
    for first, last in found.stretches:
        while first < last and scene.quotation_of[first] in quoted.draft_of:
            first += 1
        stop = next((i for i in range(first, last) if scene.quotation_of[i] in quoted.draft_of), last)
        if first < stop and any(token.is_alpha for token in scene.parse[first:stop]):
            spans.append(unwrapped(scene, scene.span_of(first, stop)))
    return spans


def unwrapped(scene: Scene, span: Span) -> Span:
    """The span with a quotation that it cuts completed, and without marks that wrap the whole of it."""
    start, end = span
    for number in {
        scene.quotation_of[i] for i in (scene.token_at(start), scene.token_at(end) - 1) if 0 <= i < len(scene.parse)
    }:
        if number < 0 or len(scene.quotations[number].spans) > 1:
            continue
        outer, inner = scene.quotations[number].outer, scene.quotations[number].spans[0]
        if start < outer[1] and outer[0] < end < outer[1]:
            end = outer[1]
        if (
            start <= outer[0]
            and end >= outer[1]
            and scene.trimmed((start, outer[0]))[0] >= outer[0]
            and end == outer[1]
        ):
            return scene.trimmed(inner)
    return (start, end)


def _kind(scene: Scene, spans: Sequence[Span]) -> Literal["direct", "indirect", "mixed"]:
    """Direct where every word is quoted, mixed where some are."""
    words = [token for span in spans for token in scene.tokens(span) if token.is_alpha or token.like_num]
    quoted = sum(1 for token in words if scene.is_quoted(token))
    if quoted == 0:
        return "indirect"
    return "direct" if quoted == len(words) else "mixed"


def _finish(scene: Scene, drafts: list[Draft]) -> tuple[Attribution, ...]:
    """The records of the drafts: sources resolved in text order, circumstances read, ids given."""
    speakers = Speakers(scene)
    done: dict[Draft, Attribution] = {}
    for draft in drafts:
        spans = tuple(span for span in (scene.trimmed(span) for span in draft.spans) if span[0] < span[1])
        if not spans:
            continue
        previous = done.get(draft.carried) if draft.carried else None
        source = _source(scene, speakers, draft, previous)
        identity = f"t{len(done) + 1}"
        done[draft] = _carry(previous, _record(scene, draft, spans, source, identity))
    return tuple(speakers.complete(record) for record in done.values())


def _source(scene: Scene, speakers: Speakers, draft: Draft, previous: Attribution | None) -> Source:
    end = scene.token_at(draft.spans[-1][1]) - 1
    if draft.label:
        return speakers.of_label(draft.label, is_answer(scene, draft.label), end)
    if draft.answers:
        return speakers.of_answer(scene.token_at(draft.start), end)
    if previous is not None:
        return previous.source.model_copy(update={"span": None})
    at = draft.cue.token.i if draft.cue else scene.token_at(draft.start)
    voices = draft.voices or (draft.carried.voices if draft.carried else [])
    source = speakers.resolve(voices, (at, end))
    return source if draft.voices else source.model_copy(update={"span": None})


def _carry(previous: Attribution | None, record: Attribution) -> Attribution:
    """Words carried on were said where, when and to whom the words before were."""
    if previous is None:
        return record
    why = f"carried on from {previous.id}"
    shared = {"addressee": previous.addressee, "venue": previous.venue, "said_on": previous.said_on, "why": why}
    return record.model_copy(update=shared)


def _record(scene: Scene, draft: Draft, spans: tuple[Span, ...], source: Source, identity: str) -> Attribution:
    cue = draft.cue
    cue_span = scene.span_of(cue.first, cue.last) if cue else None
    window = cue_window(scene, cue, spans, source.span) if cue else []
    return Attribution(
        id=identity,
        kind="direct" if draft.label or draft.answers or draft.why == SET_OUT else _kind(scene, spans),
        content=Content(spans=spans),
        cue=Cue(span=cue_span) if cue_span else None,
        source=source,
        addressee=find_addressee(scene, cue, window) if cue else None,
        venue=find_venue(scene, window),
        said_on=find_said_on(scene, window),
        hedges=find_hedges(scene, spans, cue, window),
        why=_why(scene, draft, cue_span),
        probability=draft.probability,
    )


def _why(scene: Scene, draft: Draft, cue_span: Span | None) -> str:
    if draft.carried:
        return f"{draft.why} from the words beside it"
    return f'{draft.why}: "{scene.text[cue_span[0] : cue_span[1]]}"' if cue_span else draft.why
