"""A deterministic embedder without a model, for tests: texts that share character trigrams are near."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from bot.retrieval.interfaces import Vectors


class FakeEmbedder:
    """Hashes character trigrams into a unit vector.

    >>> near, far = FakeEmbedder().embed_questions(["army", "cook"]) @ FakeEmbedder().embed_passages(["the army"])[0]
    >>> bool(near > far)
    True
    """

    def __init__(self, dimensions: int = 256) -> None:
        self._dimensions = dimensions
        self.embedded = 0

    @property
    def name(self) -> str:
        """Names the fake and its size."""
        return f"fake-{self._dimensions}"

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Returns one unit vector a text."""
        self.embedded += len(texts)
        return np.stack([self._vector(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Returns one unit vector a text, the same as for a question."""
        return self.embed_questions(texts)

    def _vector(self, text: str) -> Vectors:
        padded = f"  {text.lower()}  "
        vector = np.zeros(self._dimensions, dtype=np.float32)
        for start in range(len(padded) - 2):
            vector[zlib.crc32(padded[start : start + 3].encode()) % self._dimensions] += 1
        return vector / np.float32(np.linalg.norm(vector))
