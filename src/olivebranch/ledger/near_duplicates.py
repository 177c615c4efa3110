"""Tells one story from another by near-duplicate text: MinHash signatures of word shingles and what they share."""

import re
from collections.abc import Sequence

import numpy
from numpy.typing import NDArray

PERMUTATIONS = 128
SHINGLE_WORDS = 4
SAME_STORY = 0.6
"""Estimated Jaccard similarity from which two texts are one story: light edits keep above it."""
CUT_STORY = 0.8
"""Share of the shorter text found in the longer from which it is the same story cut, as outlets cut wire copy."""
MIN_CUT_SHINGLES = 40
"""Under this many shingles a text is too short to be told as a cut of another."""


def sign_text(text: str) -> bytes:
    """The signature of a text: 128 hash minima of its lower-case word shingles, then how many shingles it has.

    The share of equal minima of two texts estimates the Jaccard similarity of their shingles (Broder 1997).
    """
    # Imported here: it brings scipy, which costs half a second that only adding a story should pay.
    from datasketch import MinHash

    words = re.findall(r"\w+", text.lower())
    shingles = {" ".join(words[n : n + SHINGLE_WORDS]) for n in range(max(1, len(words) - SHINGLE_WORDS + 1))}
    minhash = MinHash(num_perm=PERMUTATIONS, seed=1)
    minhash.update_batch([shingle.encode("utf-8", "replace") for shingle in sorted(shingles)])
    minima = numpy.asarray(minhash.hashvalues, dtype=numpy.uint64)
    return bytes(numpy.append(minima, numpy.uint64(len(shingles))).astype("<u8").tobytes())


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
