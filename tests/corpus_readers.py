"""Stories and readers for runs over corpora: light to load, and told by the story itself what befalls them."""

import hashlib
import os
import signal
import time
from datetime import date, timedelta
from pathlib import Path

from olivebranch.records import Article, Event, EventActor, Overture, Reading, Sentence

DAY = date(2014, 5, 8)


def make_story(number: int, text: str | None = None, outlet: str | None = None) -> Article:
    """A short story of its own words; the days follow one another, so that a dyad's state hangs on the order."""
    words = " ".join(f"clause {number * 97 + n} of the draft stands" for n in range(4))
    text = text or f"Envoys of Russia and Poland met for the {number} time, and {words}."
    return Article(
        id=f"n{number:03}", text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), outlet=outlet,
        published_on=DAY + timedelta(days=number), published_on_how="metadata",
    )  # fmt: skip


def make_stories(count: int) -> list[Article]:
    """Stories, the last of which tells the one before again, for another outlet."""
    told = [make_story(number) for number in range(count - 1)]
    return [*told, make_story(count - 1, told[-1].text, "The Echo")]


def read_plainly(article: Article) -> Reading:
    """One sentence, one event and one overture; every third story tells a sanction."""
    span, is_bad = (0, len(article.text)), int(article.id[1:]) % 3 == 0
    russia, poland = EventActor(code="RUS", name="Russia"), EventActor(code="POL", name="Poland")
    return Reading(
        article=article,
        sentences=(Sentence(id="s1", span=span, paragraph=0),),
        events=(
            Event(
                id="e1", sentence="s1", trigger=span, actors=(russia,), recipients=(poland,),
                type="SANCTION" if is_bad else "CONSULT", cameo="163" if is_bad else "042", is_deed=True,
                factuality="asserted", why="made",
            ),
        ),
        overtures=(
            Overture.model_validate(
                {"id": "o1", "span": span, "from": "RUS", "to": ("POL",), "grade": "specific",
                 "proposed_act": "easing", "why": "made"}
            ),
        ),
    )  # fmt: skip


def read_slowly(article: Article, seconds: float = 0.05) -> Reading:
    """Later stories are read faster, so that they are done out of order."""
    time.sleep(seconds * (1 + int(article.id[1:]) % 3))
    return read_plainly(article)


def read_with_accidents(article: Article) -> Reading:
    """Raises or dies where the story says so."""
    if "raises" in article.text:
        raise ValueError("no head\nfor this sentence")
    if "kills" in article.text:
        os.kill(os.getpid(), signal.SIGKILL)
    return read_plainly(article)


def read_and_die_once(article: Article, folder: Path) -> Reading:
    """Dies at the first reading of a story that kills, as where memory was short for a moment."""
    mark = folder / article.id
    if "kills" in article.text and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return read_plainly(article)


def read_and_tell_node(article: Article, folder: Path, seconds: float) -> Reading:
    """Leaves a file that tells on which Ray node the story was begun."""
    import ray

    node = ray.get_runtime_context().get_node_id()
    (folder / f"{article.id} {node} {time.monotonic_ns()}").touch()
    return read_slowly(article, seconds)
