"""What an index learns from its own entries: where to compare, what stands for each passage, and when to trust it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from bot.retrieval.confidence import Confidence, learn_confidence
from bot.retrieval.entries import Entry
from bot.retrieval.interfaces import Vectors
from bot.retrieval.projection import Projection, learn_projection
from bot.retrieval.prototypes import learn_prototypes

# A base with more is learned from in a sample, so that a live update stays a matter of seconds.
MOST_PASSAGES = 500
MOST_QUESTIONS = 12_000


@dataclass(frozen=True)
class Learned:
    """A projection, with the prototypes of passages (by their keys) and the confidence that belong to it."""

    projection: Projection
    prototypes: Mapping[str, Vectors]
    confidence: Confidence

    def save(self, path: Path) -> None:
        """Writes everything to one file."""
        projection, confidence = self.projection, self.confidence
        arrays: dict[str, Any] = {
            "matrix": projection.matrix,
            "prototype_keys": np.array(list(self.prototypes)),
            "prototypes": np.stack(list(self.prototypes.values())),
            "scope": confidence.scope,
            "trust": confidence.trust,
            "threshold": np.array(confidence.threshold),
        }
        arrays |= {f"question_mean:{language}": mean for language, mean in projection.question_means.items()}
        arrays |= {f"passage_mean:{language}": mean for language, mean in projection.passage_means.items()}
        np.savez(path, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path) -> Learned:
        """Reads what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: The file is missing or damaged.
        """
        with np.load(path, allow_pickle=False) as arrays:

            def means(kind: str) -> dict[str, Vectors]:
                return {name.partition(":")[2]: arrays[name] for name in arrays.files if name.startswith(f"{kind}:")}

            projection = Projection(means("question_mean"), means("passage_mean"), arrays["matrix"])
            threshold = float(arrays["threshold"])
            confidence = Confidence(arrays["scope"], arrays["trust"], threshold)
            prototypes = dict(zip(arrays["prototype_keys"].tolist(), arrays["prototypes"], strict=True))
            return cls(projection, prototypes, confidence)


def learn(entries: Sequence[Entry], vectors: Vectors, grams: csr_matrix, *, error_rate: float) -> Learned:
    """Learns from entries, their unit vectors, shape (entries, dimensions), and their n-grams.

    Raises:
        SnapshotError: There are too few questions to learn from.
    """
    rows = _sample(entries)
    chosen, chosen_vectors = [entries[row] for row in rows], np.asarray(vectors[rows])
    projection = learn_projection(chosen, chosen_vectors)
    prototypes = learn_prototypes(chosen, projection.entries(chosen, chosen_vectors))
    confidence = learn_confidence(chosen, chosen_vectors, grams[rows], projection, error_rate=error_rate)
    return Learned(projection, prototypes, confidence)


def _sample(entries: Sequence[Entry]) -> list[int]:
    """Returns the places of the entries to learn from: the same ones as long as the base is nearly the same."""
    passages = _first({entry.key for entry in entries if entry.kind == "passage"}, MOST_PASSAGES)
    questions = [n for n, entry in enumerate(entries) if entry.kind == "question" and entry.key in passages]
    share = min(1.0, MOST_QUESTIONS / max(1, len(questions)))
    groups = {entries[n].group for n in questions}
    kept = _first(groups, round(share * len(groups)))
    return [
        n
        for n, entry in enumerate(entries)
        if entry.kind == "out_of_scope" or (entry.key in passages and (not entry.asked or entry.group in kept))
    ]


def _first(names: set[str], count: int) -> set[str]:
    """Returns `count` of the names, chosen by their digests."""
    if len(names) <= count:
        return names
    return set(sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())[:count])
