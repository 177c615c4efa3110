"""Which rows of a coded archive speak of a directed dyad, and their daily sums."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from olivebranch.analysis.naming import is_group, name_code
from olivebranch.codebook import load_codebook
from olivebranch.codebook.lookup import MEMBER_STATUSES
from olivebranch.codebook.tables import Membership, first_day, last_day
from olivebranch.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DayRows = list[tuple[str, date, bool, int, float]]
"""(source, day, is_deed, count of rows, net of their scores)"""


@dataclass(frozen=True, slots=True)
class DyadQuestion:
    """Whose acts towards whom: from `since` on, known by `as_of`, of one `source` (None: the fullest).

    Groups stand for themselves; with `expand_groups` for their member states, each while it was one, never for both.
    """

    actor: str
    recipient: str
    since: date | None = None
    as_of: date | None = None
    source: str | None = None
    expand_groups: bool = False

    def mirrored(self) -> "DyadQuestion":
        """The same question of the other direction."""
        return replace(self, actor=self.recipient, recipient=self.actor)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one archive holds: both days included; not `names_dyads`: its biggest powers were left out."""

    source: str
    begins: date
    ends: date
    rows: int
    names_dyads: bool


def fetch_days(con: "DuckDBPyConnection", question: DyadQuestion) -> DayRows:
    """The rows (source, day, is_deed, count, net) of a directed dyad: repeats once, sampled stretches not at all.

    Raises:
        UsageError: a group has no rows of its own and is not to be expanded.
    """
    condition, values = filter_rows(question)
    return con.execute(
        f"""SELECT source, happened_on, is_deed, count(*), sum(score) FROM coded_events
            WHERE {condition} GROUP BY ALL ORDER BY ALL""",
        values,
    ).fetchall()


def filter_rows(question: DyadQuestion) -> tuple[str, list[Any]]:
    """The condition on `coded_events` for a directed dyad, with its values: only rows of archives that name dyads.

    Of a state only its organs count: government, forces, police, courts, legislature; of a body all that bears its
    code. Conditions on plain columns come first: Parquet's row groups, sorted by actor and recipient, are skipped.
    """
    parts, values = ["names_dyads AND NOT is_repeat AND NOT is_sampled AND NOT is_former AND score IS NOT NULL"], []
    ends = (("actor", question.actor), ("recipient", question.recipient))
    for column, code in ends:
        said, bound = _is_end(column, code, question.expand_groups)
        parts.append(said)
        values += bound
    if all(_means_states(code, question.expand_groups) for _, code in ends):
        parts.append("is_state_pair")
    else:
        organs = [sector.code for sector in load_codebook().table("sectors") if sector.is_state]
        for column, _ in (end for end in ends if _means_states(end[1], question.expand_groups)):
            parts.append(f"list_contains(?, {column}_sector)")
            values.append(organs)
    for said, value in (
        ("happened_on >= ?", question.since),
        ("happened_on <= ?", question.as_of),
        ("known_on <= ?", question.as_of),
        ("source = ?", question.source),
    ):
        if value is not None:
            parts.append(said)
            values.append(value)
    return " AND ".join(parts), values


def _means_states(code: str, expand_groups: bool) -> bool:
    """Whether the rows of this end are acts of states: its own, or those of its members."""
    return load_codebook().is_state(code) or expand_groups


def _is_end(column: str, code: str, expand_groups: bool) -> tuple[str, list[Any]]:
    if load_codebook().is_state(code) or not expand_groups:
        if is_group(code):
            name = name_code(code)
            raise UsageError(f"{name} has no acts of its own; --expand-groups counts those of its member states")
        return f"{column} = ?", [code]
    members = _member_days(code)
    if not members:
        raise UsageError(f"the codebook lists no member states of {name_code(code)}; leave out --expand-groups")
    marks = ", ".join("?" * len(members))
    held = " OR ".join([f"({column} = ? AND happened_on BETWEEN ? AND ?)"] * len(members))
    return f"{column} IN ({marks}) AND ({held})", [row[0] for row in members] + [
        part for row in members for part in row
    ]


def _member_days(body: str) -> list[tuple[str, date, date]]:
    """The member states of a body, each with its first and last day; bodies within it are left out."""
    codebook = load_codebook()
    rows: tuple[Membership, ...] = codebook.table("memberships")
    return sorted(
        (row.member, first_day(row.begins), last_day(row.ends))
        for row in rows
        if row.body == body and row.status in MEMBER_STATUSES and codebook.is_state(row.member)
    )


def count_sources(rows: Sequence[DayRows]) -> Counter[str]:
    """The reports of each source."""
    sums = Counter[str]()
    for source, _, _, count, _ in (row for some in rows for row in some):
        sums[source] += count
    return sums


def choose_source(sums: Counter[str], named: str | None) -> str:
    """The archive asked for, else the fullest on the dyad: two archives tell of the same acts and are never summed."""
    if named is None or named in sums:
        return named or min(sums, key=lambda name: (-sums[name], name))
    raise UsageError(f"no row of '{named}' on this dyad; there are rows of {', '.join(sorted(sums))}")


def bound_days(
    rows: Sequence[DayRows], source: str, question: DyadQuestion, coverage: Sequence[Coverage]
) -> tuple[date, date]:
    """The first and last day spoken of: those of the archive where it is known, else those of the dyad's rows."""
    days = [row[1] for some in rows for row in some if row[0] == source]
    held = [line for line in coverage if line.source == source and line.names_dyads]
    begins = min((line.begins for line in held), default=min(days))
    ends = max((line.ends for line in held), default=max(days))
    return max(begins, question.since or begins), cut_off(question.as_of, ends)


def cut_off(as_of: date | None, ends: date) -> date:
    """The last day spoken of."""
    return ends if as_of is None else min(as_of, ends)
