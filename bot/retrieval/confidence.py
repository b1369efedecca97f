"""The probability that a passage answers a question, learned from the knowledge's own questions.

Two small logistic regressions: is the question in scope at all (from its vector), and does the best passage answer it
(from that and the scores of the evidence). Each known question is judged as if it were new: by models that have not
seen it, and without itself and its translations among the evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.errors import SnapshotError
from bot.retrieval.entries import Entry
from bot.retrieval.evidence import Evidence
from bot.retrieval.interfaces import Vectors
from bot.retrieval.projection import Projection, learn_projection

FOLDS = 5
FEWEST = 2 * FOLDS  # groups of questions of either kind from which something can be learned
SCOPE_STRENGTH = 10.0  # inverse regularisation; values from 1 to 100 gave the same result in cross-validation


@dataclass(frozen=True)
class Confidence:
    """The learned weights.

    Attributes:
        scope: Weights over a projected question vector, and last the intercept; shape (dimensions + 1,).
        trust: Weights of scope, text, question and out-of-scope score, and last the intercept; shape (5,).
        threshold: The probability from which a passage counts as an answer.
    """

    scope: Vectors
    trust: Vectors
    threshold: float

    def probabilities(self, question: Vectors, scores: Vectors) -> Vectors:
        """Returns each passage's probability of answering; takes shapes (dimensions,) and (passages, 3)."""
        scope = float(question @ self.scope[:-1] + self.scope[-1])
        return trust_of(np.full(len(scores), scope, dtype=np.float32), scores, self.trust)


def trust_of(scope: Vectors, scores: Vectors, weights: Vectors) -> Vectors:
    """Returns probabilities from scope scores (n,), evidence scores (n, 3) and weights (5,)."""
    logit = np.column_stack([scope, scores]) @ weights[:-1] + weights[-1]
    probability: Vectors = (1 / (1 + np.exp(-logit))).astype(np.float32)
    return probability


def learn_confidence(
    entries: Sequence[Entry], vectors: Vectors, projection: Projection, *, error_rate: float
) -> Confidence:
    """Learns from entries and their unit vectors, shape (entries, dimensions).

    Args:
        entries: Everything in the index.
        vectors: Their embeddings.
        projection: What was learned from all of them; it is used for the final weights.
        error_rate: Share of out-of-scope questions that the threshold lets through in cross-validation.

    Raises:
        SnapshotError: There are too few questions to learn from.
    """
    asked = [entry for entry in entries if entry.kind != "passage"]
    _check_enough(asked)
    judged = _judge_as_new(entries, vectors)
    nearest = _learn_nearest(judged, [entry.key for entry in asked])
    best = np.array([np.argmax(scores[:, :2] @ nearest) for scores in judged.scores])
    best_scores = judged.scores[np.arange(len(asked)), best]
    right = np.array(
        [
            entry.kind == "question" and _same_point(entry.key, judged.keys[n])
            for entry, n in zip(asked, best, strict=True)
        ]
    )
    trust = _fit(np.column_stack([judged.scope, best_scores]), right, strength=1.0)
    outside = np.array([entry.kind == "out_of_scope" for entry in asked])
    threshold = float(np.quantile(trust_of(judged.scope, best_scores, trust)[outside], 1 - error_rate))
    rows = [n for n, entry in enumerate(entries) if entry.kind != "passage"]
    projected = projection.entries(entries, vectors)[rows]
    return Confidence(_fit(projected, ~outside, strength=SCOPE_STRENGTH), trust, threshold)


@dataclass(frozen=True)
class _Judged:
    """Every known question as if it were new: scope (questions,) and evidence (questions, passages, 3)."""

    keys: tuple[str, ...]
    scope: Vectors
    scores: Vectors


def _judge_as_new(entries: Sequence[Entry], vectors: Vectors) -> _Judged:
    asked = [n for n, entry in enumerate(entries) if entry.kind != "passage"]
    folds = _folds([entries[n] for n in asked])
    keys: tuple[str, ...] = ()
    scope: dict[int, float] = {}
    scores: dict[int, Vectors] = {}
    for fold in range(FOLDS):
        new = {n for n, number in zip(asked, folds, strict=True) if number == fold}
        seen = [n for n in range(len(entries)) if n not in new]
        projection = learn_projection([entries[n] for n in seen], vectors[seen])
        projected = projection.entries(entries, vectors)
        evidence = Evidence(entries, projected)
        keys = evidence.keys
        known = [n for n in seen if entries[n].kind != "passage"]
        in_scope = np.array([entries[n].kind == "question" for n in known])
        weights = _fit(projected[known], in_scope, strength=SCOPE_STRENGTH)
        for n in new:
            scope[n] = float(projected[n] @ weights[:-1] + weights[-1])
            scores[n] = evidence.scores(projected[n], without=entries[n].group)
    return _Judged(keys, np.array([scope[n] for n in asked], dtype=np.float32), np.stack([scores[n] for n in asked]))


def _folds(asked: Sequence[Entry]) -> list[int]:
    """Deals the groups into folds; a question and its translations stay together, and both kinds are in every fold."""
    number = {group: n % FOLDS for n, group in enumerate(dict.fromkeys(entry.group for entry in asked))}
    return [number[entry.group] for entry in asked]


def _learn_nearest(judged: _Judged, wanted: Sequence[str]) -> Vectors:
    """Learns how text and question score together find the passage that a question is about, shape (2,).

    Other countries' passages on the same point are left out: which of them is meant, the jurisdiction decides.
    """
    rows, labels = [], []
    for scores, key in zip(judged.scores, wanted, strict=True):
        for other, pair in zip(judged.keys, scores[:, :2], strict=True):
            if key and (other == key or not _same_point(other, key)):
                rows.append(pair)
                labels.append(other == key)
    return _fit(np.stack(rows), np.array(labels), strength=100.0)[:-1]


def _same_point(key: str, other: str) -> bool:
    """Whether two passages say the same for two countries, or are the same: `kg-…/penalty` and `uz-…/penalty`."""
    return key.split("/")[1] == other.split("/")[1]


def _fit(features: Vectors, labels: NDArray[np.bool_], *, strength: float) -> Vectors:
    """Returns weights and, last, the intercept."""
    model = LogisticRegression(C=strength, max_iter=2000, class_weight="balanced").fit(features, labels)
    weights: Vectors = np.append(model.coef_[0], model.intercept_).astype(np.float32)
    return weights


def _check_enough(asked: Sequence[Entry]) -> None:
    for kind, place in (("question", "the advisories' questions.yml"), ("out_of_scope", "out_of_scope.yml")):
        groups = {entry.group for entry in asked if entry.kind == kind}
        if len(groups) < FEWEST:
            raise SnapshotError(
                f"there are {len(groups)} questions in {place}, and at least {FEWEST} are needed "
                "to learn when to answer; write more of them."
            )
