"""How much each score counts when passages are put in order, learned from which of two passages was the right one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import expit  # type: ignore[import-untyped]

PENALTY = 1e-5
Scores = NDArray[np.float64]


def learn_nearness(leads: Sequence[Scores]) -> Scores:
    """Returns a weight for each score; none is negative, for nothing may count against a passage.

    By a logistic regression of the differences of scores (Joachims 2002, "Optimizing Search Engines using Clickthrough
    Data"): scores of different questions, in different languages, cannot be compared with each other.

    Args:
        leads: For each question how the right passage's scores lead those of others, shape (others, scores).
    """
    pairs = np.concatenate(leads)
    sizes = pairs.std(axis=0)
    sizes[sizes == 0] = 1.0  # a score that is the same for all passages
    pairs /= sizes  # so that the penalty treats all scores alike, and few steps suffice

    def loss(weights: Scores) -> tuple[float, Scores]:
        margins = pairs @ weights
        value = float(np.logaddexp(0, -margins).mean() + PENALTY * weights @ weights)
        return value, (-expit(-margins)[:, None] * pairs).mean(axis=0) + 2 * PENALTY * weights

    count = pairs.shape[1]
    found = minimize(loss, np.ones(count), jac=True, method="L-BFGS-B", bounds=[(0, None)] * count)
    weights: Scores = found.x / sizes
    return weights
