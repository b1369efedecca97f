"""Other states of the knowledge: an earlier version of the index, or the files of a Git commit."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

from bot.corpus import Files, KnowledgeReader
from bot.corpus.files import SUFFIXES
from bot.errors import KnowledgeError, SetupError
from bot.retrieval import Embedder
from bot.retrieval.snapshot import Progress, Snapshot, assemble, history, load
from bot.settings import Settings


def load_version(settings: Settings, name: str, embedder: Embedder, progress: Progress) -> Snapshot:
    """Returns the state of the knowledge that a Git reference or the beginning of an index version names.

    Raises:
        SetupError: There is no such version, or its knowledge files cannot be used by this release.
        SnapshotError: The version's files are damaged.
    """
    index = settings.data / "index"
    versions = [manifest.version for manifest in history(index) if manifest.version.startswith(name)]
    if len(versions) == 1:
        return load(index, settings.knowledge, versions[0])
    try:
        reading = KnowledgeReader().read(_files_of(settings.knowledge, name))
        return assemble(index, reading, embedder, error_rate=settings.error_rate, progress=progress).snapshot
    except KnowledgeError as error:
        first = error.problems[0]
        raise SetupError(f"the knowledge of '{name}' cannot be used by this release of Safar: {first}") from None


def _files_of(root: Path, reference: str) -> Files:
    """Returns the knowledge files of a Git commit."""
    command = ["git", "-C", str(root), "archive", "--format=tar", reference]  # of the folder it is called in
    try:
        if reference.startswith("-"):
            raise subprocess.CalledProcessError(1, command)
        packed = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603
    except FileNotFoundError:
        raise SetupError("git is not installed, so that only versions of the index can be compared.") from None
    except subprocess.CalledProcessError:
        raise SetupError(
            f"'{reference}' is neither a version of the index (see 'safar index --history') nor a Git commit "
            f"with the folder {root.name}/."
        ) from None
    contents = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member)
            if file and member.name.endswith(SUFFIXES) and Path(member.name).name != "README.md":
                contents[member.name.removeprefix("./")] = file.read()
    return Files(Path(f"{reference}:{root.name}"), contents)
