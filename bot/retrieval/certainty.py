"""How probable it is that the best passage is the one that answers, from its lead over the next and from its own score.

A logistic regression on two numbers (Platt 1999, "Probabilistic outputs for support vector machines"), learned by
`scripts/learn_certainty.py` from questions whose writers saw only the passages, and from questions that no passage
answers. `benchmarks/results/reliability.png` shows how far it can be believed on other questions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

FARTHEST = 6.0  # a larger lead says nothing more
WEIGHTS = (0.67, 0.02, -0.52)  # of the lead, of the log odds of the passage's probability, and what remains
_LEAST = 1e-4


def features(probability: float, lead: float) -> tuple[float, float]:
    """Returns what the regression rests on: the lead, as far as it counts, and the log odds of the probability."""
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return min(lead, FARTHEST), math.log(bounded / (1 - bounded))


def certainty(probability: float, lead: float, weights: Sequence[float] = WEIGHTS) -> float:
    """Returns how probable it is, between 0 and 1, that a passage answers a question.

    Args:
        probability: That of the passage; 1 if a maintainer has said that it answers the question.
        lead: By how much its nearness exceeds that of the next passage of another advisory.
        weights: The learned weights.
    """
    if probability >= 1:
        return 1.0
    ahead, odds = features(probability, lead)
    return 1 / (1 + math.exp(-(weights[0] * ahead + weights[1] * odds + weights[2])))
