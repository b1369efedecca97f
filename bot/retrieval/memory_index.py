"""Exact search in memory over a snapshot."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bot.retrieval.evidence import QUESTION, TEXT, WORDS, Evidence
from bot.retrieval.grams import count
from bot.retrieval.interfaces import Ranked, Ranking, Vectors
from bot.retrieval.snapshot import Snapshot

RANKED = 200  # passages in a ranking; those after them are never probable enough to be shown


class MemoryIndex:
    """Compares a question with every entry of a snapshot. Immutable, so safe to use from several threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._version, self._learned = snapshot.version, snapshot.learned
        projected = snapshot.learned.projection.entries(snapshot.entries, snapshot.vectors)
        self._evidence = Evidence(snapshot.entries, projected, snapshot.grams)

    @property
    def version(self) -> str:
        """The fingerprint of the knowledge and the model it was built from."""
        return self._version

    def rank(self, text: str, vector: Vectors, languages: Mapping[str, float]) -> Ranking:
        """Returns the ranking for one question; see `Index.rank`."""
        confidence = self._learned.confidence
        projected = self._learned.projection.question(vector, languages)
        scores = self._evidence.scores(projected[None, :], count([text]))[0]
        probabilities = confidence.probabilities(projected, scores)
        passages = tuple(
            Ranked(
                key=self._evidence.keys[n],
                probability=float(probabilities[n]),
                text_score=float(scores[n, TEXT]),
                question_score=float(scores[n, QUESTION]),
                word_score=float(scores[n, WORDS]),
            )
            for n in np.argsort(-probabilities, kind="stable")[:RANKED]  # equals keep the order of the files
        )
        return Ranking(passages, confidence.threshold, self.version)
