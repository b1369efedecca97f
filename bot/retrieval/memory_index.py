"""Exact search in memory over a snapshot."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bot.retrieval.evidence import Evidence
from bot.retrieval.interfaces import Ranked, Ranking, Vectors
from bot.retrieval.snapshot import Snapshot


class MemoryIndex:
    """Compares a question with every entry of a snapshot. Immutable, so safe to use from several threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        projected = snapshot.projection.entries(snapshot.entries, snapshot.vectors)
        self._evidence = Evidence(snapshot.entries, projected)

    @property
    def version(self) -> str:
        """The fingerprint of the knowledge and the model it was built from."""
        return self._snapshot.version

    def rank(self, question: Vectors, languages: Mapping[str, float]) -> Ranking:
        """Returns the ranking for one question; see `Index.rank`."""
        confidence = self._snapshot.confidence
        projected = self._snapshot.projection.question(question, languages)
        scores = self._evidence.scores(projected)
        probabilities = confidence.probabilities(projected, scores)
        passages = tuple(
            Ranked(
                key=self._evidence.keys[n],
                probability=float(probabilities[n]),
                text_score=float(scores[n, 0]),
                question_score=float(scores[n, 1]),
            )
            for n in np.argsort(-probabilities, kind="stable")  # equals keep the order of the files
        )
        return Ranking(passages, confidence.threshold, self.version)
