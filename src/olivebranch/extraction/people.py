"""Finds people: their names, the titles and appositions beside them, and who the codebook says they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from olivebranch.codebook import Holding
from olivebranch.codebook.names import PARTICLES, fold_name, surname_of
from olivebranch.codebook.tables import Person
from olivebranch.extraction.gazetteer import Story
from olivebranch.extraction.roles import Role, is_role_word, read_role

MAX_NAME_TOKENS = 5
MAX_TITLE_SCAN = 12
HIGH_OFFICES = frozenset(
    {"head_of_state", "head_of_government", "foreign_minister", "defence_minister", "body_head", "envoy"}
)
"""Offices whose holders the news names by surname alone."""


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A person's name in the story, tokens [start, end), titles and honorifics left out."""

    start: int
    end: int
    words: str
    honorific: str | None
    is_sure: bool


@dataclass(slots=True)
class Figure:
    """One person of the story: every mention of the name, and what the words and the codebook say of him or her."""

    name: str
    mentions: list[NameSpan]
    roles: list[Role] = field(default_factory=list)
    person: Person | None = None
    holding: Holding | None = None

    @property
    def is_full(self) -> bool:
        """Whether the story gives more than a surname."""
        return " " in self.name


def find_names(story: Story) -> list[NameSpan]:
    """Every stretch that reads as a person's name, in text order, none overlapping."""
    taken: set[int] = set()
    spans: list[NameSpan] = []
    for start, end, is_sure in sorted(_iter_raw_names(story), key=lambda raw: (-(raw[1] - raw[0]), not raw[2], raw[0])):
        name = _trim_name(story, start, end, is_sure)
        if name and not taken & set(range(name.start, name.end)):
            taken |= set(range(name.start, name.end))
            spans.append(name)
    return sorted(spans, key=lambda name: name.start)


def _iter_raw_names(story: Story) -> Iterator[tuple[int, int, bool]]:
    for ent in story.parse.ents:
        if ent.label_ == "PERSON" and ent.start in story.bounds:
            yield ent.start, ent.end, True
    for index in story.bounds:
        if story.parse[index].text in story.surnames and index not in story.hit_at:
            yield index, index + 1, False
    for hit in story.hits:
        if hit.name.kind == "person":
            yield hit.start, hit.end, True
        elif any(name.kind in ("surname", "person") for name in hit.names):
            yield hit.start, hit.end, False
    for start, end in story.stretches:
        for index in range(start, end - 1):
            if _is_title_like(story, index) and _is_name_token(story, index + 1):
                yield index + 1, _run_end(story, index + 1, end), story.is_word(index, *HONORIFICS)
            elif _is_given(story, index) and _is_name_token(story, index + 1):
                yield index, _run_end(story, index, end), True


HONORIFICS = ("honorific", "honorific_female", "honorific_male")


def _is_title_like(story: Story, index: int) -> bool:
    token = story.parse[index]
    return token.text[:1].isupper() and (story.is_word(index, *HONORIFICS) or is_role_word(story, index))


def _is_given(story: Story, index: int) -> bool:
    return (
        story.parse[index].text in story.use("given_female") | story.use("given_male")
        and story.parse[index].pos_ == "PROPN"
    )


def _is_name_token(story: Story, index: int) -> bool:
    token = story.parse[index]
    hit = story.hit_at.get(index)
    is_place = hit is not None and not any(name.kind in ("person", "surname") for name in hit.names)
    is_titled = is_role_word(story, index) or story.is_word(index, *HONORIFICS, "media", "official", "state_noun")
    return token.text[:1].isupper() and token.pos_ in ("PROPN", "NOUN", "ADJ") and not is_titled and not is_place


def _run_end(story: Story, start: int, end: int) -> int:
    """Where a run of capitalised name words from `start` ends; particles and hyphens inside are kept."""
    place = start + 1
    while place < min(end, start + MAX_NAME_TOKENS):
        is_link = story.parse[place].lower_ in PARTICLES or story.parse[place].text == "-"
        if is_link and place + 1 < end and _is_name_token(story, place + 1):
            place += 2
        elif _is_name_token(story, place):
            place += 1
        else:
            break
    return place


def _trim_name(story: Story, start: int, end: int, is_sure: bool) -> NameSpan | None:
    """The name without titles before it and marks after it; None if what is left is no name."""
    hit = story.hit_at.get(start)
    whole = hit is not None and hit.start == start and hit.end == end and hit.name.kind == "person"
    while not whole and start < end and _is_before_name(story, start):
        start += 1
    while end - start > 1 and not whole and _is_common_in_headline(story, end - 1):
        end -= 1
    while start < end and not (story.parse[end - 1].text[:1].isupper() or story.parse[end - 1].text[-1:].isdigit()):
        end -= 1
    if start >= end or not _reads_as_name(story, start, end):
        return None
    words = story.text(start, end)
    before = story.before(start)
    honorific = before.lower_.strip(".") if before is not None and story.is_word(before.i, *HONORIFICS) else None
    if end - start == 1 and not _is_sure_single(story, start, is_sure, honorific):
        return None
    return NameSpan(start, end, words, honorific, is_sure or honorific is not None)


def _is_common_in_headline(story: Story, index: int) -> bool:
    """Whether a capital of a title-case headline is on a word that the story writes small elsewhere."""
    return story.parse[index].lower_ in story.small_words and story.is_headline(index)


def _is_before_name(story: Story, index: int) -> bool:
    token = story.parse[index]
    hit = story.hit_at.get(index)
    is_power = hit is not None and hit.name.kind not in ("person", "surname")
    titled = story.is_word(index, *HONORIFICS, "past_marker", "title_modifier") or is_role_word(story, index)
    is_mark = not token.is_alpha and token.text[:1] in "-'\"(,"
    return (titled and not _is_given(story, index)) or is_power or is_mark or token.pos_ == "DET"


def _reads_as_name(story: Story, start: int, end: int) -> bool:
    hit = story.hit_at.get(start)
    is_power = hit is not None and hit.end >= end and not any(n.kind in ("person", "surname") for n in hit.names)
    words = story.parse[start:end]
    if _is_common_in_headline(story, start):
        return False
    if is_power or not words[0].text[:1].isupper() or any(token.is_digit or "\n" in token.text for token in words):
        return False
    return (
        not any(story.is_word(token.i, "media", "state_noun") for token in words) and len(words) <= MAX_NAME_TOKENS + 1
    )


def _is_sure_single(story: Story, index: int, is_sure: bool, honorific: str | None) -> bool:
    """Whether one capitalised word alone is a person: words that are also others need a title or a neighbour."""
    token = story.parse[index]
    if honorific:
        return True
    before, after = story.before(index), story.after(index + 1)
    beside = [t for t in (before, after) if t is not None and t.pos_ == "PROPN" and not is_role_word(story, t.i)]
    if token.text in story.use("ambiguous_name"):
        is_titled = before is not None and is_role_word(story, before.i)
        return token.pos_ == "PROPN" and (
            is_titled or (not beside and (token.ent_type_ == "PERSON" or token.i != _low(story, index)))
        )
    is_titled = before is not None and is_role_word(story, before.i)
    if index not in story.hit_at and not is_titled and not _is_named_in_full(story, token.text):
        return is_sure and token.dep_ in ("nsubj", "nsubjpass") and not beside
    return token.pos_ in ("PROPN", "NOUN", "X") and (is_sure or not beside)


def _is_named_in_full(story: Story, word: str) -> bool:
    """Whether the parser has a longer name of a person that ends or begins with this word."""
    return word in story.name_words


def _low(story: Story, index: int) -> int:
    return story.bounds[index][0]


def group_figures(story: Story, names: list[NameSpan]) -> list[Figure]:
    """The people of the story: full names first, then surnames and given names joined to them."""
    figures: list[Figure] = []
    for name in names:
        if " " in name.words:
            _join_full(story, figures, name)
    for name in names:
        if " " not in name.words:
            _join_short(story, figures, name)
    for figure in figures:
        figure.mentions.sort(key=lambda name: name.start)
    return sorted(figures, key=lambda figure: figure.mentions[0].start)


def _join_full(story: Story, figures: list[Figure], name: NameSpan) -> None:
    known = story.codebook.people_named(name.words)
    for figure in figures:
        shared = set(known) & set(story.codebook.people_named(figure.name))
        if (len(shared) == 1 and known) or _is_same_full(figure.name, name.words):
            figure.mentions.append(name)
            if len(name.words) > len(figure.name):
                figure.name = name.words
            return
    figures.append(Figure(name.words, [name]))


def _is_same_full(one: str, other: str) -> bool:
    """Whether two full names are one person's: same surname, and given names that agree or are initials."""
    first, second = fold_name(one).split(), fold_name(other).split()
    if first[-1] != second[-1]:
        return False
    return first[0] == second[0] or (first[0][0] == second[0][0] and 1 in (len(first[0]), len(second[0])))


def _join_short(story: Story, figures: list[Figure], name: NameSpan) -> None:
    fitting = [figure for figure in figures if _may_be(story, figure, name)]
    if fitting:
        _nearest(story, fitting, name).mentions.append(name)
    elif name.is_sure or _is_office_holder(story, name.words):
        figures.append(Figure(name.words, [name]))


def _may_be(story: Story, figure: Figure, name: NameSpan) -> bool:
    word = fold_name(name.words)
    if fold_name(figure.name) == word:
        return True
    parts = fold_name(figure.name).split()
    people = story.codebook.people_named(figure.name)
    surnames = {fold_name(surname_of(p.name, p.country)) for p in people} | {
        fold_name(surname_of(figure.name)),
        parts[-1],
    }
    if word not in surnames and not (word == parts[0] and name.honorific is None and len(parts) > 1):
        return False
    gender = gender_of(story, figure)
    said = "f" if name.honorific in ("ms", "mrs", "miss", "madame") else "m" if name.honorific == "mr" else None
    return not (gender and said and gender != said)


def _nearest(story: Story, figures: list[Figure], name: NameSpan) -> Figure:
    """The figure last named before `name`; where none was (a headline), the one named first after it."""

    def distance(figure: Figure) -> tuple[bool, int]:
        gaps = [name.start - mention.start for mention in figure.mentions]
        past = [gap for gap in gaps if gap > 0]
        return (not past, min(past) if past else min(-gap for gap in gaps))

    return min(figures, key=distance)


def gender_of(story: Story, figure: Figure) -> str | None:
    """ "m" or "f" by honorific, given name or Slavic surname; None where nothing tells."""
    for mention in figure.mentions:
        if mention.honorific and mention.honorific in story.use("honorific_female"):
            return "f"
        if mention.honorific and mention.honorific in story.use("honorific_male"):
            return "m"
    return gender_of_name(story.words, figure.person.name if figure.person else figure.name)


def gender_of_name(words: Mapping[str, frozenset[str]], name: str) -> str | None:
    """ "m" or "f" by given name, else by a surname of a Slavic pattern; `words` are the classes of actor_words.csv.

    Example: "Maria Zakharova" gives "f", "Lavrov" gives "m".
    """
    given, last = name.split()[0], name.split()[-1]
    female, male = given in words.get("given_female", ()), given in words.get("given_male", ())
    if female != male and " " in name:
        return "f" if female else "m"
    if last.endswith(("ova", "eva", "skaya", "ovna", "dottir")):
        return "f"
    return "m" if last.endswith(("ov", "ev", "sky", "skiy", "skyy", "enkov")) else None


def _is_office_holder(story: Story, surname: str) -> bool:
    """Whether the bare surname is of somebody whom the news would name so on that day, of a power in the story."""
    held = story.codebook.holdings(surname, story.on) if story.on else ()
    return any(holding.office.kind in HIGH_OFFICES for holding in held)


def find_roles(story: Story, figure: Figure, names: dict[int, NameSpan]) -> None:
    """Reads the titles and appositions beside every mention of a figure into `figure.roles`."""
    for mention in figure.mentions:
        for start, end in (
            _title_before(story, mention, names),
            _apposition_after(story, mention, names),
            _apposition_before(story, mention, names),
        ):
            role = read_role(story, start, end) if start < end else None
            if role:
                figure.roles.append(role)


def _title_before(story: Story, name: NameSpan, names: dict[int, NameSpan]) -> tuple[int, int]:
    """The tokens of the title that ends where the name begins; empty if there is none."""
    low = story.bounds[name.start][0]
    end = name.start
    while end > low and (story.parse[end - 1].text in ('"', "-") or story.is_word(end - 1, *HONORIFICS)):
        end -= 1
    start = end
    if start == low or not (is_role_word(story, start - 1) or _office_title_start(story, low, start) < start):
        return (end, end)
    while start > low and name.start - start < MAX_TITLE_SCAN:
        jump = _office_title_start(story, low, start)
        if jump < start:
            start = jump
        elif _is_in_title(story, start - 1) and start - 1 not in names:
            start -= 1
        else:
            break
    return (start, end)


def _office_title_start(story: Story, low: int, end: int) -> int:
    """Where an office's title of several words with "of" or "for" that ends at `end` begins; `end` if none does."""
    for start in range(max(low, end - 6), end - 1):
        if fold_name(story.text(start, end)) in story.codebook.office_titles:
            return start
    return end


def _is_in_title(story: Story, index: int) -> bool:
    token = story.parse[index]
    if token.text in ("-", "'s", "&"):
        return True
    if story.is_word(index, "past_marker", "title_modifier") or is_role_word(story, index) or index in story.hit_at:
        return True
    return token.pos_ in ("PROPN", "NOUN", "ADJ") and token.lower_ not in ("other", "many", "such")


def _apposition_after(story: Story, name: NameSpan, names: dict[int, NameSpan]) -> tuple[int, int]:
    """The tokens of ", deputy chair of …" after a name, an age skipped; empty if what follows tells no role."""
    start = _past_comma(story, name.end)
    token = story.after(start) if start else None
    if token is not None and (token.like_num or token.text[:1].isdigit()):
        start = _past_comma(story, start + 1)
    if not start:
        return (0, 0)
    end = _segment_end(story, start)
    role = read_role(story, start, end)
    if role is None or any(index in names for index in range(start, role.head + 2)) or _starts_clause(story, start):
        return (0, 0)
    if role.of is None and story.after(end) is not None and story.parse[end].text == "," and end + 1 in story.hit_at:
        return (start, min(_segment_end(story, end + 1), story.bounds[name.start][1]))
    return (start, end)


def _past_comma(story: Story, index: int) -> int:
    token = story.after(index)
    return index + 1 if token is not None and token.text in (",", "(", "--", "—", "–") else 0


def _segment_end(story: Story, start: int) -> int:
    high = story.bounds[start][1] if start in story.bounds else start
    place = start
    while place < high and not _ends_segment(story, place):
        place += 1
    return place


def _ends_segment(story: Story, index: int) -> bool:
    token = story.parse[index]
    if token.text in (",", ";", ".", ")", "(", ":", '"', "--", "—", "–") or token.lower_ in (
        "who",
        "which",
        "that",
        "whose",
        "said",
        "says",
        "told",
    ):
        return True
    return token.pos_ in ("AUX",) or (token.pos_ == "VERB" and token.tag_ in ("VBD", "VBZ", "VBP", "MD"))


def _starts_clause(story: Story, start: int) -> bool:
    token = story.parse[start]
    return (
        token.pos_ in ("VERB", "AUX", "SCONJ", "CCONJ", "ADV")
        and not is_role_word(story, start)
        and not story.is_word(start, "past_marker", "title_modifier")
    )


def _apposition_before(story: Story, name: NameSpan, names: dict[int, NameSpan]) -> tuple[int, int]:
    """The tokens of "a spokesman for the ministry," before a name; empty if they are no apposition."""
    comma = story.before(name.start)
    while comma is not None and story.is_word(comma.i, *HONORIFICS):
        comma = story.before(comma.i)
    if comma is None or comma.text not in (",", "--", "—", "–"):
        return (0, 0)
    after = story.after(name.end)
    closes = after is None or after.text in (",", ".", "--", "—", "–", ";", "'s") or after.pos_ == "CCONJ"
    if not closes and story.parse[name.end - 1].dep_ != "appos":
        return (0, 0)
    start = comma.i
    low = story.bounds[name.start][0]
    while start > low and not _ends_segment(story, start - 1) and story.parse[start - 1].pos_ != "VERB":
        start -= 1
    while start < comma.i and story.parse[start].pos_ in ("ADP", "CCONJ", "SCONJ", "ADV", "PART"):
        start += 1
    role = read_role(story, start, comma.i)
    if role is None or any(index in names for index in range(start, comma.i)):
        return (0, 0)
    return (start, comma.i)
