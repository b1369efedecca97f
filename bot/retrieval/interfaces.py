"""The two interfaces of retrieval: what embeds texts, and what searches passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors. Questions and passages are embedded differently, so the call says which."""

    @property
    def name(self) -> str:
        """Names model and version; vectors of different names are never mixed."""
        ...

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Returns one unit vector a question, shape (texts, dimensions). Safe to call from several threads."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Returns one unit vector a passage, shape (texts, dimensions). Safe to call from several threads."""
        ...


class Reranker(Protocol):
    """Reads a question and a text together: better than comparing vectors, and too slow for more than a few texts."""

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        """Returns how well each text answers the question, shape (texts,); only their order means something."""
        ...


@dataclass(frozen=True)
class Ranked:
    """A passage with the calibrated probability that it answers the question, and the evidence behind that.

    `nearness` is all evidence together, by which passages are put in order; the higher the nearer. `concern` is what
    the index was told of the passage; see `Index.rank`.
    """

    key: str
    probability: float
    nearness: float
    question_score: float
    prototype_score: float
    word_score: float
    question_word_score: float
    gathered_word_score: float
    concern: float


@dataclass(frozen=True)
class Ranking:
    """The most probable passages, best first.

    `threshold` is the probability from which a passage counts as an answer; `version` tells which state of the
    knowledge was searched.
    """

    passages: tuple[Ranked, ...]
    threshold: float
    version: str


class Index(Protocol):
    """Ranks passages for a question vector."""

    @property
    def version(self) -> str:
        """The fingerprint of the knowledge and the model it was built from."""
        ...

    def rank(
        self, text: str, vector: Vectors, languages: Mapping[str, float], concern: Mapping[str, float] | None = None
    ) -> Ranking:
        """Returns the ranking for one question.

        Args:
            text: The question.
            vector: Its unit vector, shape (dimensions,).
            languages: How probable it is that the question is in each language; the values sum to 1.
            concern: How much a passage is about those whom the question is about, between 0 and 1, by its key; 0 for
                those not named. It counts for the order, not for the probability.
        """
        ...
