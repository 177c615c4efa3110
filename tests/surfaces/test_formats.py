"""Every format of a brief: hostile text comes out literally, nothing is cut, nothing is fetched, JSON comes back."""

import io
import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from factories import LINES, make_reading
from olivebranch.analysis.brief import Brief
from olivebranch.analysis.compose import compose_brief
from olivebranch.analysis.criteria import fix_criteria
from olivebranch.ledger import Ledger, View, Writer
from olivebranch.pipeline import load_chronologies
from olivebranch.surfaces.html import write_html
from olivebranch.surfaces.layout import lay_out
from olivebranch.surfaces.markdown import write_markdown
from olivebranch.surfaces.terminal import print_brief

MARKUP = "[our] relations [bold]x[/bold] [link=http://x]y[/link]"
SCRIPT = "<script>alert('1')</script> <img src=x onerror=alert(1)> & \"quoted\""
MARKS = "*stars* _lines_ `ticks` | pipe | # head ~~gone~~ \\ [a](http://b) www.example.org a@b.org"
CONTROL = "bell\x07 esc\x1b[31m red\x1b]8;;http://x\x07 turn\u202eback\u202c null\x00 end"
HOSTILE = tuple(
    f"{line} {extra}"
    for line, extra in zip(LINES, (MARKUP, SCRIPT, MARKS, CONTROL, MARKUP, SCRIPT, MARKS, MARKUP), strict=True)
)


@pytest.fixture(scope="module")
def briefs():
    made = {}
    with Ledger() as ledger:
        load_chronologies(ledger)
        for name, reading in {
            "plain": make_reading(),
            "hostile": make_reading(
                HOSTILE, title=f"{SCRIPT} {MARKUP}", outlet=f"{MARKS} {CONTROL}", url='https://x.org/"><b>'
            ),
            "no page": make_reading(HOSTILE, title="1. A title", outlet="- An outlet", url="javascript:alert(1)"),
            "empty": make_reading(published_on=None).model_copy(update={"overtures": (), "events": ()}),
        }.items():
            Writer(ledger).add_reading(reading, fix_criteria(reading))
            made[name] = compose_brief((reading,), View(ledger, reading.article.published_on))
    return made


def shown(brief, width):
    console = Console(file=io.StringIO(), width=width, highlight=False, soft_wrap=False, force_terminal=False)
    print_brief(brief, console)
    return console.file.getvalue()


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("width", [40, 80, 120, 200])
@pytest.mark.parametrize("name", ["plain", "hostile", "no page", "empty"])
def test_terminal_prints_every_word_and_keeps_to_the_width(briefs, name, width):
    text = shown(briefs[name], width)
    assert max(map(len, text.splitlines())) <= width
    printed = squeezed(text)
    for line in briefs[name].sources:
        assert squeezed("".join(c for c in line.words if c.isprintable() and c not in "\u202e\u202c")) in printed
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "…\n" not in text


@pytest.mark.parametrize("width", [80, 120])
def test_markup_of_the_story_comes_out_literally(briefs, width):
    assert squeezed(MARKUP) in squeezed(shown(briefs["hostile"], width))


def test_a_colour_terminal_gets_no_escape_from_the_story(briefs):
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="truecolor", highlight=False)
    print_brief(briefs["hostile"], console)
    text = console.file.getvalue()
    assert "\x1b[31m" not in text
    assert not re.search(r"\x1b\]8;[^;]*;(?!https://x\.org/%22%3E%3Cb%3E#:~:text=|\x1b)", text)
    assert "[our]" in text


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_no_column_is_a_few_letters_wide(briefs, width):
    """A column squeezed to a letter or two leaves lines whose every piece is tiny."""
    for line in shown(briefs["plain"], width).splitlines():
        pieces = re.split(r"\s{2,}", line.strip())
        assert not (len(pieces) > 3 and all(len(piece) <= 3 for piece in pieces)), line


class Tags(HTMLParser):
    """Every tag with its attributes, and the text between them."""

    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def parsed(page):
    tags = Tags()
    tags.feed(page)
    return tags


@pytest.mark.parametrize("name", ["plain", "hostile", "no page", "empty"])
def test_html_needs_nothing_and_runs_nothing(briefs, name):
    found = parsed(write_html(briefs[name]))
    names = {tag for tag, _ in found.tags}
    assert not names & {"script", "img", "iframe", "object", "embed", "base", "form", "b", "link"}
    for tag, attributes in found.tags:
        assert not [key for key in attributes if key.startswith("on") or key == "src"]
        if "href" in attributes:
            assert tag == "a"
            assert re.match(r"#s\d+$|https://(example|x)\.org/", attributes["href"])
    style = write_html(briefs[name]).split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_html_shows_the_words_and_links_each_citation(briefs):
    found = parsed(write_html(briefs["hostile"]))
    for words in (MARKUP, SCRIPT, MARKS):
        assert words in found.text
    targets = {attributes["id"] for _, attributes in found.tags if "id" in attributes}
    cited = {attributes["href"][1:] for _, attributes in found.tags if attributes.get("class") == "cite"}
    assert cited
    assert cited <= targets
    assert len(targets) == len(briefs["hostile"].sources)
    links = [attributes for _, attributes in found.tags if attributes.get("href", "").startswith("https")]
    assert len(links) == len(targets)
    assert all("%22%3E%3Cb%3E#:~:text=" in link["href"] for link in links)


def test_brackets_in_the_words_are_no_citations(briefs):
    brief = briefs["plain"].model_copy(update={"not_known": ("He said [1, 2] and [99]",)})
    assert "[99]" in write_html(brief)
    assert 'href="#s99"' not in write_html(brief)


@pytest.mark.parametrize("name", ["hostile", "no page"])
def test_markdown_is_escaped(briefs, name):
    text = write_markdown(briefs[name])
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)
    assert "javascript:" not in bare
    for source in re.findall(r"\]\(<([^>]*)>\)", text):
        assert source.startswith("https://x.org/%22%3E%3Cb%3E#:~:text=")
    outside = re.sub(r"\]\(<[^>]*>\)", "", bare)
    for mark in ("<", "`", "_", "~~", "http://", "www.", "a@b", "&"):
        assert mark not in outside, mark
    lines = [re.sub(r"^(#{1,2} |- |\*\*|\|(---\|)+$)", "", line) for line in outside.splitlines()]
    assert not [line for line in lines if re.match(r"[#+]|[-+] |\d+[.)]", line)]
    for line in lines:
        if line.startswith("|"):
            assert line.endswith("|")
            cells = line.count("|")
            assert cells in {5, 6, 7, 8}, line


def test_markdown_tables_keep_their_columns(briefs):
    rows = [re.sub(r"\\.", "", line) for line in write_markdown(briefs["hostile"]).splitlines()]
    for before, after in pairwise(rows):
        if before.startswith("|") and after.startswith("|"):
            assert before.count("|") == after.count("|")


@pytest.mark.parametrize("name", ["plain", "hostile", "no page", "empty"])
def test_json_comes_back(briefs, name):
    assert Brief.model_validate_json(briefs[name].model_dump_json()) == briefs[name]


def test_verdict_comes_right_after_the_question(briefs):
    blocks = list(lay_out(briefs["plain"]))
    assert (blocks[0].level, blocks[0].text) == (1, briefs["plain"].question)
    assert (blocks[1].is_strong, blocks[1].text) == (True, briefs["plain"].verdict)


def test_header_names_who_made_the_overture_asked_about(briefs):
    brief = briefs["plain"]
    last = brief.words[1].model_copy(update={"who": "Somebody Else"})
    changed = brief.model_copy(update={"words": (brief.words[0], last), "strongest": "W2"})
    assert "Somebody Else, Minister of Trade" in next(b for b in lay_out(changed) if hasattr(b, "lines")).lines[0]


lines = st.lists(st.text(min_size=1, max_size=60), min_size=8, max_size=8)


@settings(max_examples=25, deadline=None)
@given(lines, st.text(max_size=20), st.one_of(st.none(), st.dates(date(1000, 1, 1), date(9000, 1, 1))))
def test_any_text_is_printed_in_every_format(own_lines, title, published_on):
    reading = make_reading(tuple(own_lines), title=title, published_on=published_on, url=title)
    with Ledger() as ledger:
        Writer(ledger).add_reading(reading, fix_criteria(reading))
        brief = compose_brief((reading,), View(ledger))
    assert max(map(cell_len, shown(brief, 80).splitlines())) <= 80
    assert parsed(write_html(brief)).text
    assert write_markdown(brief).startswith("# ")
    assert Brief.model_validate_json(brief.model_dump_json()) == brief
    numbers = {line.number for line in brief.sources}
    assert {number for row in (*brief.words, *brief.deeds, *brief.experts) for number in row.cites} <= numbers
