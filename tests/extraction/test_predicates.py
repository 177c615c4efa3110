"""Which row of the phrase table a word fits where it stands."""

import pytest

from olivebranch.codebook import load_table
from olivebranch.extraction.predicates import covered_objects, match_phrases
from olivebranch.extraction.syntax import is_verbal, lemma_of
from olivebranch.text.document import load_language


def matches(text: str):
    return match_phrases(load_language()(text)[:])


@pytest.mark.parametrize(
    ("text", "trigger", "kind"),
    [
        ("Canada imposed sanctions on Belarus.", "imposed", "SANCTION"),
        ("Canada lifted sanctions on Belarus.", "lifted", "RETREAT"),
        ("Turkey moved troops to the border with Syria.", "moved", "MOBILIZE"),
        ("Turkey pulled its troops out of Syria.", "pulled", "RETREAT"),
        ("Turkey suspended aid to Mali.", "suspended", "SANCTION"),
        ("Turkey suspended sanctions on Mali.", "suspended", "RETREAT"),
        ("Qatar withdrew its peacekeepers from Djibouti.", "withdrew", "SANCTION"),
        ("Peru called off the talks with Chile.", "called", "REJECT"),
        ("Peru called on Chile to stop.", "called", "REQUEST"),
        ("Iran broke off relations with Israel.", "broke", "SANCTION"),
        ("Iran broke the ceasefire with Israel.", "broke", "ASSAULT"),
    ],
)
def test_the_object_decides_what_a_verb_means(text: str, trigger: str, kind: str) -> None:
    assert {match.trigger.text: match.phrase.type for match in matches(text)}[trigger] == kind


@pytest.mark.parametrize("text", ["The minister ate lunch.", "Prices fell in March.", "She opened the window."])
def test_other_words_match_nothing(text: str) -> None:
    assert not [match for match in matches(text) if match.object is not None]


def test_the_span_takes_the_particle_in() -> None:
    (match, *_) = matches("Serbia broke off talks with Kosovo.")
    assert match.span == (7, 16)


def test_an_object_that_the_verb_asked_for_is_covered() -> None:
    found = matches("Canada imposed sanctions on Belarus.")
    assert [found[0].trigger.doc[index].text for index in covered_objects(found)] == ["sanctions"]


def test_the_parsers_slips_are_mended_in_one_place() -> None:
    assert [lemma_of(token) for token in load_language()("Libya hopes to meet.")][1] == "hope"


def test_a_headline_verb_taken_for_a_noun_is_verbal() -> None:
    doc = load_language()("Russia and Estonia exchange two convicted spies.")
    assert [token.text for token in doc if is_verbal(token)][:1] == ["exchange"]


def test_rows_are_sorted_and_their_classes_exist() -> None:
    rows, classes = load_table("event_phrases"), {row.name for row in load_table("event_objects")}
    keys = [(row.type, row.pos, "|".join(row.heads), "|".join(row.objects)) for row in rows]
    assert keys == sorted(keys)
    assert len(rows) >= 250
    named = {name for row in rows for name in row.objects if name.startswith("@")}
    assert named - {"@person", "@infinitive"} <= classes
