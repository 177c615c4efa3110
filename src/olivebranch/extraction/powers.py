"""Tells the names that act (Moscow demanded, Russian troops) from those that only say where or what about."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from olivebranch.extraction.gazetteer import Hit, Story
from olivebranch.extraction.roles import is_within_name, sector_in

if TYPE_CHECKING:
    from spacy.tokens import Token

PLACE_KINDS = frozenset({"capital", "country", "metonym"})
GROUP_KINDS = frozenset({"armed", "authority", "group", "party"})
FIGHTING_SECTORS = frozenset({"OPP", "RAD", "REB", "UAF"})
"""Those who act in a country and not for it: rebels in Ukraine, but not companies in Ukraine."""

POSSESSIVE = frozenset({"'s", "'"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name and the noun phrase it opens: tokens [start, end), `chain` where the nouns after the name begin."""

    hit: Hit
    start: int
    chain: int
    end: int
    head: int | None
    is_possessive: bool


@dataclass(frozen=True, slots=True)
class Power:
    """An acting power in the story, tokens [start, end): a state, body or group, with the part of it that acts."""

    start: int
    end: int
    hit: Hit
    code: str | None
    country: str | None
    kind: str
    sector: str | None
    why: str


def read_phrase(story: Story, hit: Hit, names: set[int]) -> Phrase:
    """The noun phrase that a name opens: "Russian | foreign ministry", "Ukraine's | army"."""
    token = story.after(hit.end)
    is_possessive = token is not None and token.text in POSSESSIVE
    chain = place = hit.end + is_possessive
    while place not in names and _continues(story, place, chain):
        place += 1
    while place > chain and story.parse[place - 1].pos_ not in ("NOUN", "PROPN"):
        place -= 1
    head = place - 1 if place > chain else None
    return Phrase(hit, hit.start, chain, place, head, is_possessive)


def _continues(story: Story, place: int, chain: int) -> bool:
    token = story.after(place)
    if token is None or (
        token.idx and story.parse[place - 1].whitespace_ == "" and place == chain and token.text != "-"
    ):
        return token is not None and story.parse[place - 1].text in POSSESSIVE
    hit = story.hit_at.get(place)
    if hit is not None and hit.name.kind in ("country", "capital", "demonym"):
        return False
    return (
        token.pos_ in ("NOUN", "PROPN", "ADJ")
        or (token.text == "-" and token.whitespace_ == "")
        or (token.tag_ == "VBG" and story.is_word(place, "title_modifier"))
    )


def read_power(story: Story, hit: Hit, names: set[int]) -> Power | None:
    """The acting power that a name stands for where it stands; None where it is a place, a topic or another name."""
    if story.is_part(hit) or is_within_name(story, hit) or _is_prefixed(story, hit) or _is_namesake(story, hit):
        return None
    phrase = read_phrase(story, hit, names)
    if phrase.is_possessive and phrase.chain in names:
        return None
    part = (
        _read_part(story, phrase) or _read_part_before(story, phrase, names) or _read_shared_part(story, phrase, names)
    )
    if part:
        return part
    if is_place(story, hit) or not _acts_alone(story, phrase):
        return None
    return make_power(story, hit, hit.start, hit.end, _own_sector(story, hit), f"{hit.name.kind} “{hit.name.words}”")


def make_power(story: Story, hit: Hit, start: int, end: int, sector: str | None, why: str) -> Power:
    """A power over tokens [start, end); a sector that is no organ of the state makes it a group within the country."""
    code, country = hit.code, story.country_of(hit)
    if story.codebook.is_state(code):
        row = story.codebook.sector(sector) if sector else None
        inside = row is not None and not row.is_state
        return Power(start, end, hit, None if inside else code, country, "group" if inside else "state", sector, why)
    is_group = story.codebook.organisation(code).kind in GROUP_KINDS
    if country is None and sector == "GOV":
        sector = None  # an official of a body of states belongs to no state's government
    return Power(start, end, hit, code, country, "group" if is_group else "organisation", sector, why)


def _own_sector(story: Story, hit: Hit) -> str | None:
    if hit.name.metonym:
        return hit.name.metonym.sector
    return None if story.codebook.is_state(hit.code) else story.codebook.organisation(hit.code).sector


def _is_prefixed(story: Story, hit: Hit) -> bool:
    """Whether the name is only a side taken or a place of work: pro-Russian, anti-Western, Moscow-based."""
    before, after = story.before(hit.start), story.after(hit.end)
    if before is not None and before.text == "-" and before.whitespace_ == "" and hit.start > 1:
        return story.parse[hit.start - 2].lower_ in ("pro", "anti", "non", "ex", "post", "un")
    if after is not None and after.text == "-" and hit.end + 1 < len(story):
        tail = story.parse[hit.end + 1]
        return story.is_word(tail.i, "suffix")
    return before is not None and before.lower_ in ("pro-", "anti-")


def _is_namesake(story: Story, hit: Hit) -> bool:
    """Whether the name is that of a town in an American state: Moscow, Idaho; Athens, Georgia."""
    comma = story.after(hit.end)
    if hit.name.kind not in PLACE_KINDS or comma is None or comma.text != ",":
        return False
    start, high = hit.end + 1, story.bounds[hit.start][1]
    states = story.use("us_state")
    if any(start + size <= high and story.text(start, start + size) in states for size in (1, 2)):
        return True
    closes = start + 1 >= high or story.parse[start + 1].text in (",", ".", ";")
    is_city = hit.name.kind == "capital" and hit.code != "GEO"
    return (
        is_city and closes and start < high and story.parse[start].text == "Georgia" and start + 2 not in story.hit_at
    )


def _read_part(story: Story, phrase: Phrase) -> Power | None:
    """The organ or force named after a power: Russian troops, Ukraine's government, Western officials."""
    if phrase.head is None or is_topic(story, phrase) or _is_land(story, phrase):
        return None
    for end in _phrase_ends(story, phrase):
        head = end - 1
        sector = _best_sector(story, phrase.chain, end)
        is_official = story.is_word(head, "official")
        if is_official or story.is_word(head, "state_noun") or _ends_in_sector(story, phrase.chain, end):
            if sector is None and is_official and story.codebook.is_state(phrase.hit.code):
                sector = "GOV"
            why = f"{phrase.hit.name.kind} “{phrase.hit.name.words}” and “{story.text(phrase.chain, end)}”"
            return make_power(story, phrase.hit, phrase.start, end, sector or _own_sector(story, phrase.hit), why)
    return None


def is_topic(story: Story, phrase: Phrase) -> bool:
    """Whether the name only says what about: Russia experts, the Syria question."""
    is_bare = phrase.hit.name.kind in ("country", "capital") and not phrase.is_possessive
    return is_bare and story.is_word(phrase.end - 1, "topic")


def _is_land(story: Story, phrase: Phrase) -> bool:
    """Whether the noun is a part of the country with a name to follow: the Indian state of Manipur."""
    after = story.after(phrase.end)
    return (
        after is not None
        and after.lower_ == "of"
        and story.parse[phrase.end - 1].lower_ in ("state", "republic", "capital")
    )


def _phrase_ends(story: Story, phrase: Phrase) -> Iterator[int]:
    """The whole phrase; in a title-case headline, where verbs pass for names, also each shorter one."""
    yield phrase.end
    if story.is_headline(phrase.start):
        yield from range(phrase.end - 1, phrase.chain, -1)


def _ends_in_sector(story: Story, start: int, end: int) -> bool:
    return any(
        sector_in(story, end - size, end) and sector_in(story, end - size, end - 1) is None
        for size in (1, 2, 3)
        if end - size >= start
    ) or (sector_in(story, end - 1, end) is not None)


def _best_sector(story: Story, start: int, end: int) -> str | None:
    """The sector of the phrase; a rebel force is rebels, whatever its head word."""
    found = [sector_in(story, index, index + 1) for index in range(start, end)]
    if "REB" in found:
        return "REB"
    return sector_in(story, start, end)


def _read_part_before(story: Story, phrase: Phrase, names: set[int]) -> Power | None:
    """The organ or force before "of" or "in" a country: government of Ukraine, rebels in eastern Ukraine."""
    hit = phrase.hit
    if hit.name.kind not in ("country", "organisation"):
        return None
    link = _link_before(story, hit.start)
    if link is None or story.parse[link].lower_ not in ("of", "in", "from"):
        return None
    start = link
    while start - 1 not in names and (before := story.before(start)) is not None and _is_noun_like(story, before.i):
        start -= 1
    if start == link or start in story.hit_at:
        return None
    sector = _best_sector(story, start, link)
    row = story.codebook.sector(sector) if sector else None
    if row is None or not _ends_in_sector(story, start, link):
        return None
    if story.parse[link].lower_ != "of" and sector not in FIGHTING_SECTORS:
        return None
    return make_power(story, hit, start, hit.end, sector, f"“{story.text(start, hit.end)}”")


def _read_shared_part(story: Story, phrase: Phrase, names: set[int]) -> Power | None:
    """The part that two powers share: in "Indian and Pakistani troops" the first is MIL too."""
    link = story.after(phrase.hit.end)
    other = story.hit_at.get(phrase.hit.end + 1)
    if phrase.head is not None or link is None or link.lower_ not in ("and", "or", ",") or other is None:
        return None
    if phrase.hit.name.kind != "demonym" or other.name.kind != "demonym":
        return None
    shared = read_phrase(story, other, names)
    part = _read_part(story, shared) or _read_shared_part(story, shared, names)
    if part is None:
        return None
    why = f"shares “{story.text(part.start, part.end)}”"
    return make_power(story, phrase.hit, phrase.start, phrase.hit.end, part.sector, why)


def _is_noun_like(story: Story, index: int) -> bool:
    token = story.parse[index]
    if token.lower_ in ("pro", "anti", "-"):
        return True
    hit = story.hit_at.get(index)
    is_side = hit is not None and _is_prefixed(story, hit)
    return token.pos_ in ("NOUN", "PROPN", "ADJ") and (hit is None or is_side)


def _link_before(story: Story, index: int) -> int | None:
    """The preposition that governs a name, articles and adjectives between skipped; None where there is none."""
    place = story.before(index)
    while place is not None and (
        place.pos_ in ("DET", "ADJ") or story.is_word(place.i, "geographic") or place.text == "-"
    ):
        place = story.before(place.i)
    listed = _listed_before(story, index, place)
    if listed is not None:
        return _link_before(story, listed.start)
    return place.i if place is not None and place.pos_ in ("ADP", "SCONJ", "PART") else None


def _listed_before(story: Story, index: int, place: "Token | None") -> Hit | None:
    """The name before this one in a list ("in Syria, Iraq, and Turkey"); None where this one opens a clause."""
    name = story.hit_at.get(index)
    if place is None or (name and story.parse[name.end - 1].dep_ in ("nsubj", "nsubjpass")):
        return None
    comma = story.before(place.i)
    if place.lower_ in ("and", "or") and comma is not None and comma.text == ",":
        place = comma
    return story.hit_at.get(place.i - 1) if place.lower_ in ("and", "or", ",", "both") else None


def is_place(story: Story, hit: Hit) -> bool:
    """Whether the name only says where: in Moscow, flew to Kiev, left Russia, the city of Aleppo in Syria."""
    link = _link_before(story, hit.start)
    if link is not None:
        word, governor = story.parse[link].lower_, story.parse[link].head
        if word in ("in", "inside", "within", "across", "throughout"):
            return not story.is_word(governor.i, "confidence_noun")
        if hit.name.kind not in PLACE_KINDS:
            return False
        if story.is_word(link, "place_preposition"):
            return True
        if story.is_word(link, "motion_preposition"):
            return story.is_word(governor.i, "motion") or (
                story.is_word(governor.head.i, "motion") and governor.pos_ == "ADP"
            )
        return word == "of" and story.is_word(link - 1, "geographic")
    root = story.parse[hit.end - 1]
    if hit.name.kind in PLACE_KINDS and _is_in_place_list(story, hit):
        return True
    if hit.name.kind in PLACE_KINDS and root.dep_ == "dobj" and story.is_word(root.head.i, "place_verb"):
        return True
    return root.dep_ == "npadvmod" and hit.name.kind == "capital"


def _is_in_place_list(story: Story, hit: Hit) -> bool:
    """Whether the name is one of several places: in New York, Washington and Philadelphia."""
    token = story.parse[hit.end - 1]
    while token.dep_ in ("conj", "appos") and token.head != token:
        token = token.head
    is_listed = token.i != hit.end - 1 and token.dep_ == "pobj" and token.ent_type_ in ("GPE", "LOC", "FAC")
    return is_listed and token.head.lower_ in story.use("place_preposition")


def _acts_alone(story: Story, phrase: Phrase) -> bool:
    """Whether the name itself acts: as a noun, as a possessor, or before an act of its own (US sanctions)."""
    kind, head = phrase.hit.name.kind, phrase.head
    if phrase.is_possessive:
        return head is None or not story.is_word(head, "geographic", "media")
    if kind == "demonym":
        return _is_people(story, phrase) if head is None else story.is_word(head, "act")
    if head is None:
        return kind != "capital" or _stands_as_power(story, phrase.hit)
    if kind == "capital" or story.is_word(head, "geographic", "media"):
        return False
    if kind == "country" and story.is_headline(phrase.start):
        return True  # there a verb after the name looks like a noun: India Accuses Pakistan
    return story.is_word(head, "act") or story.parse[phrase.hit.end - 1].dep_ not in ("compound", "nmod", "amod")


def _stands_as_power(story: Story, hit: Hit) -> bool:
    """A capital alone is a power unless an apposition or a list of places says otherwise."""
    root = story.parse[hit.end - 1]
    before, after = story.before(hit.start), story.after(hit.end)
    if after is not None and after.text == "," and hit.end + 1 in story.hit_at:
        follower = story.hit_at[hit.end + 1]
        if follower.name.kind == "country" and follower.code == hit.code:
            return False
    if before is not None and before.text == "," and root.dep_ in ("appos", "npadvmod", "dep"):
        return False
    return root.dep_ in (
        "nsubj",
        "nsubjpass",
        "pobj",
        "dobj",
        "poss",
        "conj",
        "agent",
        "iobj",
        "dative",
        "attr",
        "ROOT",
        "compound",
        "nmod",
    )


def _is_people(story: Story, phrase: Phrase) -> bool:
    """ "the Russians" is the state; "two Russians", "a Russian" and "in Russian" are not."""
    hit = phrase.hit
    token = story.parse[hit.end - 1]
    before = story.before(hit.start)
    if token.pos_ not in ("NOUN", "PROPN", "ADJ") or token.dep_ in ("amod", "compound", "nmod"):
        return False
    if before is None or before.lower_ != "the":
        return False
    return token.text.endswith(("s", "sh", "ch", "ese")) and token.dep_ not in ("appos",)
