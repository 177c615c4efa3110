"""Every story comes in through the reader's own intake, and its gold still finds its words."""

import pytest
from evals.gold import GoldError, load_golds
from evals.reader import make_article


@pytest.mark.parametrize("gold", load_golds(), ids=lambda gold: gold.slug)
def test_the_gold_is_placed_in_the_article(gold):
    article = make_article(gold)
    assert gold.place(article.text)["statements"]
    assert article.published_on_how == ("given" if gold.raw["give_date"] else article.published_on_how)
    assert (article.published_on or gold.published_on) == gold.published_on


def test_a_page_tells_its_own_day():
    page = next(gold for gold in load_golds() if gold.story.suffix == ".html")
    article = make_article(page)
    assert (article.published_on, article.published_on_how) == (page.published_on, "metadata")
    assert "function" not in article.text


def test_a_story_that_is_refused_is_an_error(write_gold):
    gold = write_gold(" \n", {"about": {}, "published_on": "2014-05-10", "give_date": True})
    with pytest.raises(GoldError, match="written"):
        make_article(gold)
