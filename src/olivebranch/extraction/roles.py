"""Reads the words that say what somebody is: "deputy chair of the … committee", "then-Secretary of State"."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from olivebranch.codebook.names import fold_name
from olivebranch.codebook.tables import Office
from olivebranch.extraction.gazetteer import Hit, Story

MAX_TITLE_TOKENS = 8
OUTWARD = frozenset({"to", "for", "on", "against", "with"})
"""After these an envoy's phrase names the other side, not his own."""

JUNIOR = frozenset({"assistant", "associate", "deputy", "designate", "elect", "ex", "shadow", "under", "vice"})
"""A title with one of these beside it is another office."""

SPEAKS_FOR = frozenset(
    {"adviser", "advisor", "aide", "lawyer", "secretary", "spokesman", "spokesperson", "spokeswoman"}
)
LINKS = frozenset({"of", "for", "and", "the", "on", "&", "-", "'s"})
"""Small words inside a name: Institute of Strategic Assessments, Bureau for the Baltic."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a phrase says that somebody is; tokens [start, end). `standing` is "former" or "then" for what is past."""

    start: int
    end: int
    head: int
    title: str
    office: Office | None = None
    of: str | None = None
    affiliation: str | None = None
    sector: str | None = None
    standing: str | None = None
    is_expert: bool = False

    def head_is(self, story: Story, use: str) -> bool:
        """Whether the head word is of a class of actor_words.csv."""
        return story.is_word(self.head, use)


def read_role(story: Story, start: int, end: int) -> Role | None:
    """The role that tokens [start, end) tell, None where their first noun phrase has no word for one."""
    head = _find_head(story, start, end)
    if head is None:
        return None
    powers = list(_iter_powers(story, start, end, head))
    known = _known_title(story, start, end, head)
    office = _find_office(story, known, [story.power_of(hit) for hit in powers])
    if known and office is None and known[1] - known[0] == 1:
        known = None
    affiliation = _find_affiliation(story, start, end, known or (head, head + 1))
    is_expert = _is_expert(story, head, office, affiliation)
    seat = _seat(story, head, end, affiliation if is_expert else None)
    of = office.of if office else story.power_of(powers[0]) if powers else seat
    return Role(
        start,
        end,
        head,
        _in_singular(story, head, story.text(*known) if known else _short_title(story, start, end, head, affiliation)),
        office,
        of,
        affiliation[2] if affiliation else None,
        office.sector if office else _find_sector(story, (start, head, end), powers, affiliation),
        _standing(story, start, head),
        is_expert,
    )


def _is_expert(story: Story, head: int, office: Office | None, affiliation: tuple[int, int, str] | None) -> bool:
    """An analyst or scholar by calling, or somebody at the head of an institute."""
    if office is not None:
        return False
    return story.is_word(head, "expert") or (_is_institute(story, affiliation) and story.is_word(head, "head_of"))


def _is_institute(story: Story, affiliation: tuple[int, int, str] | None) -> bool:
    return affiliation is not None and any(story.is_word(index, "institute") for index in range(*affiliation[:2]))


def is_role_word(story: Story, index: int) -> bool:
    """Whether the token says what a person is, as "minister" or "analyst" do."""
    if story.is_word(index, "role"):
        return True
    token = story.parse[index] if 0 <= index < len(story) else None
    return token is not None and token.tag_ == "NNPS" and token.lower_.removesuffix("s") in story.use("role")


def _in_singular(story: Story, head: int, title: str) -> str:
    """The title of one of several: "ministers" beside two names is "minister"."""
    token = story.parse[head]
    if token.tag_ in ("NNS", "NNPS") and token.text in title:
        title = title.replace(token.text, token.lemma_)
    return title.strip(" ,-")


def _find_head(story: Story, start: int, end: int) -> int | None:
    """The last word for a role in the first noun phrase, or that of a title that runs on ("Secretary of State")."""
    if start >= end:
        return None
    head = None
    fallback = start if story.parse[start].lower_ in ("a", "an") else None
    for index in range(start, end):
        token = story.parse[index]
        if token.pos_ in ("ADP", "SCONJ", "VERB", "AUX") or token.lower_ in (",", "of", "for", "at", "to", "who"):
            break
        if is_role_word(story, index):
            head = index
        elif fallback is not None and token.pos_ == "NOUN":
            fallback = index
    return head if head is not None else fallback if fallback != start else None


def _iter_powers(story: Story, start: int, end: int, head: int) -> Iterator[Hit]:
    """The names of powers that the role belongs to, not those that it deals with or that only say where."""
    index = start
    while index < end:
        hit = story.hit_at.get(index)
        if hit is None or hit.end > end or hit.name.kind in ("person", "surname") or is_within_name(story, hit):
            index += 1
            continue
        lead = _lead(story, hit.start, start)
        outward = lead == "on" or (lead in OUTWARD and story.parse[head].lemma_.lower() not in SPEAKS_FOR)
        is_studied = lead == "of" and hit.start > head and story.is_word(head, "expert")
        if not outward and not is_studied and lead not in ("in", "pro", "anti"):
            yield hit
        index = hit.end


def _lead(story: Story, index: int, low: int = 0) -> str:
    """The preposition or prefix before a name, articles and adjectives skipped; not looked for before `low`."""
    place = index - 1
    while place >= low and story.parse[place].pos_ in ("DET", "ADJ", "PRON"):
        place -= 1
    if place > low and story.parse[place].text == "-":
        place -= 1
    return story.parse[place].lower_ if place >= low else ""


def _seat(story: Story, head: int, end: int, institute: tuple[int, int, str] | None) -> str | None:
    """The country that the phrase ends in ("a lecturer in Moscow"), or that an institute bears in its name."""
    hits = [story.hit_at[index] for index in range(head, end) if index in story.hit_at]
    places = [hit for hit in hits if hit.name.kind in ("capital", "country", "metonym")]
    seats = [hit for hit in places if _lead(story, hit.start) in ("in", "at")]
    if institute:
        seats = [hit for hit in places if institute[0] <= hit.start < institute[1]] + seats
    return story.power_of(seats[-1]) if seats else None


def _known_title(story: Story, start: int, end: int, head: int) -> tuple[int, int] | None:
    """The longest stretch around the head that is some office's title, whole."""
    for low, high in _iter_windows(start, end, head):
        if fold_name(story.text(low, high)) in story.codebook.office_titles and not _is_partial(
            story, low, high, start
        ):
            return (low, high)
    return None


def _is_partial(story: Story, low: int, high: int, start: int) -> bool:
    """Whether the words beside a title make it another: deputy foreign minister, police chief, head of research."""
    if _is_junior(story, low, high) or (low > start and story.is_word(low - 1, "not_of_state")):
        return True
    if low > start and story.parse[low - 1].pos_ in ("NOUN", "PROPN") and low - 1 not in story.hit_at:
        return not story.is_word(low - 1, "title_modifier", "past_marker")
    if high < len(story) and story.parse[high].lower_ in ("of", "for") and high - low == 1:
        after = high + 1
        while after < len(story) and story.parse[after].pos_ in ("DET", "ADJ"):
            after += 1
        return after not in story.hit_at
    return False


def _find_office(story: Story, known: tuple[int, int] | None, powers: list[str]) -> Office | None:
    words = story.text(*known) if known else ""
    offices = (story.codebook.office_by_title(words, power) for power in dict.fromkeys(powers) if words)
    return next((office for office in offices if office), None)


def _iter_windows(start: int, end: int, head: int) -> Iterator[tuple[int, int]]:
    """Stretches that hold the head, the longest first."""
    low, high = max(start, head - MAX_TITLE_TOKENS), min(end, head + MAX_TITLE_TOKENS)
    windows = [(i, j) for i in range(low, head + 1) for j in range(head + 1, high + 1)]
    yield from sorted(windows, key=lambda window: window[0] - window[1])


def _is_junior(story: Story, low: int, high: int) -> bool:
    beside = [low - 1, low - 2] if low > 0 and story.parse[low - 1].text == "-" else [low - 1]
    after = high + 1 if high < len(story) and story.parse[high].text == "-" else high
    return any(0 <= index < len(story) and story.parse[index].lower_ in JUNIOR for index in (*beside, after))


def _find_affiliation(story: Story, start: int, end: int, title: tuple[int, int]) -> tuple[int, int, str] | None:
    """The body that the role is at: a name after the title, or right before it."""
    index = title[1]
    while index < end and story.parse[index].text != ",":
        last = _proper_end(story, index, end) if _is_proper(story, index) else index + 1
        is_at = _is_proper(story, index) and _lead(story, index) not in ("in", "to", "from")
        if is_at and not _is_only_country(story, index, last):
            return (index, last, story.text(index, last))
        index = last
    return _affiliation_before(story, start, title[0]) or _common_body(story, title[1], end)


def _affiliation_before(story: Story, start: int, head: int) -> tuple[int, int, str] | None:
    low = head
    while low > start and _is_proper(story, low - 1) and not is_role_word(story, low - 1):
        low -= 1
    while low < head and (_is_only_country(story, low, low + 1) or _is_skipped_word(story, low)):
        low += 1
    if low < head and story.is_word(head, "cabinet_head") and low not in story.hit_at:
        return None  # a portfolio: Labor Secretary
    is_body = low < head and not all(story.is_word(index, "title_modifier") for index in range(low, head))
    return (low, head, story.text(low, head)) if is_body and not _is_only_country(story, low, head) else None


def _common_body(story: Story, start: int, end: int) -> tuple[int, int, str] | None:
    """A body without a capital: "spokesman for the foreign ministry"."""
    if start >= end or story.parse[start].lower_ not in ("for", "of", "at"):
        return None
    low = start + 1
    while low < end and story.parse[low].pos_ in ("DET", "PRON"):
        low += 1
    high = low
    while high < end and story.parse[high].pos_ in ("NOUN", "ADJ", "PROPN") and high not in story.hit_at:
        high += 1
    return (low, high, story.text(low, high)) if low < high and sector_in(story, low, high) else None


def _is_proper(story: Story, index: int) -> bool:
    token = story.parse[index]
    return token.text[:1].isupper() and (token.pos_ in ("PROPN", "ADJ", "NOUN") or (token.is_upper and len(token) > 1))


def _proper_end(story: Story, start: int, end: int) -> int:
    """Where the proper name that begins at `start` ends, small words inside it kept."""
    last = place = start + 1
    while place < end and (_is_proper(story, place) or story.parse[place].text in LINKS):
        place += 1
        if _is_proper(story, place - 1):
            last = place
    return last


def _is_only_country(story: Story, start: int, end: int) -> bool:
    hit = story.hit_at.get(start)
    return (
        hit is not None and hit.start == start and hit.end >= end and hit.name.kind not in ("organisation", "metonym")
    )


def _short_title(story: Story, start: int, end: int, head: int, affiliation: tuple[int, int, str] | None) -> str:
    """The words of the title without article, country, standing and affiliation."""
    low = start
    while low < head and _is_skipped(story, low) and not story.is_word(low, "title_modifier"):
        low += 1
    if affiliation and affiliation[0] < head:
        low = max(low, affiliation[1])
    high = head + 1
    if high < end and story.parse[high].lower_ in ("of", "for"):
        high = _tail_end(story, high, end, affiliation)
    return story.text(low, high).strip(" ,-")


def _is_skipped(story: Story, index: int) -> bool:
    token = story.parse[index]
    hit = story.hit_at.get(index)
    is_power = hit is not None and hit.name.kind not in ("person", "surname")
    return is_power or token.pos_ in ("DET", "PRON", "NUM") or _is_skipped_word(story, index)


def _is_skipped_word(story: Story, index: int) -> bool:
    token = story.parse[index]
    is_small = token.pos_ in ("PUNCT", "PART", "CCONJ") or token.text in LINKS
    return is_small or _is_past(token.lower_, story) or token.lower_ in JUNIOR


def _tail_end(story: Story, high: int, end: int, affiliation: tuple[int, int, str] | None) -> int:
    """The end of "of the international affairs committee", short of the words that lead to the body."""
    if affiliation and affiliation[0] > high:
        place = affiliation[0] - 1
        while place > high and story.parse[place].lower_ not in ("of", "at", "for", "in", "with"):
            place -= 1
    else:
        place = high
        while place < end and story.parse[place].text != "," and place not in story.hit_at:
            place += 1
    while place > high and story.parse[place - 1].pos_ in ("ADP", "DET", "PUNCT", "PART", "ADJ"):
        place -= 1
    return place


def _is_past(word: str, story: Story) -> bool:
    return word.strip("-") in story.use("past_marker")


def _standing(story: Story, start: int, head: int) -> str | None:
    for index in range(start, head):
        word = story.parse[index].lower_.strip("-")
        if _is_past(word, story):
            return "then" if word == "then" else "former"
        if word in ("for", "of", "to", ","):
            return None
    return "former" if _is_joined_to_past(story, start) else None


def _is_joined_to_past(story: Story, start: int) -> bool:
    """Whether a title is the second of two that "former" stands before: former senator and secretary of state."""
    if start < 2 or story.parse[start - 1].lower_ != "and" or not is_role_word(story, start - 2):
        return False
    return any(_is_past(story.parse[index].lower_, story) for index in range(max(start - 6, 0), start - 2))


def _find_sector(
    story: Story, phrase: tuple[int, int, int], powers: list[Hit], affiliation: tuple[int, int, str] | None
) -> str | None:
    """The sector told by the body, else by the words around the head, else by the head itself.

    A spokesman or chief of something that is no organ of a state is of no sector by that word alone.
    """
    start, head, end = phrase
    for hit in powers:
        if not story.codebook.is_state(hit.code) and (sector := story.codebook.organisation(hit.code).sector):
            return sector
        if hit.name.metonym and hit.name.metonym.sector:
            return hit.name.metonym.sector
    around = sector_in(story, *affiliation[:2]) if affiliation else sector_in(story, start, end, skip=head)
    is_told_by_head = not affiliation and (powers or story.parse[head].lemma_.lower() not in SPEAKS_FOR)
    own = sector_in(story, head, head + 1) if is_told_by_head else None
    is_scholar = story.is_word(head, "expert") or (_is_institute(story, affiliation) and story.is_word(head, "head_of"))
    return around or own or ("EDU" if is_scholar else None)


def sector_in(story: Story, start: int, end: int, skip: int = -1) -> str | None:
    """The sector that the words of tokens [start, end) tell: longer phrases first, then those nearer the head."""
    words = story.codebook.sector_words
    for size in (3, 2, 1):
        for low in range(end - size, start - 1, -1):
            if size == 1 and (low == skip or story.parse[low].pos_ not in ("NOUN", "PROPN", "VERB")):
                continue
            sector = words.get(_phrase_key(story, low, low + size, False)) or words.get(
                _phrase_key(story, low, low + size, True)
            )
            if sector:
                return sector
    return None


def _phrase_key(story: Story, low: int, high: int, by_lemma: bool) -> str:
    words = [token.lower_ for token in story.parse[low:high]]
    if by_lemma:
        words[-1] = story.parse[high - 1].lemma_.lower()
    return _fold(" ".join(words))


@cache
def _fold(words: str) -> str:
    return fold_name(words)


def is_within_name(story: Story, hit: Hit) -> bool:
    """Whether the name is only a part of a longer one: Washington Post, American Airlines, Carnegie Moscow Center."""
    if hit.name.kind == "organisation" and hit.end - hit.start > 1:
        return False
    after = story.after(hit.end)
    before = story.before(hit.start)
    if after is not None and after.text in ("'s", "'"):
        after = story.after(hit.end + 1)
        return after is not None and _is_foreign_name(story, after.i) and not is_role_word(story, after.i)
    if (
        before is not None
        and _is_foreign_name(story, before.i)
        and before.text[:1].isupper()
        and before.i not in story.hit_at
    ):
        ent = story.parse[hit.start]
        return ent.ent_type_ in ("ORG", "FAC", "WORK_OF_ART", "PERSON", "PRODUCT") and before.ent_type_ == ent.ent_type_
    return after is not None and _is_foreign_name(story, after.i)


def _is_given_before(story: Story, index: int) -> bool:
    """Whether the token is somebody's given name, the name after it his surname: Crystal Cortes."""
    token = story.parse[index]
    if token.pos_ != "PROPN" or token.dep_ != "compound" or index in story.hit_at or not token.is_title:
        return False
    return token.head.i == index + 1 and not is_role_word(story, index) and not _tells_sector(story, index)


def _is_foreign_name(story: Story, index: int) -> bool:
    """Whether the token is a capitalised word that is no title, organ or deed: the rest of some other name."""
    token = story.parse[index]
    if story.is_word(index, "media") and (token.text[:1].isupper() or token.ent_type_ == "ORG"):
        return True
    if token.pos_ != "PROPN" or not token.text[:1].isupper() or index in story.hit_at:
        return False
    known = is_role_word(story, index) or story.is_word(index, "official", "state_noun", "act", "title_modifier")
    return not known and not _tells_sector(story, index) and token.ent_type_ in ("ORG", "FAC", "WORK_OF_ART", "PRODUCT")


def _tells_sector(story: Story, index: int) -> bool:
    return any(sector_in(story, index, min(index + size, len(story))) for size in (1, 2))
