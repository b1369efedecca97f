"""Reading YAML files so that every error names its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.errors import KnowledgeError, Problem

LARGEST = 1_000_000  # bytes; a knowledge file is text that people wrote

Model = TypeVar("Model", bound=BaseModel)


class _Constructor(RoundTripConstructor):
    """Leaves dates as they are written: the schemas read them, and name the line of a wrong one."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_yaml_str)


@dataclass(frozen=True)
class YamlFile:
    """A parsed file that remembers where everything stood."""

    path: Path
    data: Any

    def line(self, *keys: str | int) -> int:
        """Returns the line (from 1) of the value under these keys, or of the last one of them that exists."""
        node: Any = self.data
        line = 1
        for key in keys:
            try:
                line = _position(node, key)
                node = node[key]
            except (AttributeError, KeyError, IndexError, TypeError):
                break
        return line

    def problem(self, message: str, *keys: str | int) -> Problem:
        """Returns a problem placed at these keys."""
        return Problem(self.path, self.line(*keys), message)

    def validate(self, model: type[Model]) -> Model:
        """Returns the file's content as `model`.

        Raises:
            KnowledgeError: One problem for every field that does not fit.
        """
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            raise KnowledgeError([self._explain(detail) for detail in error.errors()]) from None

    def _explain(self, detail: Any) -> Problem:
        keys = tuple(key for key in detail["loc"] if isinstance(key, str | int))
        place = ".".join(str(key) for key in keys) or "the file"
        if detail["type"] == "missing":
            message = f"'{place}' is missing; add it."
        elif detail["type"] == "extra_forbidden":
            message = f"'{place}' is not known here; remove it or correct its spelling."
        else:
            message = f"'{place}' is {detail['input']!r}, but: {detail['msg'].lower()}."
        return self.problem(message, *keys)


def _position(node: Any, key: str | int) -> int:
    positions = node.lc  # ruamel.yaml adds it to every list and mapping that it reads
    line: int = (positions.item(key) if isinstance(node, list) else positions.key(key))[0]
    return line + 1


def read_text(path: Path) -> str:
    """Returns the text of a knowledge file.

    Raises:
        KnowledgeError: The file is missing, too large, or not UTF-8.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise KnowledgeError([Problem(path, 1, f"the file is larger than {LARGEST:,} bytes; divide it.")])
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise KnowledgeError([Problem(path, 1, f"the file cannot be read: {error.strerror}.")]) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise KnowledgeError([Problem(path, line, "the file is not UTF-8; save it with this encoding.")]) from None


def parse_yaml(path: Path, text: str, *, first_line: int = 1) -> YamlFile:
    """Parses YAML text that begins at `first_line` of `path`.

    Raises:
        KnowledgeError: It is not YAML, or a key stands twice.
    """
    try:
        yaml = YAML(typ="rt")
        yaml.Constructor = _Constructor
        return YamlFile(path, yaml.load("\n" * (first_line - 1) + text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        reason = (error.problem or "it is not YAML").split("\n")[0]
        raise KnowledgeError([Problem(path, mark.line + 1 if mark else 1, f"{reason}.")]) from None
    except (YAMLError, ValueError) as error:
        raise KnowledgeError([Problem(path, 1, f"this is not YAML: {error}.")]) from None


def read_yaml(path: Path) -> YamlFile:
    """Reads one YAML file.

    Raises:
        KnowledgeError: The file cannot be read or is not YAML.
    """
    return parse_yaml(path, read_text(path))


def write_yaml(path: Path, data: Any) -> None:
    """Writes plain data, or what was read from another file, as YAML."""
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="rt").dump(data, file)
