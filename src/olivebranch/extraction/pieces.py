"""Words to the pieces of the encoders' lower-case vocabulary."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tokenizers import BertWordPieceTokenizer

from olivebranch.extraction.weights import checked_file

UNKNOWN = 100
VOCABULARY = "vocab.txt"


class WordPieces:
    """Cuts words into piece ids by a vocabulary file, one piece a line."""

    def __init__(self, vocabulary: Path) -> None:
        self._tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)

    def pieces(self, words: Sequence[str]) -> list[list[int]]:
        """The ids of each word's pieces; a word that has none gets the unknown piece."""
        found: list[list[int]] = [[] for _ in words]
        encoding = self._tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
        for number, identity in zip(encoding.word_ids, encoding.ids, strict=True):
            found[number].append(identity)
        return [ids or [UNKNOWN] for ids in found]


@cache
def load_pieces() -> WordPieces:
    """The maker with the shipped vocabulary.

    Raises:
        WeightsError: the vocabulary is missing or damaged.
    """
    return WordPieces(checked_file(VOCABULARY))
