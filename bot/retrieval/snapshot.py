"""The index on disk: an immutable folder per state of the knowledge, and one pointer that is replaced atomically.

<folder>/<version>/manifest.json   what it was built from, and the entries
<folder>/<version>/vectors.npy     one unit vector an entry, memory-mapped when read
<folder>/<version>/learned.npz     what was learned from the entries: projection and confidence
<folder>/current                   the version in use: readers see the old one or the new one, never a mix
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.corpus import Knowledge
from bot.errors import SnapshotError
from bot.retrieval.confidence import Confidence, learn_confidence
from bot.retrieval.entries import Entry, entries_of
from bot.retrieval.interfaces import Embedder, Vectors
from bot.retrieval.projection import Projection, learn_projection

FORMAT = 2  # raised when the files' form or the method of learning changes, so that old snapshots are built anew
KEPT = 5  # snapshots kept for going back
BATCH = 16  # texts embedded at once between two steps of the progress bar

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Snapshot:
    """One built index: `vectors` has shape (entries, dimensions)."""

    version: str
    entries: tuple[Entry, ...]
    vectors: Vectors
    projection: Projection
    confidence: Confidence


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    version: str
    entries: int
    embedded: int


def version_of(knowledge_fingerprint: str, model: str, error_rate: float) -> str:
    """Returns the version of the snapshot that belongs to this knowledge, model and permitted error."""
    parts = f"{FORMAT}\0{knowledge_fingerprint}\0{model}\0{error_rate}"
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def current_version(folder: Path) -> str | None:
    """Returns the version in use, or None if nothing was built yet."""
    try:
        return (folder / "current").read_text().strip()
    except FileNotFoundError:
        return None


def build(
    folder: Path,
    knowledge: Knowledge,
    embedder: Embedder,
    *,
    error_rate: float,
    progress: Progress = lambda *_: None,
) -> BuildReport:
    """Builds and publishes the snapshot of this knowledge; only texts without a known vector are embedded.

    Raises:
        SnapshotError: The folder cannot be written, or there are too few questions to learn from.
    """
    version = version_of(knowledge.fingerprint, embedder.name, error_rate)
    entries = entries_of(knowledge)
    vectors, embedded = _embed(entries, embedder, _known_vectors(folder, embedder.name), progress)
    projection = learn_projection(entries, vectors)
    confidence = learn_confidence(entries, vectors, projection, error_rate=error_rate)
    snapshot = Snapshot(version, entries, vectors, projection, confidence)
    try:
        _publish(folder, snapshot, embedder.name)
    except OSError as error:
        raise SnapshotError(f"the index cannot be written to {folder}: {error.strerror}") from None
    return BuildReport(version, len(entries), embedded)


def load(folder: Path) -> Snapshot:
    """Returns the snapshot in use; its vectors are memory-mapped.

    Raises:
        SnapshotError: There is none, or its files are damaged.
    """
    version = current_version(folder)
    if version is None:
        raise SnapshotError(f"there is no index in {folder}; run 'safar index'.")
    try:
        manifest = json.loads((folder / version / "manifest.json").read_text())
        vectors = np.load(folder / version / "vectors.npy", mmap_mode="r", allow_pickle=False)
        entries = tuple(Entry(**entry) for entry in manifest["entries"])
        if len(entries) != len(vectors):
            raise ValueError("vectors and entries differ in number")
        return Snapshot(version, entries, vectors, *_read_learned(folder / version / "learned.npz"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotError(f"the index {version} in {folder} is damaged ({error}); run 'safar index'.") from None


def _embed(
    entries: Sequence[Entry], embedder: Embedder, known: dict[str, Vectors], progress: Progress
) -> tuple[Vectors, int]:
    missing = {entry.digest: entry for entry in entries if entry.digest not in known}
    done = 0
    for mode, embed in (("passage", embedder.embed_passages), ("question", embedder.embed_questions)):
        chosen = [entry for entry in missing.values() if (entry.kind == "passage") == (mode == "passage")]
        for start in range(0, len(chosen), BATCH):
            batch = chosen[start : start + BATCH]
            rows = embed([entry.text for entry in batch])
            known.update(zip((entry.digest for entry in batch), rows, strict=True))
            done += len(batch)
            progress(done, len(missing))
    return np.stack([known[entry.digest] for entry in entries]), done


def _known_vectors(folder: Path, model: str) -> dict[str, Vectors]:
    """Returns vectors of earlier snapshots of the same model, by digest."""
    known: dict[str, Vectors] = {}
    for path in folder.glob("*/manifest.json"):
        try:
            manifest = json.loads(path.read_text())
            if manifest["model"] == model:
                vectors = np.load(path.parent / "vectors.npy", allow_pickle=False)
                digests = (Entry(**entry).digest for entry in manifest["entries"])
                known.update(zip(digests, vectors, strict=True))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a damaged old snapshot only costs the work of embedding again
    return known


def _publish(folder: Path, snapshot: Snapshot, model: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / snapshot.version
    draft = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    try:
        np.save(draft / "vectors.npy", snapshot.vectors)
        manifest = {
            "format": FORMAT,
            "model": model,
            "entries": [asdict(entry) for entry in snapshot.entries],
        }
        _write_learned(draft / "learned.npz", snapshot)
        (draft / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False))
        draft.chmod(0o755)
        if target.exists():  # a damaged one: equal versions have equal content
            target.rename(draft / "replaced")
        draft.rename(target)
        shutil.rmtree(target / "replaced", ignore_errors=True)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _point(folder, snapshot.version)
    _drop_old(folder, snapshot.version)


def _write_learned(path: Path, snapshot: Snapshot) -> None:
    projection, confidence = snapshot.projection, snapshot.confidence
    arrays: dict[str, Any] = {
        "matrix": projection.matrix,
        "scope": confidence.scope,
        "trust": confidence.trust,
        "threshold": np.array(confidence.threshold),
    }
    arrays |= {f"question_mean:{language}": mean for language, mean in projection.question_means.items()}
    arrays |= {f"passage_mean:{language}": mean for language, mean in projection.passage_means.items()}
    np.savez(path, allow_pickle=False, **arrays)


def _read_learned(path: Path) -> tuple[Projection, Confidence]:
    with np.load(path, allow_pickle=False) as arrays:

        def means(kind: str) -> dict[str, Vectors]:
            return {name.partition(":")[2]: arrays[name] for name in arrays.files if name.startswith(f"{kind}:")}

        projection = Projection(means("question_mean"), means("passage_mean"), arrays["matrix"])
        threshold = float(arrays["threshold"])
        return projection, Confidence(arrays["scope"], arrays["trust"], threshold)


def _point(folder: Path, version: str) -> None:
    draft = folder / f".current-{os.getpid()}"
    draft.write_text(version)
    draft.replace(folder / "current")


def _drop_old(folder: Path, current: str) -> None:
    versions = sorted((path.parent for path in folder.glob("*/manifest.json")), key=lambda p: p.stat().st_mtime)
    for path in versions[:-KEPT]:
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)
