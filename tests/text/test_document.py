"""Documents: one parse with the raw text's offsets, whose sentences are the document's."""

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olivebranch.records import Article
from olivebranch.text import make_document

STORY = """\
Envoys speak of a ‘thaw’

Neighbours of both say that it is too early to tell.

Mara Lind/AP
Foreign Minister Ana Ruiz speaks to reporters in Riga on Friday.

RIGA, Latvia (Reuters) — “We are ready to talk,” Ms. Ruiz said on Friday. “Are they?”

Her colleague, Lt. Col. Tom Orwin, would not say whether the U.S. Navy had been told of it…

Advertisement

He left the hall by a back door. (Reporting by Mara Lind)
"""


def _document(text, title=None):
    return make_document(
        Article(id="1", title=title, text=text, sha256=hashlib.sha256(text.encode(errors="replace")).hexdigest())
    )


def test_story_is_taken_apart():
    document = _document(STORY)
    assert [(paragraph.furniture, paragraph.role) for paragraph in document.paragraphs] == [
        (None, "headline"),
        (None, "standfirst"),
        ("credit", "body"),
        ("caption", "body"),
        ("dateline", "body"),
        (None, "body"),
        (None, "body"),
        ("navigation", "body"),
        (None, "body"),
        ("byline", "body"),
    ]
    assert [document.words(sentence.span) for sentence in document.sentences if sentence.furniture is None] == [
        "Envoys speak of a ‘thaw’",
        "Neighbours of both say that it is too early to tell.",
        "“We are ready to talk,” Ms. Ruiz said on Friday.",
        "“Are they?”",
        "Her colleague, Lt. Col. Tom Orwin, would not say whether the U.S. Navy had been told of it…",
        "He left the hall by a back door.",
    ]
    assert [document.words(quotation.spans[0]) for quotation in document.quotations] == [
        "thaw",
        "We are ready to talk,",
        "Are they?",
    ]
    assert [sentence.id for sentence in document.sentences] == [f"s{n + 1}" for n in range(len(document.sentences))]


def test_furniture_is_one_sentence_a_line():
    document = _document(STORY)
    furniture = [paragraph for paragraph in document.paragraphs if paragraph.furniture]
    assert [sentence.span for sentence in document.sentences if sentence.furniture] == [
        paragraph.span for paragraph in furniture
    ]


def test_title_tells_the_headline():
    text = "Envoys left the hall.\n\nThey would not say why, nor when they would be back in the city."
    assert [p.role for p in _document(text).paragraphs] == ["body", "body"]
    assert [p.role for p in _document(text, title="Envoys left the hall").paragraphs] == ["headline", "body"]


def test_wrapped_sentence_is_parsed_whole():
    text = "The minister of foreign affairs said on Sunday that the two sides had\nagreed to start again with the talks that broke down in the spring.\n"
    document = _document(text)
    assert len(document.sentences) == 1
    assert "\n" not in document.parse.text.strip()


@pytest.mark.parametrize(
    "text",
    ["", " \n\n ", "Advertisement", "Advertisement\n\nShare", "\x00", "“", "....", "\ud800 lone half", "a" * 30_000],
)
def test_odd_texts_make_documents(text):
    document = make_document(Article.model_construct(id="1", text=text, title=None))
    assert len(document.parse.text) == len(text)
    assert not [s for s in document.sentences if s.furniture is None and "Advert" in text]


def test_lookups_by_offset():
    document = _document(STORY)
    for sentence in document.sentences:
        assert document.sentence_at(sentence.span[0]) == sentence == document.sentence_at(sentence.span[1] - 1)
        assert document.paragraph_at(sentence.span[0]).index == sentence.paragraph
    assert document.sentence_at(len(STORY)) is None
    assert document.paragraph_at(STORY.index("\n")) is None
    assert _document("").sentence_at(0) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=150) | st.text(alphabet="aB .,?!\n“”\"'‘’Mr—•-/1", max_size=150))
def test_what_holds_of_any_text(text):
    document = _document(text)
    assert len(document.parse.text) == len(text)
    assert all(
        token.text_with_ws == document.parse.text[token.idx : token.idx + len(token.text_with_ws)]
        for token in document.parse
    )
    parsed = [sent for sent in document.parse.sents if not sent.text.isspace()]
    assert len(parsed) == len(document.sentences)
    end_before = 0
    for sentence, sent in zip(document.sentences, parsed, strict=True):
        start, end = sentence.span
        assert end_before <= start < end <= len(text)
        assert sent.start_char <= start
        assert end <= sent.end_char
        paragraph = document.paragraphs[sentence.paragraph]
        assert paragraph.span[0] <= start
        assert end <= paragraph.span[1]
        assert sentence.furniture == paragraph.furniture
        end_before = end
