"""Which powers the words around an act name, and which the story leaves to be understood."""

import pytest

from olivebranch.codebook import load_codebook
from olivebranch.extraction.participants import Participants, is_power, same_side
from olivebranch.records import EventActor
from stories import read_story


def participants(text: str) -> Participants:
    story = read_story(text)
    return Participants(story.document, story.actors, story.attributions, load_codebook())


def head(found: Participants, word: str):
    return next(token for token in found.document.parse if token.text == word)


@pytest.mark.parametrize(
    ("text", "word", "codes"),
    [
        ("Russian troops crossed the river.", "troops", ["RUS"]),
        ("The ministers of Iran and Iraq met.", "ministers", ["IRN", "IRQ"]),
        ("Officials from Japan, South Korea and China met.", "Officials", ["JPN", "KOR", "CHN"]),
        ("Shells hit a village in Donetsk.", "Donetsk", ["UKR"]),
        ("The company sold pumps.", "company", []),
    ],
)
def test_a_phrase_names_its_powers(text: str, word: str, codes: list[str]) -> None:
    found = participants(text)
    assert [actor.code for actor in found.of([head(found, word)])] == codes


def test_the_counterpart_is_the_power_named_most_beside() -> None:
    found = participants("Greece and Turkey met. Greece thanked Turkey. Egypt watched.")
    other = found.counterpart(EventActor(code="GRC", name="Greece"))
    assert other is not None
    assert other.code == "TUR"


def test_a_story_of_two_powers_has_a_pair_and_one_of_many_has_none() -> None:
    assert [a.code for a in participants("Peru warned Chile. Chile warned Peru.").pair] == ["PER", "CHL"]
    assert participants("Peru, Chile, Cuba, Mali, Chad and Iran signed it.").pair == []


def test_rebels_are_not_the_side_of_their_state() -> None:
    army, rebels = EventActor(code="UKR", name="a", sector="MIL"), EventActor(code="UKR", name="b", sector="REB")
    assert not same_side(army, rebels)
    assert is_power(army)
    assert not is_power(rebels)


def test_whose_words_a_verb_reports() -> None:
    found = participants("Chinese Foreign Minister Wang Yi spoke. He urged Japan to stop.")
    speaker = found.speaker_by(head(found, "urged").idx)
    assert speaker is not None
    assert speaker.code == "CHN"
