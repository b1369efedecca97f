"""Which pieces of words a question shares with texts: evidence that needs no model, and catches names and rare words.

Texts are compared in Latin letters, so that all spellings of a word meet, and those of related languages nearly.
Character n-grams within words, weighed by how rare they are in the text's language (Sparck Jones 1972, "A statistical
interpretation of term specificity and its application in retrieval").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import HashingVectorizer

from bot.language.spelling import romanize
from bot.retrieval.interfaces import Vectors

WIDTH = 1 << 18  # columns that the n-grams are hashed to
_SHARPNESS = 1.5  # power of an n-gram's rarity in gathered texts
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


class GatheredGrams:
    """Compares questions with all that a passage has in one language, as if it were one text.

    Of a long text, how often a piece of a word occurs tells what it is about, though not in proportion (Buckley et al.
    1995, "New retrieval approaches using SMART").
    """

    def __init__(self, texts: csr_matrix, owners: NDArray[np.int64], languages: Sequence[str], count: int) -> None:
        """Takes the n-grams of all texts, (texts, WIDTH), with the passage and language of each; how many passages."""
        self._texts, self._count = texts, count
        spoken = np.array(languages)
        self._parts = []
        for language in dict.fromkeys(languages):
            rows = np.flatnonzero(spoken == language)
            belongs = csr_matrix((np.ones(len(rows), np.float32), (owners[rows], rows)), shape=(count, len(languages)))
            counts = (belongs @ texts).tocsr()
            rarity = _rarity(counts, least=0) ** np.float32(_SHARPNESS)
            self._parts.append((belongs, counts, rarity, _weighed(counts, rarity).T.tocsr()))

    def scores(self, questions: csr_matrix, left_out: csr_matrix | None = None) -> Vectors:
        """Returns the cosine of each question and passage in the language where it is highest; (questions, passages).

        Takes the questions' n-grams, and which texts to leave out for each of them, shape (questions, texts).
        """
        best = np.zeros((questions.shape[0], self._count), dtype=np.float32)
        for belongs, counts, rarity, columns in self._parts:
            weighed = _weighed(questions, rarity)
            scores = (weighed @ columns).toarray()
            if left_out is not None:
                asked, passages = (left_out @ belongs.T).nonzero()
                own = belongs[passages].multiply(left_out[asked])
                remaining = _weighed(counts[passages] - own @ self._texts, rarity)
                scores[asked, passages] = weighed[asked].multiply(remaining).sum(axis=1).A1
            np.maximum(best, scores, out=best)
        return best


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


def _rarity(rows: csr_matrix, *, least: int = 1) -> Vectors:
    having = np.bincount(rows.indices, minlength=WIDTH)
    rarity: Vectors = np.log((1 + rows.shape[0]) / (1 + having)).astype(np.float32) + np.float32(least)
    return rarity


def _weighed(counts: csr_matrix, rarity: Vectors) -> csr_matrix:
    """Returns unit rows of how often each n-gram occurs, on a logarithmic scale, times its rarity."""
    rows = csr_matrix(counts, copy=True)
    rows.data = np.log1p(rows.data) * rarity[rows.indices]
    lengths = np.sqrt(np.maximum(rows.multiply(rows).sum(axis=1).A1, 1e-12))
    rows.data /= np.repeat(lengths, np.diff(rows.indptr)).astype(np.float32)
    return rows
