"""Words, their marks, and the windows that an encoder reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olivebranch.extraction.windows import INSIDE, OUTSIDE, PIECES, QUOTE, make_windows, split_words


class OnePiece:
    """Every word is one piece."""

    def pieces(self, words):
        return [[len(word)] for word in words]


def words_of(text):
    return split_words(text, 0, len(text), 0, OnePiece())


def test_words_carry_their_places_and_quotation_state():
    text = 'He said: "We are ready." Then he left.'
    words = words_of(text)
    assert [text[w.start : w.end] for w in words][:6] == ["He", "said", ":", '"', "We", "are"]
    assert {text[w.start : w.end]: w.quote for w in words}["ready"] == INSIDE
    assert [w.quote for w in words if text[w.start] == '"'] == [QUOTE, QUOTE]
    assert words[-1].quote == OUTSIDE


def test_sentences_are_counted_past_a_closing_mark():
    assert [w.sentence for w in words_of('It is "over." He left.')] == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_an_apostrophe_is_no_quotation_mark():
    assert all(w.quote == OUTSIDE for w in words_of("Kyiv's minister said it wouldn't"))


def test_paragraphs_that_fit_share_a_window_and_none_is_cut():
    text = "\n".join(["word " * 80] * 3)
    spans = [(n * 401, n * 401 + 400) for n in range(3)]
    windows = make_windows(text, spans, OnePiece())
    assert [len(w.words) for w in windows] == [160, 80]
    assert [sorted({word.paragraph for word in w.words}) for w in windows] == [[0, 1], [2]]


def test_a_paragraph_too_long_is_cut_after_a_sentence():
    text = ("one two three four. " * 60).strip()
    windows = make_windows(text, [(0, len(text))], OnePiece())
    assert all(w.piece_count() <= PIECES for w in windows)
    assert all(text[w.words[-1].start : w.words[-1].end] == "." for w in windows)
    assert sum(len(w.words) for w in windows) == 300


@given(st.text(max_size=400))
@pytest.mark.filterwarnings("ignore")
def test_any_text_is_cut_without_loss(text):
    windows = make_windows(text, [(0, len(text))], OnePiece())
    places = [(word.start, word.end) for window in windows for word in window.words]
    assert places == sorted(places)
    assert "".join(text[s:e] for s, e in places).split() == ["".join(text[s:e] for s, e in places)] * bool(places)
