"""A space in which the same meaning is near in every language and wording.

Two things that say nothing about meaning are taken out of the embeddings. The mean of each language: multilingual-e5
places each language in a cone of its own. And what differs between translations of the same question, by within-class
covariance normalisation (Hatch, Kajarekar, Stolcke 2006, "Within-class covariance normalization for SVM-based speaker
recognition"), a class being a question with its translations. Both are learned from the knowledge's own questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.retrieval.entries import Entry
from bot.retrieval.interfaces import Vectors

SHRINKAGE = 0.5  # towards the unit matrix: there are fewer questions than dimensions


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
        nothing = np.zeros(vectors.shape[1], dtype=np.float32)
        means = [self._means(entry).get(entry.language, nothing) for entry in entries]
        return unit((vectors - np.stack(means)) @ self.matrix)

    def _means(self, entry: Entry) -> Mapping[str, Vectors]:
        return self.passage_means if entry.kind == "passage" else self.question_means


def learn_projection(entries: Sequence[Entry], vectors: Vectors) -> Projection:
    """Learns means and matrix from entries and their unit vectors, shape (entries, dimensions)."""
    question_means = _language_means(entries, vectors, passages=False)
    passage_means = _language_means(entries, vectors, passages=True)
    asked = [n for n, entry in enumerate(entries) if entry.kind != "passage"]
    centred = np.stack([vectors[n] - question_means[entries[n].language] for n in asked])
    matrix = _whitening(centred, [entries[n].group for n in asked])
    return Projection(question_means, passage_means, matrix)


def unit(vectors: Vectors) -> Vectors:
    """Returns the vectors at length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


def _language_means(entries: Sequence[Entry], vectors: Vectors, *, passages: bool) -> dict[str, Vectors]:
    rows: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        if (entry.kind == "passage") == passages:
            rows.setdefault(entry.language, []).append(number)
    return {language: vectors[numbers].mean(axis=0) for language, numbers in rows.items()}


def _whitening(vectors: Vectors, groups: Sequence[str]) -> Vectors:
    """Returns the inverse square root of the shrunken covariance within groups."""
    _, numbers = np.unique(groups, return_inverse=True)
    counts = np.bincount(numbers).astype(np.float64)
    sums = np.zeros((len(counts), vectors.shape[1]))
    np.add.at(sums, numbers, vectors)
    within = vectors - (sums / counts[:, None])[numbers]
    covariance = within.T @ within / len(within)
    size = float(np.trace(covariance)) / len(covariance) or 1.0  # without translations nothing is taken out
    values, axes = np.linalg.eigh((1 - SHRINKAGE) * covariance + SHRINKAGE * size * np.eye(len(covariance)))
    matrix: Vectors = (axes / np.sqrt(values) @ axes.T).astype(np.float32)
    return matrix
