"""Which pieces of words a question shares with texts: evidence that needs no model, and catches names and rare words.

Texts are compared in Latin letters, so that all spellings of a word meet, and those of related languages nearly.
Character n-grams within words, weighed by how rare they are in the text's language (Sparck Jones 1972, "A statistical
interpretation of term specificity and its application in retrieval").
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


class SharedGrams:
    """Compares questions with texts of several languages."""

    def __init__(self, texts: csr_matrix, languages: Sequence[str]) -> None:
        """Takes the n-grams of the texts, shape (texts, WIDTH), and the language of each."""
        spoken = np.array(languages)
        self._cones = []
        for language in dict.fromkeys(languages):
            places = np.flatnonzero(spoken == language)
            rows = texts[places]
            weights = _rarity(rows) ** 2
            weighed = rows.multiply(weights).tocsr()
            lengths = np.sqrt(np.maximum(rows @ weights, 1e-12))
            weighed.data /= np.repeat(lengths, np.diff(weighed.indptr)).astype(np.float32)
            # Sparse rows are multiplied fastest the other way round.
            self._cones.append((places, weights, weighed.T.tocsr()))
        self._count = len(languages)

    def scores(self, questions: csr_matrix) -> Vectors:
        """Returns the cosine of each question and text above the mean of the texts in its language.

        So a text in another language than the question's is not worse for it. Shape (questions, texts).
        """
        scores = np.empty((questions.shape[0], self._count), dtype=np.float32)
        for places, weights, columns in self._cones:
            lengths = np.sqrt(np.maximum(questions @ weights, 1e-12))
            cosines = (questions @ columns).toarray() / lengths[:, None]
            scores[:, places] = cosines - cosines.mean(axis=1, keepdims=True)
        return scores


def _rarity(rows: csr_matrix) -> Vectors:
    having = np.bincount(rows.indices, minlength=WIDTH)
    rarity: Vectors = np.log((1 + rows.shape[0]) / (1 + having)).astype(np.float32) + np.float32(1)
    return rarity
