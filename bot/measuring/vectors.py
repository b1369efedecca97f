"""Vectors of benchmark texts, kept on disk: embedding them takes most of an hour, and every run needs the same."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from bot.errors import SetupError
from bot.retrieval import Embedder, Vectors

BATCH = 64
SAVED_EVERY = 20  # batches, so that a run that is cut short loses little


class StoredVectors:
    """Embeds texts with one model; what was embedded before is read from a folder."""

    def __init__(self, embedder: Embedder, folder: Path, console: Console) -> None:
        self._embedder, self._folder, self._console = embedder, folder, console

    def questions(self, texts: Sequence[str], what: str) -> Vectors:
        """Returns one unit vector a text, embedded as questions; `what` is shown beside the progress bar."""
        return self._vectors("questions", self._embedder.embed_questions, texts, what)

    def passages(self, texts: Sequence[str], what: str) -> Vectors:
        """Returns one unit vector a text, embedded as passages; `what` is shown beside the progress bar."""
        return self._vectors("passages", self._embedder.embed_passages, texts, what)

    def _vectors(
        self, kind: str, embed: Callable[[Sequence[str]], Vectors], texts: Sequence[str], what: str
    ) -> Vectors:
        path = self._folder / f"{self._embedder.name.replace('/', '_')}-{kind}.npz"
        known = _read(path)
        wanted = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
        missing = list(
            {digest: text for digest, text in zip(wanted, texts, strict=True) if digest not in known}.items()
        )
        starts = range(0, len(missing), BATCH)
        for number, start in enumerate(track(starts, f"Embedding {what}", console=self._console, transient=True)):
            batch = missing[start : start + BATCH]
            vectors = embed([text for _, text in batch])
            known.update({digest: vector for (digest, _), vector in zip(batch, vectors, strict=True)})
            if number % SAVED_EVERY == SAVED_EVERY - 1 or start + BATCH >= len(missing):
                _write(path, known)
        return np.stack([known[digest] for digest in wanted])


def _read(path: Path) -> dict[str, Vectors]:
    if not path.exists():
        return {}
    try:
        with np.load(path, allow_pickle=False) as stored:
            return dict(zip(stored["digests"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError) as error:
        raise SetupError(f"{path} is damaged ({type(error).__name__}); delete it.") from None


def _write(path: Path, known: dict[str, Vectors]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{os.getpid()}.npz")
    np.savez(draft, allow_pickle=False, digests=np.array(list(known)), vectors=np.stack(list(known.values())))
    draft.replace(path)
