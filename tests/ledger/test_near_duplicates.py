"""The estimate is near the truth, the same everywhere, and tells cuts from other texts."""

import pytest

from olivebranch.ledger.near_duplicates import find_same_story, sign_text


def words(begin, end):
    """Text whose four-word shingles are all different; the overlap of two such texts is that of their ranges."""
    return " ".join(f"w{n}" for n in range(begin, end))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((0, 400), (0, 400), True),
        ((0, 400), (40, 440), True),  # Jaccard 0.82
        ((0, 400), (200, 600), False),  # Jaccard 0.33, half of each
        ((0, 400), (0, 150), True),  # a cut
        ((0, 400), (130, 530), False),  # Jaccard 0.51, two thirds of each
        ((0, 400), (380, 410), False),  # too short to be a cut
        ((0, 400), (1000, 1400), False),
    ],
)
def test_same_story(one, other, same):
    found = find_same_story(sign_text(words(*one)), [sign_text(words(*other))])
    assert (found == 0) == same


def test_first_of_those_alike_and_none_of_none():
    signature = sign_text(words(0, 300))
    assert find_same_story(signature, []) is None
    assert find_same_story(signature, [sign_text(words(500, 800)), signature, signature]) == 1


def test_signature_is_the_same_on_every_machine_whatever_the_layout():
    assert sign_text("One two\n\nthree, FOUR five") == sign_text("one two three four five")
    assert sign_text("one two three four five").hex()[:32] == "163273180000000069f26d0000000000"


@pytest.mark.parametrize("text", ["", " \n", "one", "\ud800 lone", "語" * 50])
def test_any_text_has_a_signature(text):
    assert len(sign_text(text)) == 129 * 8
