"""What an archive's event code stands for: PLOVER type and mode, score, deed or word."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from olivebranch.codebook import Codebook
from olivebranch.codebook.tables import CameoCode

SHORTEST_CODE = 2


@dataclass(frozen=True, slots=True)
class EventCode:
    """A code (CAMEO, or PLOVER's TYPE/mode) and what it stands for; unknown where `is_known` is False."""

    key: str
    cameo: str | None = None
    type: str | None = None
    mode: str | None = None
    is_deed: bool = False
    score: float | None = None
    goldstein: float | None = None
    is_known: bool = False


def resolve_event_code(key: str, codebook: Codebook) -> EventCode:
    """The meaning of a CAMEO code, by itself or the nearest code above it, or of a PLOVER type and mode.

    Example: "0841" is RETREAT, release; "1641", which GDELT has and the manual has not, is coded as 164.
    """
    if "/" in key:
        return _plover_code(key, codebook)
    codes = _codes_of(codebook)
    prefixes = (key[:end] for end in range(len(key), SHORTEST_CODE - 1, -1))
    row = next((codes[prefix] for prefix in prefixes if prefix in codes), None)
    if row is None or not key.isdigit():
        return EventCode(key)
    return _scored(key, key, row.type, row.mode, row.goldstein, codebook)


def _plover_code(key: str, codebook: Codebook) -> EventCode:
    type_, _, mode = key.partition("/")
    if type_ not in {row.type for row in codebook.table("plover_types")}:
        return EventCode(key)
    row = _base_code(type_, mode or None, codebook)
    return _scored(key, row.code if row else None, type_, mode or None, row.goldstein if row else None, codebook)


def _base_code(type_: str, mode: str | None, codebook: Codebook) -> CameoCode | None:
    """The CAMEO code that stands best for a type and mode: of three digits, or the root where there is no mode."""
    wanted = 2 if mode is None else 3
    rows = [row for row in _codes_of(codebook).values() if row.type == type_ and row.mode in (mode, None)]
    return min(rows, key=lambda row: (row.mode != mode, abs(len(row.code) - wanted), row.code), default=None)


def _scored(
    key: str, cameo: str | None, type_: str | None, mode: str | None, goldstein: float | None, codebook: Codebook
) -> EventCode:
    """The code with its type's score, or its mode's where that has one; statements (01x) have no type and no score."""
    row = next((row for row in codebook.table("plover_types") if row.type == type_), None)
    own = next((m.score for m in codebook.table("plover_modes") if (m.type, m.mode) == (type_, mode)), None)
    score = own if own is not None else row.score if row else None
    return EventCode(key, cameo, type_, mode, row is not None and row.is_deed, score, goldstein, is_known=True)


@cache
def _codes_of(codebook: Codebook) -> Mapping[str, CameoCode]:
    return {row.code: row for row in codebook.table("cameo")}
