"""Chances to attributions: what the decoder makes of what the networks say."""

import numpy as np

from olivebranch.extraction.attribution_model import (
    CONTENT,
    CUE,
    SOURCE,
    Decoder,
    cue_inputs,
    decode,
    spot_cues,
)
from olivebranch.extraction.windows import split_words

TEXT = 'Lavrov said it was "time to talk" and Kerry agreed that talks help.'
DECODER = Decoder(valid=0.5, content=0.5, source=0.5, gap=2)


class OnePiece:
    def pieces(self, words):
        return [[1] for _ in words]


WORDS = split_words(TEXT, 0, len(TEXT), 0, OnePiece())
PLACE = {TEXT[w.start : w.end]: n for n, w in enumerate(WORDS)}


def roles_of(*assignments):
    roles = np.full((len(assignments), len(WORDS), 4), 0.05)
    roles[..., 0] = 0.85
    for row, assignment in enumerate(assignments):
        for role, words in assignment.items():
            for word in words:
                roles[row, PLACE[word]] = 0.05
                roles[row, PLACE[word], role] = 0.85
    return roles


def read(spans):
    return [TEXT[s:e] for s, e in spans]


def test_a_cue_gets_its_source_and_content():
    roles = roles_of({SOURCE: ["Lavrov"], CUE: ["said"], CONTENT: ["it", "was", "time", "to", "talk"]})
    (found,) = decode(WORDS, [(PLACE["said"],)], roles, np.array([3.0]), DECODER)
    assert read(found.source) == ["Lavrov"]
    assert read(found.cue) == ["said"]
    assert read(found.content) == ['it was "time to talk"']
    assert 0.9 < found.probability < 1


def test_an_unlikely_cue_is_none():
    roles = roles_of({SOURCE: ["Lavrov"], CUE: ["said"], CONTENT: ["it", "was"]})
    assert list(decode(WORDS, [(PLACE["said"],)], roles, np.array([-2.0]), DECODER)) == []


def test_a_word_belongs_to_one_content_at_most():
    roles = roles_of(
        {SOURCE: ["Lavrov"], CUE: ["said"], CONTENT: ["it", "was", "talks"]},
        {SOURCE: ["Kerry"], CUE: ["agreed"], CONTENT: ["that", "talks", "help"]},
    )
    roles[0, PLACE["talks"], CONTENT] = 0.6
    cues = [(PLACE["said"],), (PLACE["agreed"],)]
    first, second = decode(WORDS, cues, roles, np.array([3.0, 3.0]), DECODER)
    assert read(first.content) == ["it was"]
    assert read(second.content) == ["that talks help"]


def test_a_quotation_that_is_mostly_covered_is_made_whole():
    roles = roles_of({SOURCE: ["Lavrov"], CUE: ["said"], CONTENT: ["time", "to"]})
    roles[0, WORDS.index(next(w for w in WORDS if TEXT[w.start] == '"')), CONTENT] = 0.9
    (found,) = decode(WORDS, [(PLACE["said"],)], roles, np.array([3.0]), DECODER)
    assert read(found.content) == ['"time to talk"']


def test_the_edges_of_a_cue_follow_the_second_head():
    roles = roles_of({SOURCE: ["Lavrov"], CUE: ["said", "it"], CONTENT: ["was", "time"]})
    (found,) = decode(WORDS, [(PLACE["said"],)], roles, np.array([3.0]), DECODER)
    assert read(found.cue) == ["said it"]


def test_two_candidates_of_one_cue_give_one_attribution():
    one = {SOURCE: ["Lavrov"], CUE: ["said"], CONTENT: ["it", "was"]}
    found = list(decode(WORDS, [(PLACE["said"],)] * 2, roles_of(one, one), np.array([3.0, 2.0]), DECODER))
    assert len(found) == 1


def test_cues_are_spotted_as_runs():
    chance = np.array([[0.9, 0.05, 0.05], [0.2, 0.7, 0.1], [0.2, 0.1, 0.7], [0.95, 0.03, 0.02], [0.5, 0.4, 0.1]])
    assert list(spot_cues(chance, 5, 0.3)) == [(1, 2), (4,)]


def test_inputs_tell_where_each_word_stands_to_the_cue():
    said = PLACE["said"]
    inputs = cue_inputs(WORDS, [(said,)], np.zeros(len(WORDS)), len(WORDS) + 2)
    assert inputs["offset"][0, :4].tolist() == [-1, 0, 1, 2]
    assert inputs["cue"][0].sum() == 1
    assert inputs["marks"].shape == (1, len(WORDS) + 2, 8)
    assert inputs["apart"][0, 0] == 2  # the same sentence
