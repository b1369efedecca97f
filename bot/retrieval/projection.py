"""A space in which the same meaning is near in every language and wording.

Two things that say nothing about meaning are taken out of the embeddings. The mean of each language: multilingual-e5
places each language in a cone of its own. And what differs between questions on the same point, and between
translations of a passage, by within-class covariance normalisation (Hatch, Kajarekar, Stolcke 2006, "Within-class
covariance normalization for SVM-based speaker recognition"). Both are learned from the knowledge itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.retrieval.entries import Entry
from bot.retrieval.interfaces import Vectors

SHRINKAGE = 0.5  # towards the unit matrix: there are few questions for so many dimensions


@dataclass(frozen=True)
class Projection:
    """Learned means, one a language, for questions and for passages; and a matrix of shape (dimensions, dimensions)."""

    question_means: Mapping[str, Vectors]
    passage_means: Mapping[str, Vectors]
    matrix: Vectors

    def question(self, vector: Vectors, languages: Mapping[str, float]) -> Vectors:
        """Returns one question's unit vector in the new space; an uncertain language takes a mixture of means."""
        mean = np.zeros_like(vector)
        for language, share in languages.items():
            if language in self.question_means:
                mean += np.float32(share) * self.question_means[language]
        centred: Vectors = vector - mean
        return unit(centred @ self.matrix)

    def entries(self, entries: Sequence[Entry], vectors: Vectors) -> Vectors:
        """Returns the entries' unit vectors in the new space, shape (entries, dimensions)."""
        centred = np.array(vectors, dtype=np.float32)
        for (passage, language), rows in _cones(entries).items():
            means = self.passage_means if passage else self.question_means
            if language in means:
                centred[rows] -= means[language]
        return unit(centred @ self.matrix)


def learn_projection(entries: Sequence[Entry], vectors: Vectors) -> Projection:
    """Learns means and matrix from entries and their unit vectors, shape (entries, dimensions)."""
    question_means = _language_means(entries, vectors, passages=False)
    passage_means = _language_means(entries, vectors, passages=True)
    centred = np.array(vectors, dtype=np.float32)
    for (passage, language), rows in _cones(entries).items():
        centred[rows] -= (passage_means if passage else question_means)[language]
    asked = [n for n, entry in enumerate(entries) if entry.asked]
    told = [n for n, entry in enumerate(entries) if entry.kind == "passage"]
    covariances = [
        _covariance_within(centred[asked], [entries[n].key or entries[n].group for n in asked]),
        _covariance_within(unit(centred[told]), [entries[n].group for n in told]),
    ]
    matrix = _whitening(covariances)
    return Projection(question_means, passage_means, matrix)


def unit(vectors: Vectors) -> Vectors:
    """Returns the vectors at length 1; a zero vector stays zero."""
    lengths = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))[..., None]
    scaled: Vectors = np.divide(vectors, np.maximum(lengths, 1e-12), dtype=np.float32)
    return scaled


def _language_means(entries: Sequence[Entry], vectors: Vectors, *, passages: bool) -> dict[str, Vectors]:
    return {
        language: vectors[rows].mean(axis=0)
        for (passage, language), rows in _cones(entries).items()
        if passage == passages
    }


def _cones(entries: Sequence[Entry]) -> dict[tuple[bool, str], list[int]]:
    """Returns the places of the entries that share a mean: passages or questions of one language."""
    rows: dict[tuple[bool, str], list[int]] = {}
    for number, entry in enumerate(entries):
        if entry.kind != "translation":
            rows.setdefault((entry.kind == "passage", entry.language), []).append(number)
    return rows


def _whitening(covariances: Sequence[NDArray[np.float64]]) -> Vectors:
    """Returns the inverse square root of the covariances' shrunken sum, each at the same size."""
    unity = np.eye(len(covariances[0]))
    sizes = [float(np.trace(covariance)) / len(unity) for covariance in covariances]
    scaled = [covariance / size for covariance, size in zip(covariances, sizes, strict=True) if size > 0]
    together = np.mean(scaled, axis=0) if scaled else unity  # where nothing differs within groups
    values, axes = np.linalg.eigh((1 - SHRINKAGE) * together + SHRINKAGE * unity)
    matrix: Vectors = (axes / np.sqrt(values) @ axes.T).astype(np.float32)
    return matrix


def _covariance_within(vectors: Vectors, groups: Sequence[str]) -> NDArray[np.float64]:
    """Returns the covariance of what differs within groups; zeros where each has one vector."""
    _, numbers = np.unique(groups, return_inverse=True)
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    sums = np.add.reduceat(vectors[order], starts, axis=0)
    within = vectors - (sums / np.bincount(numbers)[:, None]).astype(np.float32)[numbers]
    covariance: NDArray[np.float64] = (within.T @ within / len(within)).astype(np.float64)
    return covariance
