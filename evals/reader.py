"""Gives an annotated story to olivebranch just as a user's file would come in."""

from evals.gold import Gold, GoldError
from olivebranch.records import Article, Reading


def read_gold(gold: Gold) -> Reading:
    """The reading of the story, told only what its gold says may be told: day, outlet, title, address."""
    from olivebranch.pipeline import read_article

    return read_article(make_article(gold))


def make_article(gold: Gold) -> Article:
    """The story through the reader's own intake.

    Raises:
        GoldError: the intake refuses the story.
    """
    from olivebranch.intake import IntakeFailure, read_stories

    day = gold.published_on if gold.raw["give_date"] else None
    article = next(read_stories([gold.story], day, gold.raw.get("outlet"), gold.raw.get("url")))
    if isinstance(article, IntakeFailure):
        raise GoldError(f"{gold.slug}: {article.error}")
    title = gold.raw.get("title")
    return article.model_copy(update={"title": title}) if title else article
