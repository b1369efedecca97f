"""One vector a passage, which stands for everything that is known of it.

It begins as the mean of the passage's texts in all languages (the prototype of Snell, Swersky, Zemel 2017,
"Prototypical Networks for Few-shot Learning") and is moved towards the questions that the passage answers and away from
those that others answer: a few steps of softmax regression that begins at the embeddings of the texts, as in Zhang et
al. 2022, "Tip-Adapter: Training-free Adaption of CLIP for Few-shot Classification".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bot.retrieval.entries import Entry
from bot.retrieval.interfaces import Vectors
from bot.retrieval.projection import unit

# Any setting near these is as good in cross-validation over the knowledge's questions.
STEPS = 3
STEP = 0.3
SHARPNESS = 30.0  # of the softmax: cosines are small numbers


def mean_texts(entries: Sequence[Entry], projected: Vectors) -> dict[str, Vectors]:
    """Returns a unit vector for each passage's key, the mean of its texts; `projected` has shape (entries, dims)."""
    sums: dict[str, Vectors] = {}
    for entry, vector in zip(entries, projected, strict=True):
        if entry.kind == "passage":
            sums[entry.key] = sums[entry.key] + vector if entry.key in sums else vector
    means = unit(np.stack(list(sums.values())))
    return dict(zip(sums, means, strict=True))


def learn_prototypes(entries: Sequence[Entry], projected: Vectors) -> Mapping[str, Vectors]:
    """Returns a unit vector for each passage's key; takes entries and their projected vectors, (entries, dims)."""
    means = mean_texts(entries, projected)
    place = {key: number for number, key in enumerate(means)}
    rows = [row for row, entry in enumerate(entries) if entry.kind == "question"]
    questions = np.asarray(projected[rows])
    own = np.array([place[entries[row].key] for row in rows])
    asked = (np.arange(len(rows)), own)
    rivals = _rivals(entries, list(means), [entries[row].point for row in rows])
    rivals[asked] = True
    share = (1 / np.maximum(1, np.bincount(own, minlength=len(place)))).astype(np.float32)[:, None]
    prototypes = np.stack(list(means.values()))
    for _ in range(STEPS):
        logits = np.where(rivals, SHARPNESS * (questions @ prototypes.T), -np.inf)
        wrong = np.exp(logits - logits.max(axis=1, keepdims=True))
        wrong /= wrong.sum(axis=1, keepdims=True)
        wrong[asked] -= 1
        prototypes -= np.float32(STEP) * share * (wrong.T @ questions)
    return dict(zip(means, unit(prototypes), strict=True))


def _rivals(entries: Sequence[Entry], keys: Sequence[str], points: Sequence[str]) -> np.ndarray:
    """Returns which passages, shape (points, passages), say another point: those of the same are no wrong answer."""
    point_of = {entry.key: entry.point for entry in entries if entry.kind == "passage"}
    number = {point: n for n, point in enumerate(dict.fromkeys(point_of.values()))}
    passages = np.array([number[point_of[key]] for key in keys])
    rivals: np.ndarray = np.array([number[point] for point in points])[:, None] != passages
    return rivals
