"""Which pieces of words two texts share: evidence that needs no model, and catches names, articles and rare words.

Texts are compared in Latin letters, so that all spellings of a word meet, and those of related languages nearly.
Character n-grams within words, weighed by how rare they are (Sparck Jones 1972, "A statistical interpretation of term
specificity and its application in retrieval").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import HashingVectorizer

from bot.language.spelling import romanize
from bot.retrieval.interfaces import Vectors

WIDTH = 1 << 18  # columns that the n-grams are hashed to
_HASHING = HashingVectorizer(
    analyzer="char_wb", ngram_range=(3, 5), n_features=WIDTH, binary=True, norm=None, alternate_sign=False,
    lowercase=False, dtype=np.float32,
)  # fmt: skip


def count(texts: Sequence[str]) -> csr_matrix:
    """Returns which n-grams each text has, a sparse matrix of zeros and ones, shape (texts, WIDTH)."""
    if not texts:
        return csr_matrix((0, WIDTH), dtype=np.float32)
    rows: csr_matrix = _HASHING.transform([romanize(text) for text in texts])
    return rows


class Weights:
    """How much each n-gram tells, learned from how many texts have it."""

    def __init__(self, rows: csr_matrix) -> None:
        having = np.bincount(rows.indices, minlength=WIDTH)
        self._rarity: Vectors = np.log((1 + rows.shape[0]) / (1 + having)).astype(np.float32) + np.float32(1)

    def weigh(self, rows: csr_matrix) -> csr_matrix:
        """Returns unit rows, the n-grams weighed."""
        weighed = rows.copy()
        weighed.data = self._rarity[weighed.indices]
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        weighed.data /= np.repeat(np.maximum(lengths, 1e-12), np.diff(weighed.indptr)).astype(np.float32)
        return weighed
