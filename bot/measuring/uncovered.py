"""Questions that no passage answers: how many of them are answered all the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from bot.corpus.yaml_file import parse_yaml
from bot.errors import KnowledgeError, SetupError

Kind = Literal["off_topic", "wrong_country", "detail"]
Split = Literal["develop", "report"]


@dataclass(frozen=True)
class Uncovered:
    """One question in one language; see the head of `benchmarks/uncovered_questions.yml`."""

    kind: Kind
    split: Split
    language: str
    text: str


def read_uncovered(path: Path) -> list[Uncovered]:
    """Reads a file of such questions.

    Raises:
        SetupError: It cannot be read.
    """
    try:
        items: list[dict[str, Any]] = parse_yaml(path, path.read_text("utf-8")).data
        named = [({"kind": item.pop("kind"), "split": item.pop("split")}, item) for item in items]
        questions = [
            {**name, "language": language, "text": text}
            for name, item in named
            for language, text in item.items()
            if language != "near"
        ]
        return TypeAdapter(list[Uncovered]).validate_python(questions)
    except (KnowledgeError, OSError, UnicodeDecodeError, KeyError, TypeError, ValidationError) as error:
        raise SetupError(f"the questions in {path} cannot be read: {type(error).__name__}.") from None
