"""Reads people told by office alone: "the Russian foreign minister", "Ukraine's president", "a Kremlin spokesman"."""

from collections.abc import Sequence
from dataclasses import dataclass

from olivebranch.codebook import Holding
from olivebranch.codebook.names import fold_name
from olivebranch.codebook.tables import Office
from olivebranch.extraction.gazetteer import Hit, Story
from olivebranch.extraction.identity import land_of, print_office
from olivebranch.extraction.people import Figure
from olivebranch.extraction.powers import Phrase, is_topic, read_phrase
from olivebranch.extraction.roles import Role, is_role_word, read_role
from olivebranch.records import ActorMention

LEADER_KINDS = ("head_of_state", "head_of_government", "body_head")


@dataclass(frozen=True, slots=True)
class Nominal:
    """An office or role told without a name, tokens [start, end)."""

    start: int
    end: int
    role: Role
    holding: Holding | None
    figure: Figure | None


def read_nominal(story: Story, hit: Hit, names: set[int], figures: Sequence[Figure]) -> Nominal | None:
    """The person whom a power's name and a title tell, None where no single person is told."""
    phrase = read_phrase(story, hit, names)
    span = _span_after(story, phrase) or (_span_of(story, hit, names) if phrase.head is None else None)
    if (
        span is None
        or is_topic(story, phrase)
        or (phrase.head is not None and phrase.end in names and span[1] == phrase.end)
    ):
        return None
    span = (_with_standing(story, span[0]), span[1])
    role = read_role(story, *span)
    if role is None or story.parse[role.head].tag_ in ("NNS", "NNPS") or role.of is None:
        return None
    if role.standing or _is_indefinite(story, span[0]) or story.is_word(span[0], "not_yet"):
        return Nominal(*span, role, None, None)
    office = role.office
    if office is None and story.is_word(role.head, "leader"):
        return Nominal(*span, role, *_find_leader(story, role.of, figures))
    holding = story.codebook.holder_of(office.of, office.office, story.on) if office and story.on else None
    return Nominal(*span, role, holding, None if holding else _holder_in_story(figures, role.of, office))


def _with_standing(story: Story, start: int) -> int:
    """Where the phrase begins with the words that make it a past or lesser office: former, ex-, acting."""
    place = start
    while (before := story.before(place)) is not None and (
        before.text == "-" or story.is_word(before.i, "past_marker", "title_modifier")
    ):
        place = before.i
    return start if story.parse[place].text == "-" else place


def _span_after(story: Story, phrase: Phrase) -> tuple[int, int] | None:
    """The tokens of "Russian foreign minister"; in headlines the verb after the title may look like a name."""
    for end in range(phrase.end, phrase.chain, -1):
        if is_role_word(story, end - 1) and (end == phrase.end or story.is_headline(phrase.start)):
            return (phrase.start, end)
    return None


def _span_of(story: Story, hit: Hit, names: set[int]) -> tuple[int, int] | None:
    """The tokens of "foreign minister of Ukraine"."""
    link = story.before(hit.start)
    if link is not None and link.pos_ == "DET":
        link = story.before(link.i)
    if link is None or link.lower_ != "of" or not is_role_word(story, link.i - 1):
        return None
    start = link.i - 1
    while (
        start - 1 not in names
        and (before := story.before(start)) is not None
        and before.pos_ in ("NOUN", "PROPN", "ADJ")
    ):
        start -= 1
    return (start, hit.end) if start not in story.hit_at else None


def _is_indefinite(story: Story, start: int) -> bool:
    token = story.before(start)
    while token is not None and token.pos_ == "ADJ" and not story.is_word(token.i, "not_yet"):
        token = story.before(token.i)
    if token is not None and story.is_word(token.i, "not_yet"):
        return True
    return token is not None and token.lower_ in ("a", "an", "another", "one", "any", "every", "no", "some")


def _find_leader(story: Story, power: str, figures: Sequence[Figure]) -> tuple[Holding | None, Figure | None]:
    """Whoever leads a power: the one that the story names, else the head of government where it is he that acts."""
    named = [f for f in figures if f.holding and f.holding.office.of == power and f.holding.office.kind in LEADER_KINDS]
    if named:
        return named[0].holding, named[0]
    for kind in LEADER_KINDS:
        holding = story.codebook.holder_of(power, kind, story.on) if story.on else None
        if holding and not _is_ceremonial(story, power, holding.office):
            return holding, None
    return None, None


def _is_ceremonial(story: Story, power: str, office: Office) -> bool:
    """Whether another office of the state is the one that news calls its leader."""
    if office.kind != "head_of_state":
        return False
    titles = {fold_name(words) for words in office.titles}
    return bool(titles & {"king", "queen", "emperor", "monarch", "federal president", "governor general"})


def _holder_in_story(figures: Sequence[Figure], power: str, office: Office | None) -> Figure | None:
    """The person to whom the story itself gives this office."""
    if office is None:
        return None
    for figure in figures:
        if any(role.office is office and not role.standing for role in figure.roles):
            return figure
    return None


def make_nominal_mention(story: Story, nominal: Nominal) -> ActorMention:
    """The mention of a person told by office alone; `name` is the person's where known, else the words."""
    role, figure = nominal.role, nominal.figure
    holding = nominal.holding or (figure.holding if figure else None)
    words = story.text(nominal.start, nominal.end)
    name = holding.person.name if holding else figure.name if figure else words
    office = holding.office if holding else role.office
    known = holding.person if holding else figure.person if figure else None
    title = print_office(office) if office else role.title
    return ActorMention(
        id="a0",
        span=story.span(nominal.start, nominal.end),
        name=name,
        entity=f"person:{fold_name(known.name).replace(' ', '-')}" if known else None,
        kind="person",
        country=land_of(story, holding.office) if holding else role.of,
        sector=office.sector if office else role.sector,
        office=f"{role.standing} {title}" if role.standing else title,
        office_on=story.on if holding else None,
        affiliation=role.affiliation,
        is_expert=role.is_expert,
        why=f"the office told by “{words}”" + (f", held on {story.on} by {name}" if holding else ""),
    )
