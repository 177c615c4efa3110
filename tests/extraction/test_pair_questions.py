"""Which two sides a row of PLV asks about, however its marks are broken, and what rules and model answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olivebranch.extraction import pair_questions
from olivebranch.extraction.event_model import Verdict
from olivebranch.extraction.pair_questions import (
    PLV_ROOTS,
    Question,
    answer_by_model,
    answer_by_rules,
    read_marks,
    read_question,
)

SENTENCE = "Oslo thanked Rome."
ROWS = [
    # marked sentence, source, target, words of the actor, words of the recipient
    ("<s>Oslo</s> thanked <t>Rome</t>.", "", "", "Oslo", "Rome"),
    ("<t>Oslo</t> was thanked by <s>Rome</s>.", "Rome", "Oslo", "Rome", "Oslo"),
    ("<S>Oslo</ s> thanked < T >Rome</T>.", "", "", "Oslo", "Rome"),
    ("<s>Oslo</s> thanked Rome.", "Oslo", "Rome", "Oslo", "Rome"),
    ("<s>Oslo</s> thanked <t>Rome.", "Oslo", "rome", "Oslo", "Rome"),
    ("</s>Oslo<s> thanked <t>Rome</t>.", "oslo", "Rome", "Oslo", "Rome"),
    ("<s></s>Oslo thanked <t>Rome</t>.", "Oslo", "Rome", "Oslo", "Rome"),
    ("<s>Oslo and <t>Rome</t></s> met.", "", "", "Oslo and Rome", "Rome"),
    ("", "Oslo", "Rome", "Oslo", "Rome"),
    ("Oslo of the\nNorth thanked Rome.", "oslo  of the north", "Rome", "Oslo of the\nNorth", "Rome"),
    ("Romeo thanked Rome.", "Romeo", "Rome", "Romeo", "Rome"),
    ("Oslo thanked <t>Oslo</t>.", "Oslo", "Oslo", "Oslo", "Oslo"),
    ("<s>Teachers</s> went on strike.", "Teachers", "a recipient", "Teachers", "strike"),
    ("Papers were shut by <t>Oslo</t>.", "An actor", "Oslo", "Papers", "Oslo"),
    ("C++ (the (group) thanked <t>Rome</t>.", "(the (group)", "", "(the (group)", "Rome"),
]


@pytest.mark.parametrize(("marked", "source", "target", "actor", "recipient"), ROWS)
def test_sides_are_marked_or_found_by_their_words(marked, source, target, actor, recipient):
    row = {"sentence": SENTENCE, "marked_sentence": marked, "source": source, "target": target, "gold_root": "AID"}
    question = read_question(row)
    assert "<" not in question.text
    assert question.text[slice(*question.actor)] == actor
    assert question.text[slice(*question.recipient)] == recipient


def test_the_same_words_twice_are_two_sides():
    question = read_question({"sentence": "Oslo fears Oslo.", "source": "Oslo", "target": "Oslo"})
    assert (question.actor, question.recipient) == ((0, 4), (11, 15))


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/st Oé\U0001f600\n"), max_size=30), st.text(max_size=8), st.text(max_size=8))
def test_any_row_gives_spans_inside_its_text(marked, source, target):
    question = read_question({"sentence": source, "marked_sentence": marked, "source": source, "target": target})
    for start, end in (question.actor, question.recipient):
        assert 0 <= start <= end <= len(question.text)


def test_offsets_count_code_points():
    text, spans = read_marks("\U0001f600 <s>Oslo</s> é <t>Rome</t>")
    assert (text, spans) == ("\U0001f600 Oslo é Rome", {"s": (2, 6), "t": (9, 13)})


@pytest.mark.parametrize(
    ("text", "actor", "recipient", "root"),
    [
        ("Peru accused Chile of lying.", (0, 4), (13, 18), "ACCUSE"),
        ("Peru withdrew its troops from Chile.", (0, 4), (30, 35), "YIELD"),
        ("", (0, 0), (0, 0), "YIELD"),
        ("\ud800\x00 Oslo", (0, 1), (2, 3), "YIELD"),
    ],
)
def test_the_rules_always_answer_with_one_of_the_fifteen(text, actor, recipient, root):
    (answer,) = answer_by_rules([Question(text, actor, recipient)])
    assert answer.root == root
    assert answer.probability is None
    assert answer.runner_up in {None, *PLV_ROOTS}


class FakeModel:
    """Says the same of every pair."""

    class maker:
        @staticmethod
        def pieces(words):
            return [[1000] for _ in words]

    def judge_pairs(self, pairs):
        chances = {"CONCEDE": 0.3, "RETREAT": 0.25, "AGREE": 0.33, "AID": 0.02, "NONE": 0.1}
        return [Verdict(chances) for _ in pairs]


def test_the_models_words_and_deeds_of_yielding_add_up_and_none_is_no_answer(monkeypatch):
    monkeypatch.setattr(pair_questions, "load_event_model", FakeModel)
    questions = [Question("Oslo thanked Rome.", (0, 4), (13, 17)), Question("", (0, 0), (0, 0))]
    answers = answer_by_model(questions)
    assert [(a.root, a.runner_up) for a in answers] == [("YIELD", "AGREE")] * 2
    assert answers[0].probability == pytest.approx(0.55 / 0.9)


def test_there_are_fifteen_roots():
    assert len(set(PLV_ROOTS)) == 15
