"""The index on disk: an immutable folder per state of the knowledge, and one pointer that is replaced atomically.

<folder>/<version>/manifest.json   what it was built from and when
<folder>/<version>/knowledge.zip   the knowledge files themselves, so that a version can be used and restored as a whole
<folder>/<version>/digests.npy     what was embedded, 32 bytes an entry
<folder>/<version>/vectors.npy     one unit vector an entry, zeros for what is not embedded; memory-mapped when read
<folder>/<version>/grams.npz       the pieces of words of each entry
<folder>/<version>/learned.npz     what was learned from the entries
<folder>/current                   the version in use: readers see the old one or the new one, never a mix
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, load_npz, save_npz, vstack  # type: ignore[import-untyped]

from bot.corpus import Files, Knowledge, KnowledgeReader, Reading
from bot.errors import KnowledgeError, SnapshotError
from bot.retrieval.entries import Entry, entries_of
from bot.retrieval.grams import count
from bot.retrieval.interfaces import Embedder, Vectors
from bot.retrieval.learning import Learned, learn

FORMAT = 28  # raised when the files' form or the method of learning changes, so that old snapshots are built anew
KEPT = 10  # snapshots kept for going back
BATCH = 32  # texts embedded at once between two steps of the progress bar
_DAMAGE = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, KnowledgeError)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Manifest:
    """What is told of a version: `built` is a moment in UTC, and the numbers say how much the index holds."""

    version: str
    format: int
    model: str
    knowledge: str
    built: str
    advisories: int
    passages: int
    entries: int


@dataclass(frozen=True, eq=False)  # arrays have no single truth of being equal
class Snapshot:
    """One built index with its knowledge; `vectors` has shape (entries, dimensions), `grams` a row an entry."""

    manifest: Manifest
    knowledge: Knowledge
    entries: tuple[Entry, ...]
    vectors: Vectors
    grams: csr_matrix
    learned: Learned

    @property
    def version(self) -> str:
        """The version's name."""
        return self.manifest.version


@dataclass(frozen=True)
class Built:
    """What a build made, and how many of its entries it had to embed."""

    snapshot: Snapshot
    embedded: int


@dataclass(frozen=True)
class Pointer:
    """Which version is in use; `instead_of` is the fingerprint of the knowledge files it was restored over, if any."""

    version: str
    instead_of: str | None = None


def version_of(knowledge_fingerprint: str, model: str, error_rate: float) -> str:
    """Returns the version of the snapshot that belongs to this knowledge, model and permitted error."""
    parts = f"{FORMAT}\0{knowledge_fingerprint}\0{model}\0{error_rate}"
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def read_pointer(folder: Path) -> Pointer | None:
    """Returns which version is in use, or None if nothing was built yet."""
    try:
        lines = (folder / "current").read_text().split()
    except FileNotFoundError:
        return None
    return Pointer(lines[0], lines[1] if len(lines) > 1 else None) if lines else None


def is_current(folder: Path, knowledge_fingerprint: str, model: str, error_rate: float) -> bool:
    """Whether the version in use belongs to these knowledge files, or was restored over them on purpose."""
    pointer = read_pointer(folder)
    if pointer is None:
        return False
    version = version_of(knowledge_fingerprint, model, error_rate)
    return pointer.version == version or pointer.instead_of == knowledge_fingerprint


def build(
    folder: Path,
    reading: Reading,
    embedder: Embedder,
    *,
    error_rate: float,
    progress: Progress = lambda *_: None,
) -> Built:
    """Builds and publishes the snapshot of this knowledge; only texts without a known vector are embedded.

    Raises:
        KnowledgeError: The knowledge files are wrong.
        SnapshotError: The folder cannot be written, or there are too few questions to learn from.
    """
    try:
        with _locked(folder):
            built = assemble(folder, reading, embedder, error_rate=error_rate, progress=progress)
            _publish(folder, built.snapshot, reading.files)
    except OSError as error:
        raise SnapshotError(f"the index cannot be written to {folder}: {error.strerror}") from None
    return built


def assemble(
    folder: Path,
    reading: Reading,
    embedder: Embedder,
    *,
    error_rate: float,
    progress: Progress = lambda *_: None,
) -> Built:
    """Makes the snapshot of this knowledge in memory, with the vectors that `folder` has already; see `build`."""
    knowledge = reading.usable()
    entries = entries_of(knowledge)
    vectors, grams, embedded = _embed(entries, embedder, folder, progress)
    manifest = Manifest(
        version=version_of(knowledge.fingerprint, embedder.name, error_rate),
        format=FORMAT,
        model=embedder.name,
        knowledge=knowledge.fingerprint,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        advisories=len(knowledge.advisories),
        passages=len(knowledge.passages),
        entries=len(entries),
    )
    learned = learn(entries, vectors, grams, error_rate=error_rate)
    return Built(Snapshot(manifest, knowledge, entries, vectors, grams, learned), embedded)


def load(folder: Path, root: Path, version: str | None = None, *, reader: KnowledgeReader | None = None) -> Snapshot:
    """Returns a snapshot, the one in use if no version is named; its vectors are memory-mapped.

    Args:
        folder: The folder of all snapshots.
        root: Where the knowledge files lie, for messages.
        version: A version's name.
        reader: Reads the knowledge, and need not read what it has read before.

    Raises:
        SnapshotError: There is none, or its files are damaged.
    """
    pointer = Pointer(version) if version else read_pointer(folder)
    if pointer is None:
        raise SnapshotError(f"there is no index in {folder}; run 'safar index'.")
    place = folder / pointer.version
    try:
        manifest = _read_manifest(place)
        knowledge = (reader or KnowledgeReader()).read(Files.unpack(root, place / "knowledge.zip")).usable()
        vectors = np.load(place / "vectors.npy", mmap_mode="r", allow_pickle=False)
        grams, entries = load_npz(place / "grams.npz"), entries_of(knowledge)
        if not len(entries) == len(vectors) == grams.shape[0]:
            raise ValueError("vectors and entries differ in number")
        return Snapshot(manifest, knowledge, entries, vectors, grams, Learned.load(place / "learned.npz"))
    except _DAMAGE as error:
        reason = str(error).split("\n")[0]
        message = f"the index {pointer.version} in {folder} is damaged ({reason}); run 'safar index'."
        raise SnapshotError(message) from None


def history(folder: Path) -> list[Manifest]:
    """Returns the versions that are kept, newest first."""
    found = []
    for path in folder.glob("*/manifest.json"):
        try:
            found.append(_read_manifest(path.parent))
        except _DAMAGE:
            continue  # a damaged old version cannot be restored, so it is not offered
    return sorted(found, key=lambda manifest: manifest.built, reverse=True)


def restore(folder: Path, root: Path, prefix: str, instead_of: str) -> Manifest:
    """Puts an earlier version into use, until the knowledge files change again.

    Args:
        folder: The folder of all snapshots.
        root: Where the knowledge files lie, for messages.
        prefix: The version's name or the beginning of it.
        instead_of: The fingerprint of the knowledge files as they are now.

    Raises:
        SnapshotError: No version or more than one begins like that, or it cannot be used.
    """
    matches = [manifest for manifest in history(folder) if manifest.version.startswith(prefix)]
    if len(matches) != 1:
        offered = ", ".join(manifest.version for manifest in history(folder)) or "none"
        what = "no version begins" if not matches else f"{len(matches)} versions begin"
        raise SnapshotError(f"{what} with '{prefix}'; kept are: {offered}.")
    load(folder, root, matches[0].version)
    with _locked(folder):
        own = matches[0].knowledge == instead_of
        _point(folder, Pointer(matches[0].version, None if own else instead_of))
    return matches[0]


def _read_manifest(place: Path) -> Manifest:
    manifest = Manifest(**json.loads((place / "manifest.json").read_text()))
    if manifest.format != FORMAT:
        raise ValueError("it was built by another release of Safar")
    return manifest


# Embedding ---------------------------------------------------------------------------------------------------------


def _embed(
    entries: Sequence[Entry], embedder: Embedder, folder: Path, progress: Progress
) -> tuple[Vectors, csr_matrix, int]:
    """Returns the entries' vectors and n-grams, and how many had to be embedded: no earlier snapshot had them."""
    wanted: list[bytes] = _digests(entries).tolist()
    missing = dict(zip(wanted, entries, strict=True))
    place: dict[bytes, int] = {}  # of each digest among the rows that are found one after the other
    vectors: list[Vectors] = []
    grams: list[csr_matrix] = []
    for digests, old_vectors, old_grams in _earlier(folder, embedder.name):
        if not missing:
            break
        rows = [row for row, digest in enumerate(digests.tolist()) if missing.pop(digest, None)]
        place.update({bytes(digests[row]): len(place) + number for number, row in enumerate(rows)})
        vectors.append(old_vectors[rows])
        grams.append(old_grams[rows])

    def add(entries: Sequence[Entry], found: Vectors) -> None:
        vectors.append(found)
        grams.append(count([entry.text for entry in entries]))
        place.update({digest: len(place) + number for number, digest in enumerate(_digests(entries).tolist())})

    passages = [entry for entry in missing.values() if entry.kind == "passage"]
    questions = [entry for entry in missing.values() if entry.asked]
    done = 0
    for chosen, embed in ((passages, embedder.embed_passages), (questions, embedder.embed_questions)):
        for start in range(0, len(chosen), BATCH):
            batch = chosen[start : start + BATCH]
            add(batch, embed([entry.embedded for entry in batch]))
            done += len(batch)
            progress(done, len(passages) + len(questions))
    translations = [entry for entry in missing.values() if entry.kind == "translation"]
    add(translations, np.zeros((len(translations), vectors[0].shape[1]), dtype=np.float32))
    order = [place[digest] for digest in wanted]
    return np.concatenate(vectors)[order], vstack(grams, format="csr")[order], done


def _digests(entries: Sequence[Entry]) -> NDArray[np.bytes_]:
    return np.array([entry.digest for entry in entries], dtype="S32")  # which ends at the last byte that is not zero


def _earlier(folder: Path, model: str) -> Iterator[tuple[NDArray[np.bytes_], Vectors, csr_matrix]]:
    """Yields digests, vectors and n-grams of the kept snapshots of a model, newest first."""
    for path in sorted(folder.glob("*/manifest.json"), key=lambda p: p.stat().st_mtime, reverse=True):
        try:
            if json.loads(path.read_text())["model"] != model:
                continue
            digests = np.load(path.parent / "digests.npy", allow_pickle=False)
            vectors = np.load(path.parent / "vectors.npy", mmap_mode="r", allow_pickle=False)
            grams = load_npz(path.parent / "grams.npz")
        except _DAMAGE:
            continue  # a damaged old snapshot only costs the work of embedding again
        if len(digests) == len(vectors) == grams.shape[0]:
            yield digests, vectors, grams


# Publishing --------------------------------------------------------------------------------------------------------


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lets one process at a time build or point."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        for unfinished in folder.glob(".building-*"):  # by a process that was killed
            shutil.rmtree(unfinished, ignore_errors=True)
        yield


def _publish(folder: Path, snapshot: Snapshot, files: Files) -> None:
    target = folder / snapshot.version
    draft = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    try:
        np.save(draft / "vectors.npy", snapshot.vectors)
        save_npz(draft / "grams.npz", snapshot.grams, compressed=False)
        np.save(draft / "digests.npy", _digests(snapshot.entries))
        (draft / "knowledge.zip").write_bytes(files.archive())
        snapshot.learned.save(draft / "learned.npz")
        (draft / "manifest.json").write_text(json.dumps(asdict(snapshot.manifest), indent=2))
        draft.chmod(0o755)
        if target.exists():  # built before, or damaged: equal versions have equal content
            target.rename(draft / "replaced")
        draft.rename(target)
        shutil.rmtree(target / "replaced", ignore_errors=True)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _point(folder, Pointer(snapshot.version))
    _drop_old(folder, snapshot.version)


def _point(folder: Path, pointer: Pointer) -> None:
    draft = folder / f".current-{os.getpid()}"
    draft.write_text("\n".join(filter(None, (pointer.version, pointer.instead_of))))
    draft.replace(folder / "current")


def _drop_old(folder: Path, current: str) -> None:
    versions = sorted((path.parent for path in folder.glob("*/manifest.json")), key=lambda p: p.stat().st_mtime)
    for path in versions[:-KEPT]:
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)
