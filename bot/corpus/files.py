"""The files of a knowledge folder, read into memory all at once: what follows cannot be disturbed by further edits."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.errors import KnowledgeError, Problem

LARGEST = 1_000_000  # bytes; a knowledge file is text that people wrote
SUFFIXES = (".yml", ".md")
_NOT_KNOWLEDGE = ("README.md",)
_ATTEMPTS = 20  # times a folder that is just being changed is read again
_State = tuple[int, int, int, int, int]
_SEEN_DATE = (1980, 1, 1, 0, 0, 0)  # the same in every archive, so that equal files make equal archives


@dataclass(frozen=True)
class Files:
    """The content of every knowledge file, by its path below `root`.

    `others` names the files that are no knowledge files, and `problems` tells what could not be read.
    """

    root: Path
    contents: Mapping[str, bytes]
    others: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """A digest of every file's path and content."""
        return self.digest(self.contents)

    def digest(self, names: Mapping[str, bytes] | list[str]) -> str:
        """Returns a digest of some of the files."""
        digest = hashlib.sha256()
        for name in sorted(names):
            content = self.contents[name]
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    def path(self, name: str) -> Path:
        """Returns where a file lies, for messages."""
        return self.root / name

    def text(self, name: str) -> str:
        """Returns a file's text, with line ends of its own kind made plain.

        Raises:
            KnowledgeError: It is missing or not UTF-8.
        """
        if name not in self.contents:
            if any(problem.path == self.path(name) for problem in self.problems):
                raise KnowledgeError([])  # why it could not be read is reported already
            raise KnowledgeError([Problem(self.path(name), 1, "this file is missing; add it.", "missing-file")])
        content = self.contents[name]
        try:
            return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            message = "the file is not UTF-8 from here on; save it with the encoding UTF-8."
            raise KnowledgeError([Problem(self.path(name), line, message, "encoding")]) from None

    def archive(self) -> bytes:
        """Returns all files as one ZIP archive; equal files make equal archives."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name in sorted(self.contents):
                archive.writestr(zipfile.ZipInfo(name, _SEEN_DATE), self.contents[name], zipfile.ZIP_DEFLATED)
        return target.getvalue()

    @classmethod
    def unpack(cls, root: Path, archive: Path) -> Files:
        """Returns the files of an archive, as if they lay under `root`.

        Raises:
            OSError: The archive cannot be read.
            zipfile.BadZipFile: It is damaged.
        """
        with zipfile.ZipFile(archive) as opened:
            return cls(root, {name: opened.read(name) for name in opened.namelist()})


@dataclass
class FolderReader:
    """Reads a knowledge folder again and again; a file that did not change is not read twice."""

    root: Path
    _states: dict[str, _State] = field(default_factory=dict)
    _contents: dict[str, bytes] = field(default_factory=dict)

    def read(self) -> Files:
        """Returns all files as they were at one moment.

        Raises:
            KnowledgeError: There is no such folder, or it does not stop changing.
        """
        for _ in range(_ATTEMPTS):
            before = self._scan()
            files = self._read(before)
            if files is not None and self._scan() == before:
                return files
        message = "the folder's files keep changing; wait until nothing writes to it."
        raise KnowledgeError([Problem(self.root, 1, message, "unsteady")])

    def _scan(self) -> dict[str, _State]:
        if not self.root.is_dir():
            raise KnowledgeError([Problem(self.root, 1, "this folder is missing.", "missing-file")])
        return {path.relative_to(self.root).as_posix(): state for path in _walk(self.root) if (state := _state(path))}

    def _read(self, states: Mapping[str, _State]) -> Files | None:
        contents: dict[str, bytes] = {}
        others: list[str] = []
        problems: list[Problem] = []
        for name, state in states.items():
            path = self.root / name
            if not name.endswith(SUFFIXES) and not path.is_symlink():
                others.append(name)
                continue
            problem = _refusal(self.root, path, size=state[2])
            if problem:
                problems.append(problem)
            elif self._states.get(name) == state:
                contents[name] = self._contents[name]
            else:
                try:
                    contents[name] = path.read_bytes()
                except FileNotFoundError:
                    return None
                except OSError as error:
                    message = f"the file cannot be read: {error.strerror}."
                    problems.append(Problem(path, 1, message, "missing-file"))
        self._states = {name: states[name] for name in contents}
        self._contents = contents
        return Files(self.root, contents, tuple(others), tuple(problems))


def read_files(root: Path) -> Files:
    """Returns the files of a knowledge folder.

    Raises:
        KnowledgeError: There is no such folder, or it does not stop changing.
    """
    return FolderReader(root).read()


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in [*links, *sorted(names)]:
            if not name.startswith(".") and not name.endswith("~") and name not in _NOT_KNOWLEDGE:
                yield Path(folder, name)


def _state(path: Path) -> _State | None:
    """Returns what changes whenever a file's content does; None if the file was just deleted."""
    try:
        state = path.stat()
    except OSError:
        if not path.is_symlink():
            return None
        state = path.lstat()  # a link to nothing
    return state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino, state.st_mode


def _refusal(root: Path, path: Path, *, size: int) -> Problem | None:
    if path.is_symlink() and not (path.is_file() and path.resolve().is_relative_to(root.resolve())):
        message = "this is a link that does not lead to a file of this folder; put the file itself here."
        return Problem(path, 1, message, "link")
    if size > LARGEST:
        message = f"the file has {size:,} bytes, and at most {LARGEST:,} are allowed; divide it."
        return Problem(path, 1, message, "too-large")
    return None
