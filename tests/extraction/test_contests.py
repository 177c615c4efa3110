"""A deed that only its doer tells of and another side disputes is alleged; undisputed, it stands as told."""

from datetime import date

import pytest

from olivebranch.intake.articles import Given, make_article
from olivebranch.pipeline import read_article

CLAIM = '"We have withdrawn our troops from Georgia," Russian Foreign Minister Sergey Lavrov said in Moscow on Monday.'


@pytest.mark.parametrize(
    ("reply", "factuality"),
    [
        (
            '"We have seen no sign that any troops were withdrawn," U.S. Secretary of State Condoleezza Rice said.',
            "alleged",
        ),
        ('"There is no evidence of a withdrawal of troops," Georgian President Mikheil Saakashvili said.', "alleged"),
        ('"We welcome the step," U.S. Secretary of State Condoleezza Rice said.', "asserted"),
        ('"There is no evidence of growth in exports," Georgian President Mikheil Saakashvili said.', "asserted"),
    ],
)
def test_a_disputed_withdrawal_is_alleged(reply: str, factuality: str) -> None:
    story = make_article(f"{CLAIM}\n\n{reply}\n", "a story", Given(date(2008, 8, 19)))
    deeds = [event for event in read_article(story).events if event.type == "RETREAT" and event.actors[0].code == "RUS"]
    assert [event.factuality for event in deeds[:1]] == [factuality]
