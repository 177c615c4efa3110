"""Reads ranks in forms of address ("Gen. Smith", "Florida Gov. Bush", "Sen. Cruz"), and whose they are."""

import re
from dataclasses import dataclass

from olivebranch.extraction.gazetteer import Story
from olivebranch.extraction.people import Figure
from olivebranch.extraction.personal_names import NameSpan, find_address

AMERICAN_RANKS = frozenset({"governor", "judge", "justice", "representative", "senator"})
"""Ranks that a story on American politics leaves without a country."""

PARTY_AND_STATE = re.compile(r"\s*[(,]\s*[DRI](?:\)|[-–][A-Z])")
"""The party and state after a member of Congress: (R-Fla.), D-Ohio."""


@dataclass(frozen=True, slots=True)
class Rank:
    """The rank that somebody is addressed by; `said` is the form of address, `standing` "former" for what is past."""

    title: str
    sector: str
    said: str
    country: str | None
    standing: str | None


def read_rank(story: Story, figure: Figure) -> Rank | None:
    """The fullest rank that a figure is addressed by, None where there is none.

    Example: "former Florida Gov. Jeb Bush" gives a governor of the USA, former.
    """
    found = [rank for mention in figure.mentions if (rank := _rank_of(story, mention))]
    return max(found, key=lambda rank: (rank.country is not None, rank.standing is not None), default=None)


def _rank_of(story: Story, name: NameSpan) -> Rank | None:
    ranks = {word: (rank, sector) for word, rank, sector in (row.split(":") for row in story.use("rank"))}
    index, said, state = _address(story, name, frozenset(ranks))
    if said is None:
        return None
    title, sector = ranks[said]
    low = story.bounds[name.start][0]
    before = _state_before(story, low, index)
    front = index - len(before.split()) - 1 if before else index - 1
    is_past = front >= low and story.is_word(front, "past_marker")
    country = _land_beside(story, name, index, before or state) or _land_of_story(story, title)
    return Rank(title, sector, said, country, "former" if is_past else None)


def _address(story: Story, name: NameSpan, ranks: frozenset[str]) -> tuple[int, str | None, str | None]:
    """The token and word of the rank before a name, and the state between them: Governor of Arizona Doug Ducey."""
    if name.honorific in ranks:
        address = find_address(story, name.start)
        is_beside = address is not None and story.parse[address].lower_.strip(".") == name.honorific
        return (address if address is not None and is_beside else name.start, name.honorific, None)
    low = story.bounds[name.start][0]
    state = _state_before(story, low, name.start)
    link = name.start - len(state.split()) - 1 if state else low
    if state and link > low and story.parse[link].lower_ == "of":
        said = story.parse[link - 1].lower_
        return (link - 1, said if said in ranks else None, state)
    return (name.start, None, None)


def _land_beside(story: Story, name: NameSpan, index: int, state: str | None) -> str | None:
    """The country told by the words around a rank and its name."""
    hit = story.hit_at.get(index - 1)
    if hit is not None and hit.name.kind not in ("person", "surname") and not story.is_part(hit):
        return story.power_of(hit)
    state = state or _state_after(story, name.end)
    if state:
        return "CAN" if state in story.use("province") else "USA"
    return land_after(story, name)


def land_after(story: Story, name: NameSpan) -> str | None:
    """The country in brackets after a name, "(Viet Nam)" or "(R-Ohio)"."""
    end = story.span(name.start, name.end)[1]
    if PARTY_AND_STATE.match(story.document.article.text, end):
        return "USA"
    mark, hit = story.after(name.end), story.hit_at.get(name.end + 1)
    is_whole = mark is not None and mark.text == "(" and hit is not None and hit.name.kind == "country"
    if hit is None or not is_whole or story.parse[hit.end].text != ")":
        return None
    return story.power_of(hit)


def _land_of_story(story: Story, title: str) -> str | None:
    """The United States for a senator in a story on their politics, else the state that the story is most about."""
    if title in AMERICAN_RANKS and story.is_american:
        return "USA"
    return story.main_state


def _state_before(story: Story, low: int, end: int) -> str | None:
    """The American state or Canadian province whose name ends where tokens `end` begin."""
    words = (story.text(end - size, end) for size in (2, 1) if end - size >= low)
    return next((state for state in words if state in story.use("us_state")), None)


def _state_after(story: Story, start: int) -> str | None:
    """The state in "Sen. Ted Cruz of Texas"."""
    link = story.after(start)
    if link is None or link.lower_ != "of":
        return None
    high = story.bounds[start][1]
    words = (story.text(start + 1, start + 1 + size) for size in (2, 1) if start + 1 + size <= high)
    return next((state for state in words if state in story.use("us_state")), None)


def land_of_state(story: Story, start: int, end: int) -> str | None:
    """The country of an American state or Canadian province that tokens [start, end) name."""
    for index in range(max(start, 0), end):
        for size in (2, 1):
            if index + size <= end and (state := story.text(index, index + size)) in story.use("us_state"):
                return "CAN" if state in story.use("province") else "USA"
    return None


def land_of_city(story: Story, start: int, end: int) -> str | None:
    """The country of the city that tokens [start, end) say an office is of: mayor of Lviv."""
    starts = [index for index in range(start + 1, end) if story.parse[index - 1].lower_ in ("of", "in")]
    names = (story.text(low, high) for low in starts for high in range(min(end, low + 3), low, -1))
    return next((story.codebook.places[name] for name in names if name in story.codebook.places), None)
