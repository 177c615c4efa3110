"""What relations say, in sentences and table cells, for the terminal and the page alike; outside names made plain."""

from collections.abc import Iterator
from functools import cache

from olivebranch.analysis.criteria import day_words
from olivebranch.analysis.dyad_changes import Change, MovingRow
from olivebranch.analysis.dyad_rows import Coverage
from olivebranch.analysis.dyad_series import MIN_REPORTS_PERIOD, Basis, Tally
from olivebranch.analysis.naming import name_code
from olivebranch.analysis.relations import Direction, Relations
from olivebranch.codebook import load_codebook
from olivebranch.surfaces.layout import write_plain

UNITS: dict[Basis, str] = {"share": "a report", "counts": "a week"}
MINUS = "−"


def write_title(relations: Relations) -> str:
    """Who with whom, and when: "Russia and the United States, 1 Jan 2018 to 31 Aug 2018"."""
    one = relations.directions[0]
    days = f"{day_words(relations.begins)} to {day_words(relations.ends)}"
    return f"{name_code(one.actor)} and {name_code(one.recipient)}, {days}"


def write_measure(relations: Relations) -> str:
    """What the figures are of."""
    if relations.basis == "share":
        figure = "net PLOVER score over all reports of the directed dyad: words and deeds add up to its mean score"
    else:
        figure = "net PLOVER score (sum over reports)"
    known = f", known by {day_words(relations.as_of)}" if relations.as_of else ""
    groups = "; groups stand for their member states" if relations.expand_groups else ""
    return f"Each {relations.by}: {figure}. Source {write_plain(relations.source)}{known}{groups}."


def write_name(direction: Direction) -> str:
    """The directed dyad by name."""
    return f"{name_code(direction.actor)} → {name_code(direction.recipient)}"


def write_lines(direction: Direction) -> Iterator[str]:
    """Where the dyad stands now, and how much there is to go by."""
    rank = direction.rank
    if rank is None:
        yield f"{direction.rank_why[0].upper()}{direction.rank_why[1:]}."
    else:
        week = f"Week of Mon {day_words(rank.week)}: mean score {write_score(rank.score)}"
        yield f"{week}, {rank.words()}."
    words, deeds = write_tally("words", direction.words_90), write_tally("deeds", direction.deeds_90)
    yield f"Last 90 days: {words}; {deeds}."
    grey = direction.weeks - direction.enough_weeks
    held = f"{direction.reports:,} reports in {direction.weeks} whole weeks"
    yield f"{held}; {grey} of them grey: under {MIN_REPORTS_PERIOD} reports, too few to say."


def write_tally(name: str, tally: Tally) -> str:
    """Words or deeds of a stretch: "deeds −2.6 on average (16 reports, 8 %)"."""
    if tally.mean is None or tally.share is None:
        return f"no {name}"
    reports = f"{tally.count:,} report{'' if tally.count == 1 else 's'}"
    return f"{name} {write_score(tally.mean)} on average ({reports}, {tally.share * 100:.0f} %)"


def shown_changes(relations: Relations, direction: Direction) -> tuple[Change, ...]:
    """The changes on the basis shown, by day."""
    return tuple(
        sorted(
            (one for one in direction.changes if one.basis == relations.basis), key=lambda one: (one.day, one.series)
        )
    )


def write_change(change: Change) -> str:
    """A change of level: what, when, within which days, how far, how sure and why not surer."""
    turn = "warmer" if change.after > change.before else "colder"
    until = f" until {day_words(change.until)}" if change.until else ""
    levels = f"{write_score(change.before)} to {write_score(change.after)} {UNITS[change.basis]}"
    between = f"between {day_words(change.low)} and {day_words(change.high)}"
    sure = f"{change.penalties} of 3 penalties, {change.survival * 100:.0f} % of bootstrap runs"
    why = f"candidate: {'; '.join(change.reasons)}" if change.reasons else f"accepted ({sure})"
    return f"{change.series} {turn} from {day_words(change.day)}{until} ({between}), {levels}; {why}"


MOVING_HEADERS = ("day", "code", "what", "who → whom", "score", "source row")


def write_moving(row: MovingRow) -> tuple[str, ...]:
    """The cells of a row that moved a level; those of before are marked, for they moved it by ceasing."""
    who = f"{row.actor_name or '–'} → {row.recipient_name or '–'}"
    ceased = "" if row.is_after else " (before; then ceased)"
    cells = (
        str(row.happened_on), row.cameo or row.type or "–", f"{_act_name(row)}{ceased}", who, write_score(row.score),
        row.source_row if row.source_row.startswith(row.source) else f"{row.source}:{row.source_row}",
    )  # fmt: skip
    return tuple(write_plain(cell) for cell in cells)


def _act_name(row: MovingRow) -> str:
    named = _act_names().get(row.cameo or "")
    return named or "-".join(part for part in (row.type, row.mode) if part) or "–"


@cache
def _act_names() -> dict[str, str]:
    return {row.code: row.name for row in load_codebook().table("cameo")}


def write_coverage(coverage: tuple[Coverage, ...]) -> Iterator[str]:
    """What the archive holds, a line for each source."""
    for line in coverage:
        pooled = "" if line.names_dyads else "; its biggest powers were left out: pooled rates only, no named dyad"
        days = f"{day_words(line.begins)} to {day_words(line.ends)}"
        yield f"{write_plain(line.source)}: {days}, {line.rows:,} rows{pooled}"


def write_others(relations: Relations) -> str:
    """The sources that also speak of the dyad and were not added, so that no act counts twice."""
    listed = ", ".join(f"{write_plain(name)} ({count:,} reports)" for name, count in relations.others.items())
    return f"Not added, lest an act count twice: {listed}; choose one with --source." if listed else ""


def write_score(score: float) -> str:
    """A score with its sign: +1.2, −0.4, 0.0 where it rounds to nothing."""
    text = f"{score:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text.replace("-", MINUS)
