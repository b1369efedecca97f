"""Question vectors, begun early: the gateway asks for one while the dialogue engine still thinks about the turn."""

from __future__ import annotations

import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from bot.retrieval.interfaces import Embedder, Vectors

KEPT = 256


@dataclass(frozen=True)
class QuestionVector:
    """A question's unit vector, shape (dimensions,), and the seconds it took to embed it."""

    vector: Vectors
    seconds: float


class QuestionCache:
    """Embeds questions in the background and keeps the newest; safe to use from several threads."""

    def __init__(self, embedder: Embedder, *, threads: int = 2) -> None:
        self._embedder = embedder
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embed")
        self._lock = Lock()
        self._futures: OrderedDict[str, Future[QuestionVector]] = OrderedDict()

    def prefetch(self, text: str) -> None:
        """Begins to embed a question that will be asked for soon."""
        self._future(text)

    def vector(self, text: str) -> QuestionVector:
        """Returns the question's vector; waits for it if need be."""
        return self._future(text).result()

    def close(self) -> None:
        """Stops the threads."""
        self._pool.shutdown(cancel_futures=True)

    def _future(self, text: str) -> Future[QuestionVector]:
        with self._lock:
            future = self._futures.pop(text, None)
            if future is None or (future.done() and future.exception()):
                future = self._pool.submit(self._embed, text)
            self._futures[text] = future
            if len(self._futures) > KEPT:
                self._futures.popitem(last=False)
            return future

    def _embed(self, text: str) -> QuestionVector:
        started = time.perf_counter()
        vector: Vectors = self._embedder.embed_questions([text])[0]
        return QuestionVector(vector, time.perf_counter() - started)
