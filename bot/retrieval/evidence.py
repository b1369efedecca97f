"""How near a question is to each passage, to the questions it answers, and to the out-of-scope questions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.entries import Entry, Kind
from bot.retrieval.interfaces import Vectors

NOTHING = -1.0  # the score of evidence that does not exist


class Evidence:
    """All entries of a snapshot in the space of their projection, ready to be compared with questions."""

    def __init__(self, entries: Sequence[Entry], projected: Vectors) -> None:
        self.keys = tuple(dict.fromkeys(entry.key for entry in entries if entry.kind == "passage"))
        self._groups = {group: n for n, group in enumerate(dict.fromkeys(entry.group for entry in entries))}
        self._text = self._part(entries, projected, "passage")
        self._questions = self._part(entries, projected, "question")
        self._outside = self._part(entries, projected, "out_of_scope")

    def scores(self, question: Vectors, *, without: str | None = None) -> Vectors:
        """Returns the cosines of the nearest text, question and out-of-scope question, shape (passages, 3).

        Args:
            question: A projected unit vector, shape (dimensions,).
            without: A group of entries to leave out, so that a known question can be treated as a new one.
        """
        left_out = -1 if without is None else self._groups[without]
        outside = self._outside.best(question, 1, left_out)[0]
        return np.stack(
            [
                self._text.best(question, len(self.keys), left_out),
                self._questions.best(question, len(self.keys), left_out),
                np.full(len(self.keys), outside, dtype=np.float32),
            ],
            axis=1,
        )

    def _part(self, entries: Sequence[Entry], projected: Vectors, kind: Kind) -> _Part:
        place = {key: number for number, key in enumerate(self.keys)}
        rows = [number for number, entry in enumerate(entries) if entry.kind == kind]
        owners = [place.get(entries[row].key, 0) for row in rows]
        groups = [self._groups[entries[row].group] for row in rows]
        return _Part(projected[rows], np.array(owners, dtype=np.int64), np.array(groups, dtype=np.int64))


class _Part:
    """The entries of one kind, each with the passage it speaks for and its group."""

    def __init__(self, vectors: Vectors, owners: NDArray[np.int64], groups: NDArray[np.int64]) -> None:
        self._vectors, self._owners, self._groups = vectors, owners, groups

    def best(self, question: Vectors, owners: int, left_out: int) -> Vectors:
        scores = self._vectors @ question
        if left_out >= 0:
            scores = np.where(self._groups == left_out, np.float32(NOTHING), scores)
        best = np.full(owners, NOTHING, dtype=np.float32)
        np.maximum.at(best, self._owners, scores)
        return best
