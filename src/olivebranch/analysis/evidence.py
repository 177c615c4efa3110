"""How good the evidence for a deed is: the rung of its reference, from an official act down to a party's own claim."""

import re
from collections.abc import Iterable
from functools import cache

from olivebranch.analysis.deeds import read_data
from olivebranch.ledger.rows import Fact
from olivebranch.ledger.view import View

LADDER = (
    "official act", "primary text", "two independent outlets", "one outlet", "stated reference",
    "a party's own claim",
)  # fmt: skip
"""Best first. `stated reference`: a chronology's row whose reference names neither an act nor a text."""


def best_rung(view: View, fact_ids: Iterable[str]) -> str | None:
    """The best rung among these facts; None where none of them is known on the view's day."""
    wanted = set(fact_ids)
    rungs = [rung_of(view, fact) for fact in view.facts() if fact.fact_id in wanted]
    return min(rungs, key=LADDER.index, default=None)


def rung_of(view: View, fact: Fact) -> str:
    """The rung of one fact: what its reference names, or for a story how many outlets tell it.

    Example: a row that rests on "Executive Order 13712" is an `official act`.
    """
    if fact.factuality == "alleged":
        return "a party's own claim"
    if fact.article_id is not None:
        return "two independent outlets" if _count_outlets(view, fact) > 1 else "one outlet"
    words = (fact.reference or "").lower()
    return next((rung for rung, pattern in _patterns() if pattern.search(words)), "stated reference")


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["rung"], re.compile(rf"\b(?:{row['words']})s?\b")) for row in read_data("evidence_words"))


def _count_outlets(view: View, fact: Fact) -> int:
    """Outlets that tell the same act of the same day; near copies of one story are one outlet's."""
    rows = view.ledger.rows(
        """SELECT count(DISTINCT coalesce(a.story_id, a.outlet)), count(DISTINCT a.outlet)
           FROM facts f JOIN articles a USING (article_id)
           WHERE f.type = ? AND f.actors = ? AND f.recipients = ? AND f.happened_from = ?
             AND coalesce(f.known_on, CAST(f.recorded_at AS DATE)) <= ?""",
        [fact.type, list(fact.actors), list(fact.recipients), fact.happened_from, view.as_of],
    )
    return min(int(count) for count in rows[0])
