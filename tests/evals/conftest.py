"""A made-up story with its gold, and the reading that says exactly what a gold says."""

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from evals.gold import Gold, interval, load_gold, plain_text

from olivebranch.records import (
    Accord,
    ActorMention,
    Article,
    Assessment,
    Attribution,
    Content,
    DateMention,
    Decision,
    Event,
    EventActor,
    EventDate,
    Overture,
    Position,
    Reading,
    Sentence,
    Source,
)

STORY = """Freedonia sends an olive branch

Photo by A. Nobody

"We are ready to talk to Chile," President Ana Ruiz said on Friday. Peru struck the border post in 2012, Chile alleges.

Peru accused Chile of lying. The accord of Lima still holds, and the UN must decide on Monday. Bolivia will vote no.

"They never keep their word," said Max Holm of the Delta Institute. Officials say Peru may leave the talks.
"""

GOLD = {
    "about": {"region": "-", "register": "-", "layout": "-", "real_events": "none", "held_back": False},
    "published_on": "2014-05-10",
    "give_date": True,
    "furniture": [{"words": "Photo by A. Nobody", "kind": "credit"}],
    "statements": [
        {
            "content": "We are ready to talk to Chile", "kind": "direct", "cue": "said", "speaker": "Ana Ruiz",
            "source_words": "President Ana Ruiz", "country": "PER", "office": "president", "affiliation": None,
            "is_expert": False, "is_named": True,
        },
        {
            "content": "They never keep their word", "kind": "direct", "cue": "said", "speaker": "Max Holm",
            "source_words": "Max Holm", "country": None, "office": None, "affiliation": "Delta Institute",
            "is_expert": True, "is_named": True,
        },
        {
            "content": "Peru may leave the talks", "kind": "indirect", "cue": "say", "speaker": "officials",
            "source_words": "Officials", "country": None, "office": None, "affiliation": None,
            "is_expert": False, "is_named": False, "doubtful": True,
        },
    ],
    "actors": [
        {"words": "Ana Ruiz", "name": "Ana Ruiz", "country": "PER", "office": "president"},
        {"words": "Chile", "name": "Chile", "country": "CHL"},
    ],
    "events": [
        {
            "trigger": "ready to talk", "actors": ["PER"], "recipients": ["CHL"], "type": "AGREE",
            "factuality": "asserted", "date": {"from": "2014-05-09", "to": "2014-05-09"}, "mentions": [],
        },
        {
            "trigger": "struck", "actors": ["PER"], "recipients": ["CHL"], "type": "ASSAULT",
            "factuality": "alleged", "date": {"from": "2012-01-01", "to": "2012-12-31"}, "mentions": [],
        },
        {
            "trigger": "accused", "actors": ["PER"], "recipients": ["CHL"], "type": "ACCUSE",
            "factuality": "asserted", "date": None, "mentions": [{"trigger": "lying"}],
        },
        {
            "trigger": "leave the talks", "actors": ["PER"], "recipients": ["CHL"], "type": "SANCTION",
            "factuality": "planned", "date": None, "doubtful": True,
        },
    ],
    "overtures": [
        {"words": "We are ready to talk to Chile", "from": "PER", "to": ["CHL"], "grade": "wish", "is_restraint": False}
    ],
    "accords": [{"words": "The accord of Lima", "parties": ["PER", "CHL"], "mediator": None, "status": "in_force"}],
    "decisions": [
        {"words": "the UN must decide on Monday", "body": "UN", "rule": None, "on": {"from": "2014-05-12", "to": "2014-05-12"}}
    ],
    "positions": [{"words": "Bolivia will vote no", "who": "BOL", "position": "against"}],
    "assessments": [
        {
            "words": "They never keep their word", "who": "Max Holm", "affiliation": "Delta Institute", "side": None,
            "is_party": False, "about": "CHL", "stance": "doubts",
        }
    ],
    "dates": [
        {"words": "Friday", "from": "2014-05-09", "to": "2014-05-09"},
        {"words": "2012", "from": "2012-01-01", "to": "2012-12-31"},
        {"words": "Monday", "from": "2014-05-12", "to": "2014-05-12"},
    ],
}  # fmt: skip


@pytest.fixture
def gold(tmp_path: Path) -> Gold:
    """The made-up story's gold."""
    return write_story(tmp_path / "made-up", STORY, GOLD)


@pytest.fixture
def write_gold(tmp_path: Path):
    """Writes a story and its gold, and loads it."""
    return lambda text, raw: write_story(tmp_path / "written", text, raw)


@pytest.fixture
def reading(gold: Gold) -> Reading:
    """The reading that says exactly what the made-up story's gold says."""
    return perfect_reading(gold)


@pytest.fixture
def read_perfectly():
    """A reader that is always right."""
    return perfect_reading


def write_story(folder: Path, text: str, raw: dict) -> Gold:
    folder.mkdir()
    (folder / "story.txt").write_text(text, encoding="utf-8")
    (folder / "gold.json").write_text(json.dumps(raw), encoding="utf-8")
    return load_gold(folder)


def perfect_reading(gold: Gold) -> Reading:
    text = plain_text(gold.story)
    marks = gold.place(text)
    furniture = {mark.spans[0]: mark.values["kind"] for mark in marks["furniture"]}
    pieces = [m.span() for m in re.finditer(r"[^\n.?!]+[.?!]*", text) if m.group().strip()]
    spans = [(span, None) for span in pieces] + list(furniture.items())
    article = Article(id=gold.slug, text=text, sha256="0", published_on=gold.published_on, published_on_how="given")
    return Reading(
        article=article,
        sentences=tuple(Sentence(id=f"s{k}", span=s, paragraph=0, furniture=f) for k, (s, f) in enumerate(spans)),
        attributions=tuple(_attribution(k, mark) for k, mark in enumerate(marks["statements"])),
        actors=tuple(_actor(k, mark) for k, mark in enumerate(marks["actors"])),
        events=tuple(event for k, mark in enumerate(marks["events"]) for event in _events(k, mark)),
        overtures=tuple(
            Overture(id=f"o{k}", span=m.spans[0], why="gold", **_only(m, "from", "to", "grade", "is_restraint"))
            for k, m in enumerate(marks["overtures"])
        ),
        accords=tuple(
            Accord(id=f"c{k}", span=m.spans[0], subject="-", why="gold", **_only(m, "parties", "mediator", "status"))
            for k, m in enumerate(marks["accords"])
        ),
        decisions=tuple(
            Decision(id=f"d{k}", span=m.spans[0], what="-", why="gold", **_only(m, "body", "rule", "on"))
            for k, m in enumerate(marks["decisions"])
        ),
        positions=tuple(
            Position(id=f"p{k}", span=m.spans[0], why="gold", **_only(m, "who", "position"))
            for k, m in enumerate(marks["positions"])
        ),
        assessments=tuple(
            Assessment(
                id=f"x{k}", span=m.spans[0], why="gold",
                **_only(m, "who", "affiliation", "side", "is_party", "about", "stance"),
            )
            for k, m in enumerate(marks["assessments"])
        ),
        dates=tuple(
            DateMention(span=m.spans[0], granularity="day", how="gold", **_only(m, "from", "to"))
            for m in marks["dates"]
            if interval(m.values)
        ),
    )  # fmt: skip


def _only(mark, *keys: str) -> dict:
    return {key: mark.values[key] for key in keys}


def _attribution(k: int, mark) -> Attribution:
    values = mark.values
    source = Source(
        span=mark.source,
        name=values["speaker"],
        country=values["country"],
        office=values["office"],
        affiliation=values["affiliation"],
        is_expert=values["is_expert"],
        is_named=values["is_named"],
    )
    return Attribution(id=f"t{k}", kind=values["kind"], content=Content(spans=mark.spans), source=source, why="gold")


def _actor(k: int, mark) -> ActorMention:
    values = mark.values
    kind = "person" if "office" in values else "state"
    return ActorMention(
        id=f"a{k}", span=mark.spans[0], name=values["name"], kind=kind, country=values["country"],
        office=values.get("office"), why="gold",
    )  # fmt: skip


def _events(k: int, mark) -> list[Event]:
    values = mark.values
    sides = [
        tuple(EventActor(code=c.split("/")[0], name=c, sector=(c.split("/") + [None])[1]) for c in values[side])
        for side in ("actors", "recipients")
    ]
    days = interval(values["date"])
    when = EventDate(from_=days[0], to=days[1], granularity="range", how="gold") if days else None
    return [
        Event(
            id=f"e{k}.{n}", sentence="-", trigger=trigger, actors=sides[0], recipients=sides[1], type=values["type"],
            is_deed=False, factuality=values["factuality"], date=when, same_as=f"e{k}.0" if n else None, why="gold",
        )
        for n, trigger in enumerate(mark.mentions)
    ]  # fmt: skip
