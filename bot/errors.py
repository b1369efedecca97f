"""Every error that Safar raises on purpose.

    SafarError
    ├── SetupError            the machine or the settings stop Safar from starting   (exit code 2)
    ├── KnowledgeError        files under knowledge/ are wrong: all of them at once  (exit code 3)
    ├── SnapshotError         no usable index, or it belongs to other knowledge      (exit code 4)
    ├── ModelError            the embedding model cannot be loaded                   (exit code 5)
    ├── DialogueError         the dialogue engine failed
    │   ├── DialogueDown      it cannot be reached, or is not ready yet
    │   └── EmptyReply        it answered nothing, which hides an error of its own
    └── TrainingError         the dialogue model could not be trained                (exit code 6)

Errors of other libraries become one of these where they enter. No error carries the words of a user.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class SafarError(Exception):
    """Base of all; its text is a sentence for the person who meets it."""

    exit_code = 1


class SetupError(SafarError):
    """The machine or the settings stop Safar from starting."""

    exit_code = 2


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one knowledge file, with the place and what to write instead.

    `rule` names the check that found it. An error keeps the knowledge from being used, a warning does not.
    """

    path: Path
    line: int
    message: str
    rule: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class KnowledgeError(SafarError):
    """Knowledge files are wrong; `problems` lists every one that was found."""

    exit_code = 3

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SnapshotError(SafarError):
    """There is no usable index, or it was built from other knowledge or with another model."""

    exit_code = 4


class ModelError(SafarError):
    """The embedding model cannot be loaded."""

    exit_code = 5


class TrainingError(SafarError):
    """The dialogue model could not be trained."""

    exit_code = 6


class DialogueError(SafarError):
    """The dialogue engine failed."""


class DialogueDown(DialogueError):
    """The dialogue engine cannot be reached, or has no model loaded yet."""


class EmptyReply(DialogueError):
    """The dialogue engine answered nothing: its REST channel hides its own exceptions that way."""
