"""Tells one story from another by near-duplicate text: MinHash signatures of word shingles and what they share."""

import re
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b

import numpy
from numpy.typing import NDArray

PERMUTATIONS = 128
SHINGLE_WORDS = 4
HASHES_AT_ONCE = 4096
PRIME = numpy.uint64(4294967311)
"""The first prime over 2**32."""
SAME_STORY = 0.6
"""Estimated Jaccard similarity from which two texts are one story: light edits keep above it."""
CUT_STORY = 0.8
"""Share of the shorter text found in the longer from which it is the same story cut, as outlets cut wire copy."""
MIN_CUT_SHINGLES = 40
"""Under this many shingles a text is too short to be told as a cut of another."""


def sign_text(text: str) -> bytes:
    """The signature of a text: 128 hash minima of its lower-case word shingles, then how many shingles it has.

    MinHash (Broder 1997): the share of equal minima of two texts estimates the Jaccard similarity of their shingles.
    """
    words = re.findall(r"\w+", text.lower())
    shingles = {" ".join(words[n : n + SHINGLE_WORDS]) for n in range(max(1, len(words) - SHINGLE_WORDS + 1))}
    hashes = numpy.array([_hash(shingle) for shingle in shingles], dtype=numpy.uint64)
    factors, shifts = _permutations()
    minima = numpy.full(PERMUTATIONS, PRIME, dtype=numpy.uint64)
    for begin in range(0, len(hashes), HASHES_AT_ONCE):
        part = hashes[begin : begin + HASHES_AT_ONCE, None]
        minima = numpy.minimum(minima, ((part * factors + shifts) % PRIME).min(axis=0))
    return bytes(numpy.append(minima, numpy.uint64(len(shingles))).astype("<u8").tobytes())


def _hash(words: str) -> int:
    """32 bits, the same on every machine; surrogates that no encoding holds count as "?"."""
    return int.from_bytes(blake2b(words.encode("utf-8", "replace"), digest_size=4).digest(), "little")


@cache
def _permutations() -> tuple[NDArray[numpy.uint64], NDArray[numpy.uint64]]:
    """Factors (under 2**31, so that no product overflows) and shifts of the permutations (a h + b) mod PRIME."""
    drawn = [(_hash(f"factor {n}") % (2**31 - 1) + 1, _hash(f"shift {n}")) for n in range(PERMUTATIONS)]
    factors, shifts = zip(*drawn, strict=True)
    return numpy.array(factors, dtype=numpy.uint64), numpy.array(shifts, dtype=numpy.uint64)


def find_same_story(signature: bytes, others: Sequence[bytes]) -> int | None:
    """The place of the first of `others` that tells the same story as the text signed; None where none does."""
    if not others:
        return None
    one = numpy.frombuffer(signature, "<u8")
    many = numpy.frombuffer(b"".join(others), "<u8").reshape(len(others), PERMUTATIONS + 1)
    same = _tell_same(one, many)
    return int(same.argmax()) if same.any() else None


def _tell_same(one: NDArray[numpy.uint64], many: NDArray[numpy.uint64]) -> NDArray[numpy.bool_]:
    """Jaccard J of sets of a and b gives the share of the smaller that is in the larger: J (a+b) / (1+J) / min(a,b)."""
    jaccard = (many[:, :-1] == one[:-1]).mean(axis=1)
    size, sizes = float(one[-1]), many[:, -1].astype(float)
    smaller = numpy.minimum(size, sizes)
    shared = jaccard * (size + sizes) / (1 + jaccard) / smaller
    same: NDArray[numpy.bool_] = (jaccard >= SAME_STORY) | ((shared >= CUT_STORY) & (smaller >= MIN_CUT_SHINGLES))
    return same
