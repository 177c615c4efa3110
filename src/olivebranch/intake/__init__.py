"""Takes files, pages, feeds and corpora, gives an `Article` a story, or why it could not be read. Never fetches."""

from olivebranch.intake.stories import IntakeFailure, read_stories

__all__ = ["IntakeFailure", "read_stories"]
