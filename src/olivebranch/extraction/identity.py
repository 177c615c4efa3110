"""Says who a person of the story is: the codebook's office holder of the day, or what the story's words say."""

from datetime import date

from olivebranch.codebook import Holding
from olivebranch.codebook.names import fold_name
from olivebranch.codebook.tables import Office, Person
from olivebranch.extraction.gazetteer import Story
from olivebranch.extraction.people import HIGH_OFFICES, Figure, gender_of_name
from olivebranch.extraction.ranks import land_after, land_of_city, land_of_state, read_rank
from olivebranch.extraction.roles import Role
from olivebranch.records import ActorMention

MAX_TITLE_WORDS = 7
NO_MINISTERS = frozenset({"USA"})
"""States whose governments have secretaries."""

COMMON_NAME_USES = ("ambiguous_name", "common_surname", "given_female", "given_male")


def identify_figure(story: Story, figure: Figure) -> None:
    """Sets `person` and `holding` of a figure where the codebook, the day and the words agree on one."""
    people = [
        person
        for person in story.codebook.people_named(figure.name)
        if _is_of_gender(story, figure, person) and _agrees(story, figure, person)
    ]
    if not people:
        return
    best = max(people, key=lambda person: _fit(story, figure, person))
    if not figure.is_full and not _is_enough(story, figure, best, len(people) == 1):
        return
    figure.person = best
    held = _holdings_on(story, best)
    titled = {role.office.office for role in figure.roles if role.office and not role.standing}
    said = [fold_name(mention.words) for mention in figure.mentions]
    told = [h for h in held if h.office.office in titled or _begins_with_title(said, h.office)]
    figure.holding = next(iter(told or held), None)


def _begins_with_title(names: list[str], office: Office) -> bool:
    """Whether a name as listed has the title in it: Crown Prince Mohammed, Pope Francis."""
    return any(name.startswith(f"{title} ") for name in names for title in _titles(office))


def _is_of_gender(story: Story, figure: Figure, person: Person) -> bool:
    """Whether "Mr." or "Ms." before the name does not speak against the person."""
    said = {mention.honorific for mention in figure.mentions}
    gender = gender_of_name(story.words, person.name)
    other = "honorific_male" if gender == "f" else "honorific_female"
    return gender is None or figure.is_full or not said & story.use(other)


def _is_enough(story: Story, figure: Figure, person: Person, is_only: bool) -> bool:
    """Whether a bare surname is told well enough: by a title, a power of the story, a high office, or as the only one.

    A name that many bear (Johnson, Khan), or that is also a given name (Francis), needs more than the office.
    """
    by_title, was_title, by_story, is_high = _fit(story, figure, person)
    is_common = any(figure.name in story.use(use) for use in COMMON_NAME_USES)
    is_addressed = any(mention.honorific for mention in figure.mentions)  # lesser officials are named in full first
    is_told = by_story and (is_high or not (is_common or is_addressed))
    is_plain = (is_high or (is_only and not is_addressed)) and not is_common
    return bool(by_title or was_title or is_told or is_plain)


def _holdings_on(story: Story, person: Person) -> list[Holding]:
    if story.on is None:
        return []
    return [holding for holding in story.codebook.holdings(person.name, story.on) if holding.person is person]


def _agrees(story: Story, figure: Figure, person: Person) -> bool:
    """Whether nothing in the words speaks against this person: another country, or a private calling."""
    held = _holdings_on(story, person)
    powers = {person.country, *(holding.office.of for holding in held)}
    current = [role for role in figure.roles if not role.standing]
    told = {role.of for role in current if role.of and role.office is None and story.codebook.is_state(role.of)}
    is_titled = any(fold_name(role.title) in _titles(holding.office) for role in current for holding in held)
    if told and not told & powers and not is_titled and not any(role.office for role in figure.roles):
        return False
    is_bare = not figure.is_full and not held and not current
    if is_bare and not _goes_by_surname(story, figure, person) and not _has_titles_of(story, figure, person):
        return False
    return not _is_private(story, figure, bool(held))


def _goes_by_surname(story: Story, figure: Figure, person: Person) -> bool:
    """Whether the surname alone is listed as a name of one of the past: Stalin, Gorbachev."""
    is_listed = figure.name in person.variants and figure.name == person.name.split()[-1]
    return is_listed and len(story.codebook.people_named(figure.name)) == 1


def _is_private(story: Story, figure: Figure, is_in_office: bool) -> bool:
    """Whether the words give a calling that an official has not: "Sergei Ivanov, a taxi driver".

    A namesake of somebody in office is private too where an institute is his ("president of the Institute of …");
    somebody out of office may well be a fellow or a director now, with an affiliation.
    """
    callings = [
        role
        for role in figure.roles
        if story.parse[role.start].lower_ in ("a", "an")
        or (is_in_office and (role.is_expert or _is_of_an_institute(story, role)))
    ]
    if not callings or any(role.standing or _is_official(story, role) for role in figure.roles):
        return False
    return is_in_office or not any(role.affiliation or role.is_expert for role in figure.roles)


def _is_of_an_institute(story: Story, role: Role) -> bool:
    """Whether a role belongs to something that is no state or body, nor is one in other words ("our Organization")."""
    if role.affiliation is None or fold_name(role.affiliation) in story.use("body_noun"):
        return False
    return story.codebook.resolve(role.affiliation) is None


def _is_official(story: Story, role: Role) -> bool:
    if role.office is None and (role.is_expert or _is_of_an_institute(story, role)):
        return False
    sector = story.codebook.sector(role.sector) if role.sector else None
    by_word = any(role.head_is(story, use) for use in ("official", "leader", "counterpart"))
    is_title = role.office is not None or fold_name(role.title) in story.codebook.office_titles
    return bool(sector and sector.is_state) or by_word or is_title


def _has_titles_of(story: Story, figure: Figure, person: Person) -> bool:
    past = story.codebook.past_holdings(person.name, story.on) if story.on else ()
    told = {role.office.office for role in figure.roles if role.office}
    return any(holding.person is person and holding.office.office in told for holding in past)


def _fit(story: Story, figure: Figure, person: Person) -> tuple[int, int, int, int]:
    """How well a person fits: by titles told that are held, or were, by the story's powers, by the office's rank."""
    held = _holdings_on(story, person)
    titles = {fold_name(words) for holding in held for words in (holding.office.title, *holding.office.titles)}
    told = [role for role in figure.roles if role.office or fold_name(role.title) in titles]
    by_title = sum(role.of in (None, person.country, *(h.office.of for h in held)) for role in told if held)
    by_story = max([story.powers[holding.office.of] for holding in held] or [story.powers[person.country or ""]])
    is_high = sum(holding.office.kind in HIGH_OFFICES for holding in held)
    return (by_title, _held_before(story, figure, person), by_story, is_high)


def _held_before(story: Story, figure: Figure, person: Person) -> int:
    """The year of the last of the offices left that the words tell ("President Kennedy"), 0 where they tell none."""
    told = {(fold_name(role.title), role.of) for role in figure.roles}
    past = story.codebook.past_holdings(person.name, story.on) if story.on else ()
    years = [
        holding.ends.year
        for holding in past
        for title, of in told
        if holding.person is person and of in (None, holding.office.of) and title in _titles(holding.office)
    ]
    return max(years, default=0)


def _titles(office: Office) -> set[str]:
    return {fold_name(words) for words in (office.title, *office.titles)}


def make_mentions(story: Story, figure: Figure) -> list[ActorMention]:
    """The mentions of a figure; ids are given later, in text order."""
    name = figure.person.name if figure.person else figure.name
    facts = _describe_past(story, figure) or _describe_holding(story, figure) or _describe_role(story, figure)
    return [
        ActorMention(
            id="a0",
            span=story.span(mention.start, mention.end),
            name=name,
            entity=f"person:{fold_name(name).replace(' ', '-')}" if figure.person else None,
            kind="person",
            **facts,
        )
        for mention in figure.mentions
    ]


def print_office(office: Office) -> str:
    """The office in few words: its formal title, or where that is long what news calls it."""
    return office.title if len(office.title.split()) <= MAX_TITLE_WORDS else office.titles[0].capitalize()


def land_of(story: Story, office: Office) -> str:
    """The state of an office; for armed movements and parties that they are in, for bodies of many states theirs."""
    if story.codebook.is_state(office.of):
        return office.of
    return story.codebook.organisation(office.of).country or office.of


def _describe_past(story: Story, figure: Figure) -> dict[str, object] | None:
    """The office that the words call past ("then-Secretary of State"), unless another is held now."""
    past = next((role for role in figure.roles if role.standing), None)
    if past is None or (past.standing == "former" and figure.holding):
        return None
    office = _past_office(story, figure, past) or past.office
    home = figure.person.country if figure.person else None
    return {
        "country": land_of(story, office) if office else past.of or home or _land_of_title(story, past),
        "sector": office.sector if office else past.sector,
        "office": f"{past.standing} {print_office(office) if office else past.title}",
        "affiliation": past.affiliation,
        "why": f"the words call the office past: “{story.text(past.start, past.end)}”",
    }


def _past_office(story: Story, figure: Figure, past: Role) -> Office | None:
    """The office of that title which the codebook's person once held."""
    if figure.person is None:
        return None
    held = story.codebook.past_holdings(figure.person.name, story.on or date.max)
    said = [story.text(start, past.end) for start in range(past.start, past.end)]
    titles = [fold_name(words) for words in (past.title, *said)]
    offices = [h.office for h in held if h.person is figure.person]
    return next((o for o in offices if not _titles(o).isdisjoint(titles)), None)


def _describe_holding(story: Story, figure: Figure) -> dict[str, object] | None:
    if figure.holding is None:
        return None
    office = figure.holding.office
    return {
        "country": land_of(story, office),
        "sector": office.sector,
        "office": print_office(office),
        "office_on": story.on,
        "why": f"codebook: {office.title} of {office.of} on {story.on} ({figure.holding.basis})",
    }


def _describe_role(story: Story, figure: Figure) -> dict[str, object]:
    """What the story's words say, the fullest role first; what they leave out the codebook's person adds."""
    home = figure.person.country if figure.person else None
    if not figure.roles:
        return {"country": home, **_describe_rank(story, figure)}
    role = max(
        figure.roles,
        key=lambda role: (
            role.office is not None,
            _past_office(story, figure, role) is not None,
            role.of is not None,
            role.affiliation is not None,
        ),
    )
    beside = land_of_state(story, role.start, role.end)
    beside = beside or (None if role.is_expert else land_of_city(story, role.start, role.end))
    country = role.of or home or beside or _land_of_title(story, role)
    title = print_office(role.office) if role.office else role.title
    is_left = figure.person is not None and _past_office(story, figure, role) is not None
    guess = "" if role.of or home or beside or not country else f"; {country} is the state named most"
    return {
        "country": country,
        "sector": role.sector,
        "office": _left_office(story, figure, role) or (f"former {title}" if is_left and story.on else title) or None,
        "affiliation": role.affiliation,
        "is_expert": role.is_expert,
        "why": f"the words beside the name: “{story.text(role.start, role.end)}”{guess}",
    }


def _left_office(story: Story, figure: Figure, role: Role) -> str | None:
    """The last office of somebody in the codebook whom the words only call a candidate; None for all others."""
    if figure.person is None or story.on is None or not role.head_is(story, "candidacy"):
        return None
    past = story.codebook.past_holdings(figure.person.name, story.on)
    return next((f"former {print_office(h.office)}" for h in past if h.person is figure.person), None)


def _describe_rank(story: Story, figure: Figure) -> dict[str, object]:
    """The rank in a form of address, as in "Gen. Smith", where the words say no more."""
    rank = read_rank(story, figure)
    if rank is None and figure.person:
        return {"why": "codebook person without a known office on the day"}
    if rank is None:
        lands = (land_after(story, name) for name in figure.mentions)
        return {"country": next((land for land in lands if land), None), "why": "a name without a title"}
    title = rank.title.capitalize()
    facts: dict[str, object] = {
        "office": f"{rank.standing} {title}" if rank.standing else title,
        "sector": rank.sector,
        "why": f"addressed as “{rank.said}”",
    }
    return facts if figure.person else {"country": rank.country, **facts}


def _land_of_title(story: Story, role: Role) -> str | None:
    """For "President X" without a country: the state that the story names most; for other officials its only one.

    A minister is of the state whose officials the story names most, a senator, where American parties are named, of
    the USA.
    """
    if story.parse[role.start].lower_ in ("his", "her"):
        return _land_named_before(story, role.start)
    if role.head_is(story, "american_office") and story.is_american:
        return "USA"
    patron = _land_of_patron(story, role)
    if patron:
        return patron
    if fold_name(role.title).endswith("secretary") and role.sector == "GOV" and story.is_american:
        return "USA"
    states = [code for code, _ in story.powers.most_common() if story.codebook.is_state(code)]
    if not states or fold_name(role.title) in story.codebook.common_titles:
        return states[0] if states else None
    homes = [code for code, _ in story.officials.most_common() if code not in NO_MINISTERS]
    if role.head_is(story, "cabinet") and homes:
        return homes[0]
    sector = story.codebook.sector(role.sector) if role.sector else None
    return story.main_state if sector and sector.is_state and not role.affiliation else None


def _land_of_patron(story: Story, role: Role) -> str | None:
    """The state of the official whom somebody serves or served: the chairman of President Obama's council."""
    for hit in (story.hit_at.get(index) for index in range(role.start, role.end)):
        if hit is None or story.on is None or hit.name.kind not in ("person", "surname"):
            continue
        before, after = story.before(hit.start), story.after(hit.end)
        is_served = before is not None and before.lower_ in ("to", "for") and hit.start > role.head
        if is_served or (after is not None and after.text == "'s"):
            held = story.codebook.holdings(hit.name.words, story.on)
            return land_of(story, held[0].office) if held else None
    return None


def _land_named_before(story: Story, index: int) -> str | None:
    """The state of the official named last before "his chief of staff"."""
    people = [hit for hit in story.hits if hit.end <= index and hit.name.kind in ("person", "surname")]
    held = story.codebook.holdings(people[-1].name.words, story.on) if people and story.on else ()
    return land_of(story, held[0].office) if held else None
