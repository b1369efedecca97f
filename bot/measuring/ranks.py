"""At which place the right one of several things stands, and what is made of that."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from bot.retrieval import Vectors

RRF_CONSTANT = 60  # of Cormack, Clarke, Büttcher 2009, "Reciprocal Rank Fusion outperforms Condorcet …"


@dataclass(frozen=True)
class Recall:
    """Shares of questions between 0 and 1 whose page is first, and in the first three; and the mean reciprocal rank."""

    first: float
    top: float
    mrr: float

    def figures(self) -> dict[str, float]:
        """Returns the shares by the names that they have in the field."""
        first, top, mrr = asdict(self).values()
        return {"recall@1": first, "recall@3": top, "mrr": mrr}


def recall(scores: Vectors, right: NDArray[np.int64]) -> Recall:
    """Returns how well scores, (questions, pages), find the right page of each; whoever ties with it stands before it.

    So a score that is zero for all, as words are across scripts, counts as having found nothing.
    """
    own = np.take_along_axis(scores, right[:, None], axis=1)
    place = (scores >= own).sum(axis=1)
    return Recall(float((place == 1).mean()), float((place <= 3).mean()), float((1 / place).mean()))


def fuse(*scores: Vectors) -> Vectors:
    """Returns the reciprocal rank fusion of scores with equal weights, each (questions, pages).

    Ties share the worst of their places, and what has no positive score in one of them gets nothing from it.
    """
    shares = [np.where(each > 0, 1 / (RRF_CONSTANT + _places(each)), 0.0) for each in scores]
    fused: Vectors = np.sum(shares, axis=0, dtype=np.float32)
    return fused


def _places(scores: Vectors) -> NDArray[np.int64]:
    ascending = np.sort(scores, axis=1)
    places = [row.size - np.searchsorted(order, row, side="left") for row, order in zip(scores, ascending, strict=True)]
    found: NDArray[np.int64] = np.stack(places)
    return found
