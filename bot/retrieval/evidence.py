"""How near questions are to each passage, to the questions it answers, and to the out-of-scope questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from bot.retrieval.entries import Entry, Kind
from bot.retrieval.grams import GatheredGrams, SharedGrams
from bot.retrieval.interfaces import Vectors
from bot.retrieval.prototypes import mean_texts

NOTHING = -1.0  # the cosine of evidence that does not exist
QUESTION, PROTOTYPE, WORDS, ASKED_WORDS, GATHERED_WORDS, OUTSIDE = range(6)  # the scores of a passage
SCORES = OUTSIDE + 1
NEAREST = 3  # questions of a passage that count: one alone may be near by chance


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
        names = (name for entry in entries for name in (entry.group, entry.voice))
        self._numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        self._versions = self._part(entries, "passage", "translation")
        self._questions = self._part(entries, "question")
        self._outside = self._part(entries, "out_of_scope")
        self._all = self._part(entries, "passage", "translation", "question")
        self._vectors = {part: projected[part.rows].T for part in (self._questions, self._outside)}
        self._words = {
            part: SharedGrams(grams[part.rows], [entries[row].language for row in part.rows])
            for part in (self._versions, self._questions)
        }
        languages = [entries[row].language for row in self._all.rows]
        self._gathered = GatheredGrams(grams[self._all.rows], self._all.owners, languages, len(self.keys))
        known = mean_texts(entries, projected) | dict(prototypes)
        self._prototypes = np.stack([known[key] for key in self.keys])

    def scores(self, questions: Vectors, grams: csr_matrix, *, without: Sequence[str] | None = None) -> Vectors:
        """Returns, for each question and passage, six cosines; shape (questions, passages, SCORES).

        Those to the passage's nearest questions in the mean, and to its prototype; to the text and to the questions
        that share most pieces of words (see `SharedGrams.scores`), and to all of them together (see `GatheredGrams`);
        and to the nearest out-of-scope question.

        Args:
            questions: Projected unit vectors, shape (questions, dimensions).
            grams: The questions' n-grams.
            without: For each question a group or voice of entries to leave out, so that a known one counts as new.
        """
        left_out = None if without is None else np.array([self._numbers[name] for name in without])
        count = len(self.keys)
        near = {part: questions @ columns for part, columns in self._vectors.items()}
        scores = np.empty((len(questions), count, SCORES), dtype=np.float32)
        scores[:, :, QUESTION] = self._questions.best(near[self._questions], count, left_out, NEAREST)
        scores[:, :, PROTOTYPE] = questions @ self._prototypes.T
        for score, part, most in ((WORDS, self._versions, 1), (ASKED_WORDS, self._questions, NEAREST)):
            scores[:, :, score] = part.best(self._words[part].scores(grams), count, left_out, most)
        marked = None if left_out is None else self._all.named(left_out)
        scores[:, :, GATHERED_WORDS] = self._gathered.scores(grams, marked)
        scores[:, :, OUTSIDE] = self._outside.best(near[self._outside], 1, left_out)
        return scores

    def _part(self, entries: Sequence[Entry], *kinds: Kind) -> _Part:
        place = {key: number for number, key in enumerate(self.keys)}
        rows = [number for number, entry in enumerate(entries) if entry.kind in kinds]
        rows.sort(key=lambda row: place.get(entries[row].key, 0))
        owners = np.array([place.get(entries[row].key, 0) for row in rows], dtype=np.int64)
        names = [(self._numbers[entries[row].group], self._numbers[entries[row].voice]) for row in rows]
        return _Part(rows, owners, np.array(names, dtype=np.int64).reshape(-1, 2), len(self._numbers))


class _Part:
    """Some entries, in the order of the passages they speak for, each with its group and voice."""

    def __init__(self, rows: list[int], owners: NDArray[np.int64], names: NDArray[np.int64], count: int) -> None:
        """Takes the entries' rows, passages, and names, (entries, 2); and how many names there are."""
        self.rows, self.owners = rows, owners
        places = np.repeat(np.arange(len(rows)), names.shape[1])
        ones = np.ones(len(places), np.float32)
        self._named = csr_matrix((ones, (names.ravel(), places)), shape=(count, len(rows)))
        self._owners, self._starts, self._owner = np.unique(owners, return_index=True, return_inverse=True)

    def named(self, names: NDArray[np.int64]) -> csr_matrix:
        """Returns ones where a name is an entry's group or voice, shape (names, entries)."""
        named: csr_matrix = self._named[names]
        return named

    def best(self, scores: Vectors, owners: int, left_out: NDArray[np.int64] | None, most: int = 1) -> Vectors:
        """Returns the mean of each passage's `most` best scores, of fewer if it has fewer; (questions, owners).

        Takes scores for all entries, shape (questions, entries), and changes them.
        """
        best = np.full((len(scores), owners), NOTHING, dtype=np.float32)
        if not len(self._owners):
            return best
        if left_out is not None:
            scores[self.named(left_out).nonzero()] = NOTHING
        total = np.zeros((len(scores), len(self._owners)), dtype=np.float32)
        found = np.zeros_like(total)
        for remaining in range(most, 0, -1):
            highest = np.maximum.reduceat(scores, self._starts, axis=1)
            total += np.where(highest > NOTHING, highest, 0)
            found += highest > NOTHING
            if remaining > 1:
                scores[scores == highest[:, self._owner]] = NOTHING
        best[:, self._owners] = np.where(found > 0, total / np.maximum(found, 1), NOTHING)
        return best
