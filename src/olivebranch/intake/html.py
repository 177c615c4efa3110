"""Reads a saved web page: the story's own text by trafilatura, its day by htmldate with the evidence named."""

import json
import re
from datetime import date
from typing import Any

from olivebranch.errors import EmptyStory
from olivebranch.intake.articles import Given, make_article
from olivebranch.intake.text import decode_text
from olivebranch.records import Article

FEWEST_WORDS = 8
"""A page with fewer words left holds no story: they are a menu's."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BLOCK_TAGS = "p div br li ul ol h1 h2 h3 h4 h5 h6 blockquote tr table section article figure figcaption"
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_LEFT_OUT = frozenset({"script", "style", "noscript", "template", "iframe"})
_DATE_KEYS = ("datePublished", "dateCreated", "dateModified")


def read_html(data: bytes, name: str, given: Given) -> Article:
    """The article of a page; `article.text` is its extracted text, a paragraph a line. Nothing is fetched.

    Raises:
        EmptyStory: no story's text is left when menus and adverts are gone.
    """
    import trafilatura

    page = decode_page(data, name)
    tree = trafilatura.load_html(page)
    found = (
        None
        if tree is None
        else trafilatura.bare_extraction(tree, include_comments=False, include_tables=False, with_metadata=True)
    )
    text = "" if found is None else (found.text or "").strip()
    if found is None or len(text.split()) < FEWEST_WORDS:
        raise EmptyStory(f"{name}: no story was found in the page; save the text itself as plain text")
    published_on, why = find_publication_day(page)
    return make_article(
        text,
        name,
        given,
        title=found.title,
        outlet=found.sitename,
        url=found.url,
        published_on=published_on,
        published_on_why=why,
    )


def decode_page(data: bytes, name: str) -> str:
    """The page's text, by the character set that it names, else as any text."""
    named = _CHARSET.search(data[:4096])
    is_marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    if named and not is_marked and not named[1].lower().startswith((b"utf-16", b"utf-32")):
        try:
            return data.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_text(data, name)


def find_publication_day(page: str) -> tuple[date | None, str | None]:
    """The day on which a page says that it was published, and where it says so.

    Method: htmldate (Barbaresi 2020), the first rather than the last date; then where in the page that date stands.
    """
    import htmldate
    import trafilatura

    tree = trafilatura.load_html(page)
    found = None if tree is None else htmldate.find_date(tree, original_date=True, outputformat="%Y-%m-%d")
    if not found:
        return None, None
    return date.fromisoformat(found), _find_evidence(trafilatura.load_html(page), found)


def _find_evidence(tree: Any, day: str) -> str:
    """Where in the page `day` (YYYY-MM-DD) stands, most trusted first."""
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if key and (meta.get("content") or "").startswith(day):
            return f"meta {key}: {meta.get('content')}"
    for script in tree.xpath("//script[@type='application/ld+json']"):
        for key in _DATE_KEYS:
            match = re.search(rf'"{key}"\s*:\s*("{day}[^"]*")', script.text or "")
            if match:
                return f"JSON-LD {key}: {json.loads(match[1])}"
    for time in tree.iter("time"):
        if (time.get("datetime") or "").startswith(day):
            return f"time element: {time.get('datetime')}"
    for link in tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"):
        if day.replace("-", "/") in link or day in link:
            return f"address: {link}"
    return f"htmldate: {day}, from the page's words"


def extract_fragment(markup: str) -> str:
    """The words of a piece of HTML, a paragraph a line; text without markup is given back as it is.

    Example: `<p>One.</p><p>Two.</p>` becomes two lines.
    """
    from lxml import etree, html  # type: ignore[import-untyped]

    if "<" not in markup and "&" not in markup:
        return markup.strip()
    try:
        root = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, ValueError):
        return markup.strip()
    pieces: list[str] = []
    _gather(root, pieces)
    lines = ("".join(pieces)).split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def _gather(root: Any, pieces: list[str]) -> None:
    """The words under `root`, a line break around every block; without recursion, as pages nest deep."""
    from lxml import etree

    depth_left_out = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_left_out = not isinstance(element.tag, str) or element.tag in _LEFT_OUT
        is_block = element.tag in _BLOCKS
        if event == "start":
            depth_left_out += is_left_out
            if not depth_left_out:
                pieces.append(("\n" if is_block else "") + _flat(element.text))
        else:
            depth_left_out -= is_left_out
            if not depth_left_out:
                pieces.append(("\n" if is_block else "") + (_flat(element.tail) if element is not root else ""))


def _flat(words: str | None) -> str:
    return re.sub(r"\s", " ", words or "")
