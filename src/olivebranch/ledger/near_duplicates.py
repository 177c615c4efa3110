"""Tells one story from another by near-duplicate text: a MinHash signature of word shingles, compared by Jaccard."""

import re

import numpy
from datasketch import MinHash

PERMUTATIONS = 128
SHINGLE_WORDS = 4
SAME_STORY = 0.6
"""Estimated Jaccard similarity from which two texts are one story: light edits and other furniture keep above it."""


def sign_text(text: str) -> bytes:
    """The signature of a text: 128 hash minima of its lower-case word shingles, as bytes."""
    words = re.findall(r"\w+", text.lower())
    shingles = {" ".join(words[n : n + SHINGLE_WORDS]) for n in range(max(1, len(words) - SHINGLE_WORDS + 1))}
    minhash = MinHash(num_perm=PERMUTATIONS, seed=1)
    minhash.update_batch([shingle.encode() for shingle in sorted(shingles)])
    return bytes(numpy.asarray(minhash.hashvalues, dtype=numpy.uint64).tobytes())


def similarity(one: bytes, other: bytes) -> float:
    """The estimated Jaccard similarity of two signed texts, 0 to 1."""
    ones, others = numpy.frombuffer(one, numpy.uint64), numpy.frombuffer(other, numpy.uint64)
    return float((ones == others).mean())
