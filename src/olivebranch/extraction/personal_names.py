"""Finds people's names in a story's words: what the parser, the codebook and titles say is a name."""

from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass, replace

from olivebranch.codebook.names import PARTICLES, fold_name
from olivebranch.extraction.gazetteer import Story
from olivebranch.extraction.roles import is_role_word, sector_in

MAX_NAME_TOKENS = 5
MAX_LIST_GAP = 8
MAX_TITLE_SIZE = 5
HONORIFICS = ("honorific", "honorific_female", "honorific_male")


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A person's name in the story, tokens [start, end), titles and honorifics left out."""

    start: int
    end: int
    words: str
    honorific: str | None
    is_sure: bool


def find_names(story: Story) -> list[NameSpan]:
    """Every stretch that reads as a person's name, in text order, none overlapping."""
    taken: set[int] = set()
    spans: list[NameSpan] = []
    trimmed = (_trim_name(story, *raw) for raw in _iter_raw_names(story))
    names = [name for name in trimmed if name]
    for name in sorted(names, key=lambda name: (name.start - name.end, not name.is_sure, name.start)):
        if not taken & set(range(name.start, name.end)):
            taken |= set(range(name.start, name.end))
            spans.append(name)
    return _share_titles(story, sorted(spans, key=lambda name: name.start))


def _share_titles(story: Story, names: list[NameSpan]) -> list[NameSpan]:
    """Gives the plural before a list of names to each of them: "Senators Ted Cruz and Marco Rubio"."""
    shared: list[NameSpan] = []
    for name in names:
        last = shared[-1] if shared else None
        if last and name.honorific is None and _is_listed(story, last, name):
            name = replace(name, honorific=last.honorific, is_sure=True)
        shared.append(name)
    return shared


def _is_listed(story: Story, last: NameSpan, name: NameSpan) -> bool:
    """Whether two names of one sentence stand side by side in a list with a title in the plural."""
    between = story.parse[last.end : name.start]
    is_plural = last.honorific is not None and last.honorific in story.use("plural_title")
    is_one = story.bounds[last.end - 1] == story.bounds[name.start]
    links = all(token.pos_ in ("PUNCT", "CCONJ", "PROPN", "ADP") for token in between)
    return is_plural and is_one and len(between) <= MAX_LIST_GAP and links


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
            elif story.is_word(index, *HONORIFICS) and _is_particled(story, index + 1, end):
                yield index + 1, _run_end(story, index + 2, end), True
            elif _is_given(story, index) and _is_name_token(story, index + 1):
                yield index, _run_end(story, index, end), True


def _is_particled(story: Story, index: int, end: int) -> bool:
    """Whether a small particle and a name follow: Mr. de Marco."""
    return story.parse[index].lower_ in PARTICLES and index + 1 < end and _is_name_token(story, index + 1)


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
    marks = [index for index in range(start, end) if story.parse[index].text in ("[", "]", "(", ")", '"', ",")]
    start = marks[-1] + 1 if marks and not whole else start
    is_titled = end - start == 1 and _is_titled_surname(story, start)
    is_titled = is_titled or _is_after_address(story, start)
    while not (whole or is_titled) and start < end and _is_before_name(story, start):
        start += 1
    if end - start == 1 and not whole:  # Shah Rukh Khan: the parser has the surname alone
        while _is_given_before(story, start - 1, end):
            start -= 1
    while end - start > 1 and not whole and _is_common_in_headline(story, end - 1):
        end -= 1
    while start < end and not (story.parse[end - 1].text[:1].isupper() or story.parse[end - 1].text[-1:].isdigit()):
        end -= 1
    while end < len(story) - 1 and story.parse[end].text == "-" and not story.parse[end].whitespace_:
        end += 2  # Park Geun-hye: the parser cuts at the hyphen
    if start >= end or not _reads_as_name(story, start, end):
        return None
    words = story.text(start, end)
    address = find_address(story, start)
    honorific = story.parse[address].lower_.strip(".") if address is not None else None
    if end - start == 1 and not _is_sure_single(story, start, is_sure, honorific):
        return None
    return NameSpan(start, end, words, honorific, is_sure or honorific is not None)


def find_address(story: Story, start: int) -> int | None:
    """The token of the form of address right before a name; of "Reps." the parser makes two tokens."""
    before = story.before(start)
    if before is not None and before.text == "." and not story.parse[before.i - 1].whitespace_:
        before = story.before(before.i)
    return before.i if before is not None and story.is_word(before.i, *HONORIFICS) else None


def _is_titled_surname(story: Story, index: int) -> bool:
    """Whether a word that is a title too is the name after another: Prime Minister Major."""
    before, after = story.before(index), story.after(index + 1)
    is_last = after is None or after.pos_ != "PROPN"
    is_after_title = before is not None and before.text[:1].isupper() and is_role_word(story, before.i)
    return story.parse[index].text in story.use("ambiguous_name") and is_last and is_after_title


def _is_common_in_headline(story: Story, index: int) -> bool:
    """Whether a capital of a title-case headline is on a word that the story writes small elsewhere."""
    return story.parse[index].lower_ in story.small_words and story.is_headline(index)


def _is_before_name(story: Story, index: int) -> bool:
    token = story.parse[index]
    hit = story.hit_at.get(index)
    is_power = hit is not None and hit.name.kind not in ("person", "surname") and not _is_given_place(story, index)
    titled = story.is_word(index, *HONORIFICS, "past_marker", "title_modifier") or is_role_word(story, index)
    is_mark = not token.is_alpha and token.text[:1] in "-'\"(,"
    return (titled and not _is_given(story, index)) or is_power or is_mark or token.pos_ == "DET"


def _is_given_place(story: Story, index: int) -> bool:
    """Whether a place's name is somebody's given name: Jordan Spieth, Chad Smith."""
    if story.parse[index].text not in story.use("place_given") or index + 1 >= len(story):
        return False
    pair = story.parse[index : index + 2]
    return all(t.ent_type_ == "PERSON" and t.pos_ == "PROPN" for t in pair) and not is_role_word(story, index + 1)


def _is_given_before(story: Story, index: int, end: int) -> bool:
    """Whether the token before a name belongs to it: capitalised, bound to it, and no title, body, people or place."""
    if index < 0 or index not in story.bounds or index + 1 not in story.bounds:
        return False
    token = story.parse[index]
    is_bound = token.pos_ == "PROPN" and token.dep_ == "compound" and index < token.head.i < end
    is_name = token.text[:1].isupper() and token.is_title and token.ent_type_ in ("", "PERSON")
    if not is_bound or not is_name or story.is_headline(index):
        return False
    return (
        story.bounds[index] == story.bounds[index + 1]
        and not _is_before_name(story, index)
        and not (
            story.is_word(index, "official", "state_noun", "media", "act", "geographic")
            or sector_in(story, index, index + 1)
        )
    )


def _reads_as_name(story: Story, start: int, end: int) -> bool:
    hit = story.hit_at.get(start)
    is_power = hit is not None and hit.end >= end and not any(n.kind in ("person", "surname") for n in hit.names)
    words = story.parse[start:end]
    if _is_common_in_headline(story, start):
        return False
    is_named = words[0].text[:1].isupper() or (len(words) > 1 and _is_after_address(story, start))
    if (
        is_power
        or not is_named
        or _is_pair(story, start, end)
        or any(token.is_digit or "\n" in token.text for token in words)
    ):
        return False
    return (
        not any(story.is_word(token.i, "media", "state_noun") for token in words) and len(words) <= MAX_NAME_TOKENS + 1
    )


def _is_after_address(story: Story, start: int) -> bool:
    return story.parse[start].lower_ in PARTICLES and find_address(story, start) is not None


def _is_pair(story: Story, start: int, end: int) -> bool:
    """Whether two people of the story are named with a hyphen between: a Clinton-Warren ticket."""
    parts = [part for token in story.parse[start:end] for part in token.text.split("-") if part]
    is_joined = end - start in (1, 3) and len(parts) == 2 and "-" in story.text(start, end)
    return is_joined and all(_is_other_name(story, part, (start, end)) for part in parts)


def _is_other_name(story: Story, word: str, span: tuple[int, int]) -> bool:
    """Whether a word names somebody elsewhere in the story, alone or at the end of a name."""
    return any(
        word == hit.name.words.split()[-1]
        and hit.name.kind in ("person", "surname")
        and not span[0] <= hit.start < span[1]
        for hit in story.hits
    )


def _is_sure_single(story: Story, index: int, is_sure: bool, honorific: str | None) -> bool:
    """Whether one capitalised word alone is a person: words that are also others need a title or a neighbour."""
    token = story.parse[index]
    if honorific:
        return True
    before, after = story.before(index), story.after(index + 1)
    near = [t for t in (before, after) if t is not None and t.pos_ == "PROPN" and not is_role_word(story, t.i)]
    is_titled = before is not None and (is_role_word(story, before.i) or _ends_title(story, before.i))
    beside = [t for t in near if t != before or not is_titled]
    is_told = is_titled or _speaks(story, index) or _is_explained(story, index)
    if token.text in month_name and token.ent_type_ == "DATE":
        return is_told
    if token.text in story.use("ambiguous_name"):
        is_placed = not beside and (token.ent_type_ == "PERSON" or token.i != _low(story, index))
        return token.pos_ == "PROPN" and (is_told or is_placed)
    if index not in story.hit_at and not is_titled and not _is_named_in_full(story, token.text):
        return is_sure and token.dep_ in ("nsubj", "nsubjpass") and not beside
    return token.pos_ in ("PROPN", "NOUN", "X") and (is_sure or not beside)


def _ends_title(story: Story, index: int) -> bool:
    """Whether the token ends a title with "of" in it: Secretary of State."""
    low = max(story.bounds[index][0], index - MAX_TITLE_SIZE)
    starts = (start for start in range(low, index - 1) if is_role_word(story, start))
    return any(fold_name(story.text(start, index + 1)) in story.codebook.office_titles for start in starts)


def _speaks(story: Story, index: int) -> bool:
    """Whether the word is the subject of a verb of speech: May told …"""
    token = story.parse[index]
    return token.dep_ == "nsubj" and token.head.pos_ == "VERB" and token.head.lemma_ in story.speech_verbs


def _is_explained(story: Story, index: int) -> bool:
    """Whether an apposition with a title follows: Singh, India's prime minister, …"""
    comma = story.after(index + 1)
    if comma is None or comma.text != ",":
        return False
    for place in range(index + 2, min(index + 8, story.bounds[index][1])):
        if story.parse[place].pos_ in ("VERB", "AUX") or story.parse[place].text == ",":
            return False
        if is_role_word(story, place):
            return True
    return False


def _is_named_in_full(story: Story, word: str) -> bool:
    """Whether the parser has a longer name of a person that ends or begins with this word."""
    return word in story.name_words


def _low(story: Story, index: int) -> int:
    return story.bounds[index][0]
