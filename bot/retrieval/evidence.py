"""How near questions are to each passage, to the questions it answers, and to the out-of-scope questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from bot.retrieval.entries import Entry, Kind
from bot.retrieval.grams import Weights
from bot.retrieval.interfaces import Vectors
from bot.retrieval.prototypes import mean_texts

NOTHING = -1.0  # the cosine of evidence that does not exist
TEXT, QUESTION, PROTOTYPE, WORDS, OUTSIDE = range(5)  # the scores of a passage
SCORES = OUTSIDE + 1


class Evidence:
    """All entries of a snapshot in the space of their projection, ready to be compared with questions."""

    def __init__(
        self, entries: Sequence[Entry], projected: Vectors, grams: csr_matrix, prototypes: Mapping[str, Vectors]
    ) -> None:
        """Prepares the comparison.

        Args:
            entries: All of them.
            projected: Their unit vectors, shape (entries, dimensions).
            grams: Their n-grams.
            prototypes: What was learned for passages, by their keys; for others the mean of their texts is taken.
        """
        self.keys = tuple(dict.fromkeys(entry.key for entry in entries if entry.kind == "passage"))
        self._groups = {group: n for n, group in enumerate(dict.fromkeys(entry.group for entry in entries))}
        self._weights = Weights(grams)
        self._text = self._part(entries, projected, ("passage",))
        self._questions = self._part(entries, projected, ("question",))
        self._words = self._part(entries, self._weights.weigh(grams), ("passage",))
        known = mean_texts(entries, projected) | dict(prototypes)
        self._prototypes = np.stack([known[key] for key in self.keys])
        self._outside = self._part(entries, projected, ("out_of_scope",))

    def scores(self, questions: Vectors, grams: csr_matrix, *, without: Sequence[str] | None = None) -> Vectors:
        """Returns, for each question and passage, five cosines; shape (questions, passages, SCORES).

        Those to the passage's nearest text, nearest question and prototype, to the text that shares most pieces of
        words, and to the nearest out-of-scope question.

        Args:
            questions: Projected unit vectors, shape (questions, dimensions).
            grams: The questions' n-grams.
            without: For each question a group of entries to leave out, so that a known one can be treated as new.
        """
        left_out = None if without is None else np.array([self._groups.get(group, -1) for group in without])
        count = len(self.keys)
        scores = np.empty((len(questions), count, SCORES), dtype=np.float32)
        scores[:, :, TEXT] = self._text.best(questions, count, left_out)
        scores[:, :, QUESTION] = self._questions.best(questions, count, left_out)
        scores[:, :, PROTOTYPE] = questions @ self._prototypes.T
        scores[:, :, WORDS] = self._words.best(self._weights.weigh(grams), count, left_out)
        scores[:, :, OUTSIDE] = self._outside.best(questions, 1, left_out)
        return scores

    def _part(self, entries: Sequence[Entry], rows: Any, kinds: tuple[Kind, ...]) -> _Part:
        place = {key: number for number, key in enumerate(self.keys)}
        chosen = [number for number, entry in enumerate(entries) if entry.kind in kinds]
        chosen.sort(key=lambda row: place.get(entries[row].key, 0))
        owners = np.array([place.get(entries[row].key, 0) for row in chosen], dtype=np.int64)
        groups = np.array([self._groups[entries[row].group] for row in chosen], dtype=np.int64)
        return _Part(rows[chosen], owners, groups)


class _Part:
    """Some entries, in the order of the passages they speak for, each with its group."""

    def __init__(self, rows: Any, owners: NDArray[np.int64], groups: NDArray[np.int64]) -> None:
        # Sparse rows are multiplied fastest the other way round.
        self._rows, self._groups = (rows.T.tocsr() if hasattr(rows, "tocsr") else rows.T), groups
        self._owners, self._starts = np.unique(owners, return_index=True)

    def best(self, questions: Any, owners: int, left_out: NDArray[np.int64] | None) -> Vectors:
        best = np.full((questions.shape[0], owners), NOTHING, dtype=np.float32)
        if len(self._owners):
            product = questions @ self._rows
            scores = product.toarray() if hasattr(product, "toarray") else product
            if left_out is not None:
                scores[self._groups[None, :] == left_out[:, None]] = NOTHING
            best[:, self._owners] = np.maximum.reduceat(scores, self._starts, axis=1)
        return best
