"""Joins a story's names into people, and finds the titles and appositions that say what they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from olivebranch.codebook import Holding
from olivebranch.codebook.names import fold_name, surname_of
from olivebranch.codebook.tables import Person
from olivebranch.extraction.gazetteer import Story
from olivebranch.extraction.personal_names import HONORIFICS, NameSpan
from olivebranch.extraction.roles import Role, is_role_word, read_role

MAX_TITLE_SCAN = 12
HIGH_OFFICES = frozenset(
    {"head_of_state", "head_of_government", "foreign_minister", "defence_minister", "body_head", "envoy"}
)
"""Offices whose holders the news names by surname alone."""


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
    if name.honorific and len(fitting) > 1:
        fitting = _addressed_so(story, fitting, name.honorific)
    if fitting:
        _nearest(story, fitting, name).mentions.append(name)
    elif name.is_sure or _is_office_holder(story, name.words):
        figures.append(Figure(name.words, [name]))


def _addressed_so(story: Story, figures: list[Figure], honorific: str) -> list[Figure]:
    """Those whom the story has called so before ("Mrs. Clinton"), else those whom the codebook knows, else all."""
    before = [figure for figure in figures if any(name.honorific == honorific for name in figure.mentions)]
    return before or [figure for figure in figures if story.codebook.people_named(figure.name)] or figures


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
    is_given = name.words in story.use("given_female") | story.use("given_male")
    may_be_first = name.honorific is None or not is_given  # Ms. Gao: some names begin with the surname
    if word not in surnames and not (word == parts[0] and may_be_first and len(parts) > 1):
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
    if _office_title_start(story, low, name.start) < end < name.start:
        end = name.start  # Attorney General Lynch: no general
    start = _start_of_power_title(story, low, end)
    if start < end:
        return (start, end)
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


def _start_of_power_title(story: Story, low: int, end: int) -> int:
    """Where "President of the United States" begins that ends at `end`; `end` if no such title does."""
    hit = story.hit_at.get(end - 1)
    if hit is None or hit.end != end or hit.name.kind in ("person", "surname"):
        return end
    link = hit.start - 1
    if link > low and story.parse[link].pos_ == "DET":
        link -= 1
    if link <= low or story.parse[link].lower_ != "of" or not is_role_word(story, link - 1):
        return end
    start = link - 1
    while start > low and (story.is_word(start - 1, "past_marker", "title_modifier") or is_role_word(story, start - 1)):
        start -= 1
    return start


def _office_title_start(story: Story, low: int, end: int) -> int:
    """Where an office's title of several words with "of" or "for" that ends at `end` begins; `end` if none does."""
    if not story.parse[end - 1].is_alpha:
        return end
    for start in range(max(low, end - 6), end - 1):
        if story.parse[start].is_alpha and fold_name(story.text(start, end)) in story.codebook.office_titles:
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
    while (
        start > low
        and start - 1 not in names
        and not _ends_segment(story, start - 1)
        and story.parse[start - 1].pos_ != "VERB"
    ):
        start -= 1
    while start < comma.i and story.parse[start].pos_ in ("ADP", "CCONJ", "SCONJ", "ADV", "PART"):
        start += 1
    role = read_role(story, start, comma.i)
    while role is None and (start := _next_article(story, start, comma.i)) < comma.i:
        role = read_role(story, start, comma.i)
    if role is None or not is_role_word(story, role.head) or any(index in names for index in range(start, comma.i)):
        return (0, 0)
    return (start, comma.i)


def _next_article(story: Story, start: int, end: int) -> int:
    """The article after `start`, where a noun phrase begins: "the twentieth year of the late prime minister"."""
    return next((index for index in range(start + 1, end) if story.parse[index].pos_ == "DET"), end)
