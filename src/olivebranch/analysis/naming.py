"""The names that a brief prints for codes; a code that no table holds stands for itself."""

from collections.abc import Iterable

from olivebranch.codebook import load_codebook
from olivebranch.errors import CodebookError


def name_code(code: str) -> str:
    """The printed name of a state, body or group: "Russia" for RUS."""
    try:
        return load_codebook().name_of(code)
    except CodebookError:
        return code


def name_codes(codes: Iterable[str], last: str = "and") -> str:
    """Several names in the order of their codes, "A, B and C"; "the other side" where there is none."""
    names = [name_code(code) for code in sorted(codes)]
    if len(names) < 2:
        return names[0] if names else "the other side"
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def is_group(code: str) -> bool:
    """Whether the code is a group that has no acts of its own (the West), unlike a body that decides (the EU)."""
    codebook = load_codebook()
    return codebook.is_group(code) and codebook.organisation(code).kind == "group"
