"""Marks around the spans that the model is asked about."""

from olivebranch.extraction.marked import (
    ACTOR,
    FIRST,
    LAST,
    MOST_PIECES,
    RECIPIENT,
    TRIGGER,
    mark_nothing,
    mark_pair,
    mark_trigger,
)


class Lengths:
    """A word's only piece is 1,000 and its length."""

    def pieces(self, words):
        return [[1000 + len(word)] for word in words]


def test_both_sides_stand_between_their_marks():
    marked = mark_pair("Iran freed two French citizens", (0, 4), (15, 21), Lengths())
    assert marked.ids == (FIRST, ACTOR[0], 1004, ACTOR[1], 1005, 1003, RECIPIENT[0], 1006, RECIPIENT[1], 1008, LAST)
    assert (marked.ids[marked.first_mark], marked.ids[marked.second_mark]) == (ACTOR[0], RECIPIENT[0])


def test_a_side_at_the_very_end_is_closed():
    marked = mark_pair("Oslo thanked Rome", (0, 4), (13, 17), Lengths())
    assert marked.ids[-2:] == (RECIPIENT[1], LAST)


def test_a_trigger_is_asked_about_alone():
    marked = mark_trigger("Iran freed them", (5, 10), Lengths())
    assert marked.ids == (FIRST, 1004, TRIGGER[0], 1005, TRIGGER[1], 1004, LAST)
    assert marked.first_mark == marked.second_mark == 2


def test_a_long_sentence_keeps_both_marks():
    text = " ".join(["word"] * 900)
    for actor, recipient in (((0, 4), (5, 9)), ((4480, 4484), (4490, 4494)), ((0, 4), (4490, 4494))):
        marked = mark_pair(text, actor, recipient, Lengths())
        assert len(marked.ids) <= MOST_PIECES + 4
        assert {ACTOR[0], RECIPIENT[0]} <= set(marked.ids)


def test_nothing_marked_is_asked_at_the_start():
    marked = mark_nothing("We need a reset", Lengths())
    assert (marked.first_mark, marked.second_mark) == (0, 0)
    assert marked.ids[0] == FIRST
