"""Reading stories: every kind of file, every way in which one cannot be read."""

import io
import json
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olivebranch import settings as knobs
from olivebranch.errors import EmptyStory, NotEnglish, StoryTooLarge, UnreadableStory
from olivebranch.intake import IntakeFailure, read_stories
from olivebranch.intake.html import extract_fragment
from olivebranch.intake.text import decode_text, detect_language
from olivebranch.records import Article

FIXTURES = Path(__file__).parents[1] / "fixtures" / "intake"
STORY = "The envoys of both sides met in Riga on Friday and said that the talks would go on in the autumn.\n\n“We are ready,” one of them said – and left."


def _read_one(path, **given):
    (item,) = read_stories([path], **given)
    return item


def _write(folder, data, name="story.txt"):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_each_encoding(tmp_path, encoding):
    article = _read_one(_write(tmp_path, STORY.encode(encoding)))
    assert article.text == STORY
    assert (article.published_on, article.published_on_how, article.published_on_why) == (None, "unknown", None)


def test_utf8_with_a_damaged_byte_stays_utf8():
    damaged = ("é" * 30).encode() + b"\xff" + b" fin"
    assert decode_text(damaged, "x") == "é" * 30 + "\ufffd fin"


def test_what_the_caller_gives_is_kept(tmp_path):
    article = _read_one(
        _write(tmp_path, STORY), published_on=date(2014, 9, 29), outlet="Example Post", url="https://example.org/a"
    )
    assert (article.published_on, article.published_on_how, article.outlet, article.url) == (
        date(2014, 9, 29), "given", "Example Post", "https://example.org/a",
    )  # fmt: skip


def test_id_is_of_text_and_outlet(tmp_path):
    path = _write(tmp_path, STORY)
    first, again, elsewhere = _read_one(path), _read_one(path), _read_one(path, outlet="Example Post")
    assert first.id == again.id != elsewhere.id
    assert len(first.id) == 16
    assert first.sha256 == elsewhere.sha256
    assert int(first.id, 16) >= 0


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(STORY.encode())))
    assert _read_one("-").text == STORY


def test_standard_input_too_large(monkeypatch):
    monkeypatch.setattr(knobs, "MAX_STORY_BYTES", 50)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(STORY.encode())))
    assert isinstance(_read_one("-").error, StoryTooLarge)


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("empty.txt", b"", EmptyStory),
        ("blank.txt", b" \n\n\t ", EmptyStory),
        ("signs.txt", b"*** --- 123 ...", EmptyStory),
        ("page.html", b"<html><head><title>Nothing</title></head><body><nav>Home</nav></body></html>", EmptyStory),
        ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0", UnreadableStory),
        ("paper.pdf", b"%PDF-1.7 abc", UnreadableStory),
        ("noise.txt", bytes(range(256)) * 20, UnreadableStory),
        ("damaged.parquet", b"PAR1 and nothing more", UnreadableStory),
        ("array.json", b"[1, 2", UnreadableStory),
        (
            "empty.rss",
            b"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title></channel></rss>",
            UnreadableStory,
        ),
    ],
)
def test_what_cannot_be_read(tmp_path, name, data, error):
    failure = _read_one(_write(tmp_path, data, name))
    assert isinstance(failure, IntakeFailure)
    assert type(failure.error) is error
    message = str(failure.error)
    assert name in message
    assert "\n" not in message
    assert ";" in message, "a message says what to do"


def test_missing_file_and_folder(tmp_path):
    for path in (tmp_path / "none.txt", tmp_path, "a\0b"):
        assert isinstance(_read_one(path).error, UnreadableStory)


def test_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "large.txt"
    read = []
    monkeypatch.setattr("olivebranch.intake.stories._read_whole", lambda *args: read.append(args))
    path.write_bytes((STORY.encode() + b"\n") * (knobs.MAX_STORY_BYTES // len(STORY) + 1))
    failure = _read_one(path)
    assert isinstance(failure.error, StoryTooLarge)
    assert "5 MB" in str(failure.error)
    assert read == []


def test_a_failure_does_not_stop_the_others(tmp_path):
    items = list(read_stories([_write(tmp_path, b"", "a.txt"), _write(tmp_path, STORY, "b.txt"), tmp_path / "none"]))
    assert [type(item) for item in items] == [IntakeFailure, Article, IntakeFailure]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Министр иностранных дел заявил в воскресенье, что переговоры будут продолжены осенью в Риге.", "ru"),
        ("Der Außenminister sagte am Sonntag, die Gespräche würden im Herbst in Riga fortgesetzt, auch wenn beide Seiten "
         "noch immer weit voneinander entfernt seien und niemand mit einer schnellen Einigung rechne.", "de"),
        ("Le ministre des affaires étrangères a déclaré dimanche que les pourparlers reprendraient à Riga en automne, même "
         "si les deux parties restent très éloignées l'une de l'autre et que personne ne croit à un accord.", "fr"),
        (STORY, "en"),
        ("Talks fail", "en"),
        ("Lavrov Kerry Geneva", "en"),
    ],
)  # fmt: skip
def test_language(text, language):
    assert detect_language(text) == language


def test_russian_story_is_refused():
    failure = _read_one(FIXTURES / "russian.txt")
    assert isinstance(failure.error, NotEnglish)
    assert "'ru'" in str(failure.error)


def test_latin1_fixture():
    assert "café" in _read_one(FIXTURES / "latin1.txt").text


def test_page_gives_text_title_outlet_address_and_day():
    article = _read_one(FIXTURES / "page.html")
    assert article.title == "Envoys speak of a thaw in Riga"
    assert article.outlet == "Example Post"
    assert article.url == "https://example.org/world/envoys-speak-of-a-thaw"
    assert (article.published_on, article.published_on_how) == (date(2014, 9, 29), "metadata")
    assert article.published_on_why == "meta article:published_time: 2014-09-29T14:05:00+01:00"
    assert article.text.count("\n") >= 3
    assert "“We are ready to talk,” the minister said" in article.text
    assert "Cookie settings" not in article.text


def test_page_cut_short_is_read_as_far_as_it_goes(tmp_path):
    page = (FIXTURES / "page.html").read_bytes()
    cut = page[: page.index(b"Nobody in either")]
    article = _read_one(_write(tmp_path, cut, "cut.html"))
    assert "“We are ready to talk,” the minister said" in article.text


def test_page_is_told_by_content_not_by_name(tmp_path):
    assert _read_one(_write(tmp_path, (FIXTURES / "page.html").read_bytes(), "page.txt")).outlet == "Example Post"


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2014-09-29T10:00:00Z"}</script>',
            "JSON-LD datePublished",
        ),
        ('<link rel="canonical" href="https://example.org/2014/09/29/envoys.html">', "address"),
        ("", None),
    ],
)
def test_evidence_of_a_page_s_day(tmp_path, head, why):
    body = "".join(f"<p>{line}</p>" for line in STORY.split("\n\n") * 3)
    page = f"<html><head><title>T</title>{head}</head><body><article>{body}</article></body></html>"
    article = _read_one(_write(tmp_path, page, "page.html"))
    if why is None:
        assert (article.published_on, article.published_on_how, article.published_on_why) == (None, "unknown", None)
    else:
        assert article.published_on == date(2014, 9, 29)
        assert article.published_on_why.startswith(why)


def test_fragment_keeps_paragraphs():
    assert (
        extract_fragment("<p>One &amp; <b>two</b>.</p><script>x()</script><p>Three<br>four</p> tail")
        == "One & two.\nThree\nfour\ntail"
    )
    assert extract_fragment("3 < 4") == "3 < 4"
    assert extract_fragment("") == ""


@pytest.mark.parametrize(("name", "outlet"), [("feed.rss", "Example Wire"), ("feed.atom", "Example Agency")])
def test_feed(name, outlet):
    items = list(read_stories([FIXTURES / name]))
    articles = [item for item in items if isinstance(item, Article)]
    assert len(articles) == 2
    assert {article.outlet for article in articles} == {outlet}
    assert articles[0].published_on == date(2014, 9, 29)
    assert articles[0].published_on_why.startswith("feed entry's published:")
    assert articles[0].url == "https://example.org/1"
    assert articles[0].text.count("\n") == 1
    (failure,) = [item for item in items if isinstance(item, IntakeFailure)]
    assert failure.name.endswith("entry 3")
    assert isinstance(failure.error, EmptyStory)


def test_json_lines_with_bad_rows():
    items = list(read_stories([FIXTURES / "corpus.jsonl"]))
    good = [item for item in items if isinstance(item, Article)]
    bad = {item.name.rpartition(", ")[2]: type(item.error) for item in items if isinstance(item, IntakeFailure)}
    assert [article.id for article in good] == ["r1", good[1].id]
    assert good[0].published_on == date(2014, 9, 29)
    assert good[0].published_on_why == "published_on of the row: 2014-09-29"
    assert bad == {
        "line 2": UnreadableStory,
        "line 3": EmptyStory,
        "line 5": UnreadableStory,
        "line 6": UnreadableStory,
        "line 7": NotEnglish,
    }


def test_json_lines_stream(tmp_path):
    path = _write(tmp_path, "\n".join(json.dumps({"text": f"{STORY} {n}"}) for n in range(3)) + "\n{bad", "c.jsonl")
    stories = read_stories([path])
    assert next(stories).text.endswith("0")
    path.write_bytes(b"")  # what is not read yet is not held
    assert len(list(stories)) <= 3


def test_json_array(tmp_path):
    rows = [{"text": STORY, "title": "One"}, {"title": "No text"}, 7]
    items = list(read_stories([_write(tmp_path, json.dumps(rows, indent=1), "c.json")]))
    assert [type(item) for item in items] == [Article, IntakeFailure, IntakeFailure]
    assert items[0].title == "One"


def test_story_that_begins_with_a_bracket_is_a_text(tmp_path):
    assert _read_one(_write(tmp_path, "[The envoys of both sides met in Riga on Friday.]")).text.startswith("[")
    assert _read_one(_write(tmp_path, "{sic} The envoys of both sides met in Riga on Friday.")).text.startswith("{")


def test_parquet(tmp_path):
    path = tmp_path / "corpus.parquet"
    duckdb.connect().execute(
        f"COPY (SELECT * FROM (VALUES (?, 'One', DATE '2014-09-29', 'Example Post', 7), (NULL, 'Two', NULL, NULL, 8), "
        f"('', 'Three', NULL, NULL, 9)) AS t(text, title, published_on, outlet, id)) TO '{path}' (FORMAT parquet)",
        [STORY],
    )
    first, second, third = read_stories([path])
    assert (first.id, first.title, first.published_on, first.outlet) == ("7", "One", date(2014, 9, 29), "Example Post")
    assert (second.name.endswith("row 2"), type(second.error)) == (True, UnreadableStory)
    assert (third.name.endswith("row 3"), type(third.error)) == (True, EmptyStory)


def test_parquet_without_text(tmp_path):
    path = tmp_path / "corpus.parquet"
    duckdb.connect().execute(f"COPY (SELECT 1 AS body) TO '{path}' (FORMAT parquet)")
    assert "no column 'text'" in str(_read_one(path).error)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(str.encode)
    | st.binary(max_size=80).map(lambda tail: b"<html><body><p>" + tail)
    | st.binary(max_size=80).map(lambda tail: b'{"text": "' + tail)
)
def test_no_file_raises(tmp_path, data):
    for item in read_stories(
        [_write(tmp_path, data, "any.txt"), _write(tmp_path, data, "any.jsonl"), _write(tmp_path, data, "any.html")]
    ):
        assert isinstance(item, Article | IntakeFailure)
