"""Finds everybody in a story who can act between states: powers, bodies, armed groups, people in office."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from olivebranch.codebook import Codebook
from olivebranch.extraction.gazetteer import Hit, Story
from olivebranch.extraction.identity import identify_figure, make_mentions, print_office
from olivebranch.extraction.nominals import LEADER_KINDS, Nominal, make_nominal_mention, read_nominal
from olivebranch.extraction.people import Figure, find_roles, group_figures
from olivebranch.extraction.personal_names import NameSpan, find_names
from olivebranch.extraction.powers import Power, read_power
from olivebranch.extraction.roles import sector_in
from olivebranch.extraction.told_roles import add_told_roles
from olivebranch.records import ActorMention, Document

MUCH_LESS = 3
"""A state named this many times less than the one named most is hardly what a story's rebels are about."""


def find_actors(document: Document, codebook: Codebook, on: date | None) -> tuple[ActorMention, ...]:
    """Every mention of an actor outside furniture, in text order, none overlapping; `on` is the day of the offices.

    A person's office is that of the day `on`, unless the words call it past ("then-Secretary of State"). Places
    ("in Moscow") and names that only begin like a power's ("American Airlines") are no actors.

    Example: "Russian troops crossed into Ukraine" has RUS with sector MIL; "into Ukraine" is a place.
    """
    story = Story(document, codebook, on)
    names = find_names(story)
    figures = find_figures(story, names)
    mentions = [mention for figure in figures for mention in make_mentions(story, figure)]
    taken = _taken_by_people(names, figures)
    for mention, start, end in _iter_others(story, names, figures, taken):
        mentions.append(mention)
        taken.update(range(start, end))
    for mention, start, end in _iter_administrations(story, taken):
        mentions.append(mention)
        taken.update(range(start, end))
    mentions.extend(_iter_loose_rebels(story, tuple(mentions), taken))
    mentions.extend(_iter_named_bodies(story, taken))
    ordered = sorted(mentions, key=lambda mention: mention.span)
    return tuple(mention.model_copy(update={"id": f"a{n}"}) for n, mention in enumerate(ordered, 1))


def actor_code(mention: ActorMention) -> str | None:
    """The code under which an actor's events are kept: the country, else the body or group; None for private names."""
    if mention.country:
        return mention.country
    return mention.entity if mention.entity and not mention.entity.startswith("person:") else None


def find_figures(story: Story, names: Sequence[NameSpan]) -> list[Figure]:
    """The people of a story, with roles read and identity settled."""
    name_at = {index: name for name in names for index in range(name.start, name.end)}
    figures = group_figures(story, list(names))
    for figure in figures:
        find_roles(story, figure, name_at)
    add_told_roles(story, figures)
    for figure in figures:
        identify_figure(story, figure)
    return figures


def _taken_by_people(names: Sequence[NameSpan], figures: Sequence[Figure]) -> set[int]:
    """The tokens that are people's names, titles or appositions, and so nobody else's."""
    taken = {index for name in names for index in range(name.start, name.end)}
    for figure in figures:
        for role in figure.roles:
            taken.update(range(role.start, role.end))
    return taken


def _iter_others(
    story: Story, names: Sequence[NameSpan], figures: Sequence[Figure], taken: set[int]
) -> Iterator[tuple[ActorMention, int, int]]:
    """Powers and offices told by the codebook's names, with their tokens; `taken` may grow while this runs."""
    name_tokens = {index for name in names for index in range(name.start, name.end)}
    for hit in story.hits:
        if hit.name.kind in ("person", "surname") or taken & set(range(hit.start, hit.end)):
            continue
        found = read_nominal(story, hit, name_tokens, figures) or read_power(story, hit, name_tokens)
        if found is None or taken & set(range(found.start, found.end)):
            continue
        if isinstance(found, Nominal):
            yield make_nominal_mention(story, found), found.start, found.end
        else:
            yield _make_power_mention(story, found), found.start, found.end


def _make_power_mention(story: Story, power: Power) -> ActorMention:
    whole = (power.start, power.end) == (power.hit.start, power.hit.end) and not power.sector
    name = story.codebook.name_of(power.hit.code) if whole else story.text(power.start, power.end)
    return ActorMention(
        id="a0",
        span=story.span(power.start, power.end),
        name=name,
        entity=power.code,
        kind=power.kind,
        country=power.country,
        sector=power.sector,
        why=power.why,
    )


def _iter_administrations(story: Story, taken: set[int]) -> Iterator[tuple[ActorMention, int, int]]:
    """ "the Obama administration": the state whose head the name is on the day."""
    for hit in story.hits:
        if hit.name.kind not in ("person", "surname") or hit.start in taken or story.on is None:
            continue
        if not story.is_word(hit.end, "administration"):
            continue
        heads = [h for h in story.codebook.holdings(hit.name.words, story.on) if h.office.kind in LEADER_KINDS]
        if heads:
            code, end = heads[0].office.of, hit.end + 1
            name = story.text(hit.start, end)
            why = f"the government of {heads[0].person.name}, {print_office(heads[0].office)} of {code}"
            mention = ActorMention(
                id="a0",
                span=story.span(hit.start, end),
                name=name,
                entity=code,
                kind="state",
                country=code,
                sector="GOV",
                why=why,
            )
            yield mention, hit.start, end


def _iter_loose_rebels(story: Story, mentions: Sequence[ActorMention], taken: set[int]) -> Iterator[ActorMention]:
    """ "the rebels", "pro-Russian separatists": those named last, else rebels in the state the story is most about."""
    for index in story.bounds:
        token = story.parse[index]
        if index in taken or token.tag_ != "NNS" or sector_in(story, index, index + 1) != "REB":
            continue
        side = story.hit_at.get(index - 1)
        start = max(side.start - 2, story.bounds[index][0]) if side else index
        span = story.span(start, index + 1)
        known = [m for m in mentions if m.sector == "REB" and m.kind == "group" and m.span < span]
        # "Iran-backed fighters" may fight anywhere.
        country = None if story.is_word(index - 1, "suffix") else _land_of_rebels(story, side)
        if known:
            last = max(known, key=lambda mention: mention.span)
            yield last.model_copy(update={"span": span, "why": f"the rebels named last: {last.name}"})
        elif country:
            words = story.text(start, index + 1)
            why = f"“{words}” in a story most about {country}"
            yield ActorMention(id="a0", span=span, name=words, kind="group", country=country, sector="REB", why=why)


def _is_said_in_text(story: Story, start: int, end: int) -> bool:
    """Whether a name found in a title-case headline, where most words look like one, stands in the story again."""
    return not story.is_headline(start) or story.document.article.text.count(story.text(start, end)) > 1


def _land_of_rebels(story: Story, side: Hit | None) -> str | None:
    """The state that the rebels fight in, but not the one whose side they take.

    That where the story says that things happen, then by how often it is named and how many armed groups it is known
    for: separatists whom Russia's president asks for something are more likely Ukraine's. A state without any must be
    named twice.
    """
    states = [(code, n) for code, n in story.powers.most_common() if story.codebook.is_state(code)]
    groups = _armed_groups(story.codebook)
    likely = [(story.grounds[code] > 0, n * groups[code], code) for code, n in states if not side or code != side.code]
    known = [row for row in likely if row[1] and (row[0] or MUCH_LESS * story.powers[row[2]] >= states[0][1] > 1)]
    if known:
        return max(known, key=lambda row: row[:2])[2]
    return next((code for code, n in states if (n > 1 if side is None else code != side.code)), None)


@cache
def _armed_groups(codebook: Codebook) -> Counter[str]:
    """How many rebel groups of each state the codebook names."""
    return Counter(row.country for row in codebook.table("organisations") if row.sector == "REB" and row.country)


def _iter_named_bodies(story: Story, taken: set[int]) -> Iterator[ActorMention]:
    """Organisations that the codebook doesn't know, as the parser names them; they have no code."""
    for ent in story.parse.ents:
        if ent.label_ != "ORG" or ent.start not in story.bounds:
            continue
        start, end = ent.start, ent.end
        while start < end and (story.parse[start].pos_ == "DET" or not story.parse[start].text[:1].isupper()):
            start += 1
        while end > start and story.parse[end - 1].text in ("'s", "'", ",", "."):
            end -= 1
        is_known = start in story.hit_at and story.hit_at[start].end >= end
        if start < end and not is_known and _is_said_in_text(story, start, end) and not taken & set(range(start, end)):
            yield ActorMention(
                id="a0",
                span=story.span(start, end),
                name=story.text(start, end),
                kind="organisation",
                sector=sector_in(story, start, end),
                why="an organisation by the parser, not in the codebook",
            )
