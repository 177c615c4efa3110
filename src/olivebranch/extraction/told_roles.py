"""Roles that stand away from a name: told by a verb ("was named …"), or by a title that several share."""

from collections.abc import Sequence
from dataclasses import replace

from olivebranch.extraction.gazetteer import Story
from olivebranch.extraction.people import Figure
from olivebranch.extraction.personal_names import NameSpan, find_address
from olivebranch.extraction.roles import Role, is_role_word, read_role

MAX_PHRASE = 12
MAX_GAP = 4
"""Tokens between two names of one list: a comma, "and", an article, a conjunction."""

CLOSING = frozenset(
    {",", ";", ".", ":", "(", ")", '"', "--", "—", "–", "after", "before", "since", "in", "on", "when", "who"}
)


def add_told_roles(story: Story, figures: Sequence[Figure]) -> None:
    """Adds to each figure the roles that verbs tell of it, and those that its name shares with the one before it."""
    for figure in figures:
        figure.roles.extend(role for name in figure.mentions if (role := _read_told_role(story, name)))
    owners = sorted(((name, figure) for figure in figures for name in figure.mentions), key=lambda pair: pair[0].start)
    shared: Role | None = None
    last = None
    for name, figure in owners:
        own = next((role for role in figure.roles if role.end == name.start), None)
        if own is None and shared is not None and last is not None and _is_listed(story, last, name):
            figure.roles.append(shared)
        else:
            shared = _shareable(story, own)
        last = name


def _read_told_role(story: Story, name: NameSpan) -> Role | None:
    """The role in "X, who serves as mayor of …", "X resigned as …", "X was named foreign minister".

    Example: "Mr. Novak, who was appointed defence minister, …" gives that of defence minister.
    """
    place = name.end
    if (token := story.after(place)) is not None and token.text == ",":
        place += 1
    if (token := story.after(place)) is not None and token.lower_ == "who":
        place += 1
    while (token := story.after(place)) is not None and token.lower_ in (
        "was",
        "is",
        "has",
        "been",
        "now",
        "currently",
    ):
        place += 1
    if token is None or not story.is_word(place, "appointing", "serving"):
        return None
    is_served, is_past = story.is_word(place, "serving"), story.parse[place].tag_ in ("VBD", "VBN")
    is_passive = story.parse[place - 1].lower_ in ("was", "been", "is")
    place += 1
    if (token := story.after(place)) is not None and token.lower_ == "as":
        place += 1
    elif is_served or not is_passive:
        return None
    end = place
    while end < min(place + MAX_PHRASE, story.bounds[name.start][1]) and story.parse[end].lower_ not in CLOSING:
        end += 1
    role = read_role(story, place, end) if place < end and story.parse[place].lower_ not in ("a", "an") else None
    if role is None or not is_role_word(story, role.head):
        return None
    return replace(role, standing="former") if is_served and is_past else role


def _shareable(story: Story, role: Role | None) -> Role | None:
    """A title in the plural, for each name of the list after it; of several states it names none."""
    if role is None or story.parse[role.head].tag_ not in ("NNS", "NNPS"):
        return None
    hits = {story.hit_at[index].code for index in range(role.start, role.end) if index in story.hit_at}
    return role if len(hits) < 2 else replace(role, of=None, office=None)


def _is_listed(story: Story, last: NameSpan, name: NameSpan) -> bool:
    """Whether a bare name follows another in a list."""
    if story.bounds.get(last.end - 1) != story.bounds.get(name.start) or find_address(story, name.start) is not None:
        return False
    between = story.parse[last.end : name.start]
    return 0 < len(between) <= MAX_GAP and all(token.lower_ in (",", "and", "or", "the", "of") for token in between)
