"""The probability that a passage answers a question, learned from the knowledge's own questions.

Two small linear models: is the question in scope at all (from its vector), and does the best passage answer it (from
that and from how far its evidence leads that of the passages behind it). Each known question is judged as if it were
new: by models that have not seen it, and without itself among the evidence. Half of them are judged without their
translations too: people ask what nobody has thought of, and they ask what is known in other words.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from bot.errors import SnapshotError
from bot.retrieval.entries import Entry
from bot.retrieval.evidence import OUTSIDE, Evidence
from bot.retrieval.interfaces import Vectors
from bot.retrieval.projection import Projection, learn_projection
from bot.retrieval.prototypes import learn_prototypes

FOLDS = 3
FEWEST = 2 * FOLDS  # groups of questions of either kind from which something can be learned
SCOPE_STRENGTH = 1.0  # regularisation
CANDIDATES = 20  # nearest passages of a question among which the right one is told from the others
BEST = 5  # of these, how many may well answer it too; the rest only show how near anything is to it
JUDGED = 300  # questions of either kind in a fold that are judged, evenly spread, if there are more
CHUNK = 256  # questions compared with all entries at once
# How much each score of a passage counts when passages are put in order, learned by `scripts/learn_nearness.py` from
# questions whose writers saw only the passages: a passage's own questions were written to differ from each other, and
# would teach that it means nothing to share words with one.
NEARNESS = np.array((8.6, 14.3, 8.2, 11.9, 8.4), dtype=np.float32)
CONCERN = np.float32(2.0)  # how much it counts, in the same learning, that a passage concerns those asked about


@dataclass(frozen=True)
class Confidence:
    """The learned weights.

    Attributes:
        scope: Weights over a projected question vector, and last the intercept; shape (dimensions + 1,).
        trust: Weights of scope, lead and out-of-scope score, and last the intercept; shape (4,).
        threshold: The probability from which a passage counts as an answer.
    """

    scope: Vectors
    trust: Vectors
    threshold: float

    def rank(self, question: Vectors, scores: Vectors, concern: Vectors) -> tuple[NDArray[np.int64], Vectors, Vectors]:
        """Returns the passages' places, the nearest first, and in this order nearness and probabilities of answering.

        Takes a question's vector, (dimensions,), its scores, (passages, SCORES), and how much each passage concerns
        those it is about, (passages,). None is more probable than those before it.
        """
        nearness = scores[:, :OUTSIDE] @ NEARNESS + CONCERN * concern
        order = np.argsort(-nearness, kind="stable")  # equals keep the order of the files
        scope = np.full(len(scores), question @ self.scope[:-1] + self.scope[-1], dtype=np.float32)
        lead = (scores[:, :OUTSIDE] - _background(scores[None])[0]) @ NEARNESS
        trusted = _trusted(np.column_stack([scope, lead, scores[:, OUTSIDE]]), self.trust)
        return order, nearness[order], np.minimum.accumulate(trusted[order])


def _trusted(features: Vectors, weights: Vectors) -> Vectors:
    probability: Vectors = (1 / (1 + np.exp(-features @ weights[:-1] - weights[-1]))).astype(np.float32)
    return probability


def _background(scores: Vectors) -> Vectors:
    """Returns how near the passages behind the best are to each question; takes (questions, passages, SCORES).

    What the best lead by means the same in every language; how near they are does not, for an English question shares
    more words with the texts than a Tajik one.
    """
    own = -scores[:, :, :OUTSIDE]
    count = min(CANDIDATES, own.shape[1])
    nearest = np.sort(np.partition(own, count - 1, axis=1)[:, :count], axis=1)
    background: Vectors = -nearest[:, min(BEST, count - 1) :].mean(axis=1)
    return background


def learn_confidence(
    entries: Sequence[Entry], vectors: Vectors, grams: csr_matrix, projection: Projection, *, error_rate: float
) -> Confidence:
    """Learns from entries and their unit vectors, shape (entries, dimensions).

    Args:
        entries: What to learn from: everything in the index, or a sample of it.
        vectors: Their embeddings.
        grams: Their n-grams.
        projection: What was learned from all of them; it is used for the final weights.
        error_rate: Share of out-of-scope questions that the threshold lets through in cross-validation.

    Raises:
        SnapshotError: There are too few questions to learn from.
    """
    rows = [n for n, entry in enumerate(entries) if entry.asked]
    asked = [entries[n] for n in rows]
    _check_enough(asked)
    judged = _judge_as_new(entries, vectors, grams)
    best = np.argmax(judged.scores[:, :, :OUTSIDE] @ NEARNESS, axis=1)
    questions = np.arange(len(best))
    lead = (judged.scores[questions, best, :OUTSIDE] - judged.background) @ NEARNESS
    features = np.column_stack([judged.scope, lead, judged.scores[:, 0, OUTSIDE]])
    trust = _fit(features, judged.related[questions, best], strength=1.0)
    outside = np.array([entry.kind == "out_of_scope" for entry in asked])
    threshold = float(np.quantile(_trusted(features, trust)[outside[judged.asked]], 1 - error_rate))
    projected = projection.entries(asked, vectors[rows])
    return Confidence(_separate(projected, ~outside), trust, threshold)


@dataclass(frozen=True)
class _Judged:
    """Known questions as if they were new, with the passages nearest to them.

    Attributes:
        asked: Which questions, by their places among all; shape (questions,).
        scope: How much it looks like a question in scope, shape (questions,).
        scores: The evidence of its nearest passages, shape (questions, candidates, SCORES).
        background: How near the passages behind the best are, shape (questions, OUTSIDE).
        related: Whether a candidate says the same point, for whichever country, or belongs to the same advisory; shape
            (questions, candidates).
    """

    asked: NDArray[np.int64]
    scope: Vectors
    scores: Vectors
    background: Vectors
    related: NDArray[np.bool_]


def _judge_as_new(entries: Sequence[Entry], vectors: Vectors, grams: csr_matrix) -> _Judged:
    rows = [n for n, entry in enumerate(entries) if entry.asked]
    folds = np.array(_folds([entries[n] for n in rows]))
    with ThreadPoolExecutor(FOLDS) as pool:  # numpy and scipy let threads run beside each other
        places = [np.flatnonzero(folds == fold) for fold in range(FOLDS)]
        parts = list(pool.map(lambda fold: _judge_fold(entries, vectors, grams, rows, fold), places))
    return _Judged(
        asked=np.concatenate([part.asked for part in parts]),
        scope=np.concatenate([part.scope for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        background=np.concatenate([part.background for part in parts]),
        related=np.concatenate([part.related for part in parts]),
    )


def _judge_fold(
    entries: Sequence[Entry], vectors: Vectors, grams: csr_matrix, rows: Sequence[int], fold: NDArray[np.int64]
) -> _Judged:
    """Judges questions at the places `fold` of `rows` by what the other questions teach."""
    hidden = {rows[place] for place in fold}
    seen = [n for n in range(len(entries)) if n not in hidden]
    projection = learn_projection([entries[n] for n in seen], vectors[seen])
    projected = projection.entries(entries, vectors)
    known = [n for n in seen if entries[n].asked]
    in_scope = np.array([entries[n].kind == "question" for n in known])
    weights = _separate(projected[known], in_scope)
    prototypes = learn_prototypes([entries[n] for n in seen], projected[seen])
    evidence = Evidence(entries, projected, grams, prototypes)
    points = _Points(entries, evidence.keys)
    known_here = np.array([entries[rows[place]].kind == "question" for place in fold])
    asked = np.concatenate([_spread(fold[known_here]), _spread(fold[~known_here])])
    scores, background, related = [], [], []
    for start in range(0, len(asked), CHUNK):
        part = [rows[place] for place in asked[start : start + CHUNK]]
        found = evidence.scores(projected[part], grams[part], without=[_hidden(entries[n]) for n in part])
        places = points.places([entries[n] for n in part])
        nearest = _nearest(found, places)
        scores.append(np.take_along_axis(found, nearest[:, :, None], axis=1))
        background.append(_background(found))
        asking = [entries[n] for n in part]
        related.append(points.same(asking, nearest) | points.related(asking, nearest))
    new = [rows[place] for place in asked]
    scope = (projected[new] @ weights[:-1] + weights[-1]).astype(np.float32)
    found_scores, found_background = np.concatenate(scores), np.concatenate(background)
    return _Judged(asked, scope, found_scores, found_background, np.concatenate(related))


def _spread(places: NDArray[np.int64]) -> NDArray[np.int64]:
    return places[:: max(1, len(places) // JUDGED)]


def _hidden(question: Entry) -> str:
    """Returns what to leave out when a question is judged as new: all its translations, or its own language."""
    return question.group if int(question.group, 16) % 2 else question.voice


class _Points:
    """Which passage a question belongs to, and which passages say the same point for another country."""

    def __init__(self, entries: Sequence[Entry], keys: Sequence[str]) -> None:
        self._place = {key: number for number, key in enumerate(keys)}
        points = {entry.key: entry.point for entry in entries if entry.kind == "passage"}
        self._number = {point: number for number, point in enumerate(dict.fromkeys(points.values()))}
        self._point_of = np.array([self._number[points[key]] for key in keys])
        self._advisory_of = np.array([_advisory(key) for key in keys])

    def places(self, questions: Sequence[Entry]) -> NDArray[np.int64]:
        """Returns the place of each question's passage, -1 for out-of-scope questions."""
        return np.array([self._place.get(question.key, -1) for question in questions])

    def same(self, questions: Sequence[Entry], passages: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Returns whether passages, shape (questions, candidates), say what their question asks."""
        wanted = np.array([self._number.get(question.point, -1) for question in questions])
        same: NDArray[np.bool_] = self._point_of[passages] == wanted[:, None]
        return same

    def related(self, questions: Sequence[Entry], passages: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Returns whether passages, shape (questions, candidates), belong to the advisory their question asks about."""
        wanted = np.array([_advisory(question.key) for question in questions])
        related: NDArray[np.bool_] = self._advisory_of[passages] == wanted[:, None]
        return related


def _advisory(key: str) -> str:
    return key.partition("/")[0]


def _nearest(scores: Vectors, own: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns the places of each question's nearest passages, its own always among them; (questions, candidates)."""
    together = scores[:, :, :OUTSIDE].sum(axis=2)
    rows = np.flatnonzero(own >= 0)
    together[rows, own[rows]] = np.inf
    count = min(CANDIDATES, together.shape[1])
    return np.argpartition(-together, count - 1, axis=1)[:, :count]


def _folds(asked: Sequence[Entry]) -> list[int]:
    """Deals the groups into folds; a question and its translations stay together, and both kinds are in every fold."""
    number = {group: n % FOLDS for n, group in enumerate(dict.fromkeys(entry.group for entry in asked))}
    return [number[entry.group] for entry in asked]


def _fit(features: Vectors, labels: NDArray[np.bool_], *, strength: float) -> Vectors:
    """Returns weights and, last, the intercept."""
    model = LogisticRegression(C=strength, max_iter=2000, class_weight="balanced").fit(features, labels)
    weights: Vectors = np.append(model.coef_[0], model.intercept_).astype(np.float32)
    return weights


def _separate(vectors: Vectors, inside: NDArray[np.bool_]) -> Vectors:
    """Returns weights and, last, the intercept of the plane that tells questions in scope from others.

    Regularised least squares, either kind weighing the same: as good as a logistic regression here, and solved at once.
    """
    rows = np.column_stack([vectors, np.ones(len(vectors), dtype=np.float32)])
    share = np.where(inside, 0.5 / inside.mean(), 0.5 / (~inside).mean()).astype(np.float32)[:, None]
    penalty = SCOPE_STRENGTH * np.eye(rows.shape[1], dtype=np.float64)
    target = np.where(inside, 1.0, -1.0)
    solved: Vectors = np.linalg.solve((rows * share).T @ rows + penalty, (rows * share).T @ target).astype(np.float32)
    return solved


def _check_enough(asked: Sequence[Entry]) -> None:
    for kind, place in (("question", "the advisories' questions.yml"), ("out_of_scope", "out_of_scope.yml")):
        groups = {entry.group for entry in asked if entry.kind == kind}
        if len(groups) < FEWEST:
            raise SnapshotError(
                f"there are {len(groups)} questions in {place}, and at least {FEWEST} are needed "
                "to learn when to answer; write more of them."
            )
