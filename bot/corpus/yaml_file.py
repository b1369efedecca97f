"""Reading YAML files so that every error names its line, the value found and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.json_schema import models_json_schema

from bot.errors import KnowledgeError, Problem

Model = TypeVar("Model", bound=BaseModel)
Keys = tuple[str | int, ...]

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the parser in C, where it was built
_DEEPEST = 12  # levels of nesting; no knowledge file needs half of it
_NOTHING = ("", "~", "null")
_ALIAS = re.compile(r"\*\w")
# What the texts that did not fit should look like, by the pattern they failed.
FORMS: dict[str, str] = {}


@dataclass(frozen=True)
class YamlFile:
    """A parsed file that remembers where everything stood.

    Every value is text as it is written, a list, a mapping, or None where nothing is written: the schemas read numbers
    and dates, so that nobody need know which words YAML takes for something else.
    """

    path: Path
    data: Any
    lines: Mapping[Keys, int]

    def line(self, *keys: str | int) -> int:
        """Returns the line (from 1) of the value under these keys, or of the last one of them that exists."""
        while keys not in self.lines:
            keys = keys[:-1]
        return self.lines[keys]

    def problem(self, rule: str, message: str, *keys: str | int) -> Problem:
        """Returns a problem placed at these keys."""
        return Problem(self.path, self.line(*keys), message, rule)

    def warning(self, rule: str, message: str, *keys: str | int) -> Problem:
        """Returns a warning placed at these keys."""
        return Problem(self.path, self.line(*keys), message, rule, "warning")

    def validate(self, model: type[Model]) -> Model:
        """Returns the file's content as `model`.

        Raises:
            KnowledgeError: One problem for every field that does not fit.
        """
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            raise KnowledgeError([self._explain(model, detail) for detail in error.errors()]) from None

    def _explain(self, model: type[BaseModel], detail: Any) -> Problem:
        keys = tuple(key for key in detail["loc"] if isinstance(key, str | int) and key != "[key]")
        place = ".".join(str(key) for key in keys) or "the file"
        kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
        if kind == "missing":
            return self.problem("missing-field", f"'{place}' is missing; add it.", *keys)
        if kind == "extra_forbidden":
            hint = nearest(str(keys[-1]), _field_names(model))
            return self.problem("unknown-field", f"'{place}' is not known here; remove it{hint}.", *keys)
        if kind == "literal_error":
            allowed = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
            message = f"'{place}' is '{found}'; allowed: {', '.join(allowed)}{nearest(str(found), allowed)}."
        elif kind == "string_pattern_mismatch" and context["pattern"] in FORMS:
            message = f"'{place}' is '{found}', but it must be {FORMS[context['pattern']]}."
        elif kind.startswith("date"):
            message = f"'{place}' is '{_shown(found)}', but it must be a day that exists, written like 2026-11-23."
        else:
            message = f"'{place}' is {_shown(found)}, but: {detail['msg'].lower()}."
        return self.problem("wrong-value", message, *keys)


def nearest(found: str, allowed: Iterable[str]) -> str:
    """Returns "; did you mean '…'?" with the nearest allowed value, or nothing if none is near."""
    names = {name.casefold(): name for name in allowed}
    matches = get_close_matches(found.casefold(), list(names), n=1, cutoff=0.6)
    return f"; did you mean '{names[matches[0]]}'" if matches else ""


def parse_yaml(path: Path, text: str, *, first_line: int = 1) -> YamlFile:
    """Parses YAML text that begins at `first_line` of `path`.

    Raises:
        KnowledgeError: It is not YAML, a key stands twice, or it holds aliases or tags.
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise KnowledgeError([_syntax_problem(path, text, first_line, error)]) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).split("\n")[0]
        raise KnowledgeError([Problem(path, first_line, f"this is not YAML: {reason}.", "yaml")]) from None
    if aliases := _aliases(path, text, first_line):
        raise KnowledgeError(aliases)
    builder = _Builder(path, first_line)
    data = builder.build(node, ())
    if builder.problems:
        raise KnowledgeError(builder.problems)
    return YamlFile(path, data, builder.lines)


def _aliases(path: Path, text: str, first_line: int) -> list[Problem]:
    """Returns a problem for every alias: maintainers do not expect them, and nested ones can fill the memory."""
    if not _ALIAS.search(text):
        return []
    events = yaml.parse(text, Loader=_LOADER)
    message = "this stands for another place of the file ('*…'); write the text out, or put it into quotation marks."
    return [
        Problem(path, event.start_mark.line + first_line, message, "yaml-alias")
        for event in events
        if isinstance(event, yaml.AliasEvent) and event.start_mark
    ]


class _Builder:
    """Makes plain values from nodes and notes their lines."""

    def __init__(self, path: Path, first_line: int) -> None:
        self.path, self.first_line = path, first_line
        self.lines: dict[Keys, int] = {(): first_line}
        self.problems: list[Problem] = []

    def build(self, node: yaml.Node | None, keys: Keys) -> Any:
        if node is None:
            return None
        if len(keys) > _DEEPEST:
            self._refuse(node, f"is nested more than {_DEEPEST} levels deep", "yaml")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, keys)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node, keys)
        return None if not node.style and node.value in _NOTHING else node.value  # type: ignore[attr-defined]

    def _mapping(self, node: yaml.MappingNode, keys: Keys) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "is no name; write 'name: value'", "yaml")
                continue
            key = key_node.value
            if key in values:
                self._refuse(key_node, f"'{key}' stands twice; keep one of them", "double-key")
            self.lines[(*keys, key)] = self._line(key_node)
            values[key] = self.build(value_node, (*keys, key))
        return values

    def _sequence(self, node: yaml.SequenceNode, keys: Keys) -> list[Any]:
        values = []
        for number, item in enumerate(node.value):
            self.lines[(*keys, number)] = self._line(item)
            values.append(self.build(item, (*keys, number)))
        return values

    def _line(self, node: yaml.Node) -> int:
        return int(node.start_mark.line) + self.first_line

    def _refuse(self, node: yaml.Node, what: str, rule: str) -> None:
        self.problems.append(Problem(self.path, self._line(node), f"this {what}.".replace("this '", "'"), rule))


def _syntax_problem(path: Path, text: str, first_line: int, error: yaml.MarkedYAMLError) -> Problem:
    # A missing ':' is noticed on the next line only; there the context tells where the entry began.
    unfinished = error.context_mark if "could not find expected ':'" in (error.problem or "") else None
    mark = unfinished or error.problem_mark or error.context_mark
    number = int(mark.line) if mark else 0
    lines = text.splitlines() or [""]
    written = lines[min(number, len(lines) - 1)]
    if "\t" in written[: len(written) - len(written.lstrip())]:
        message = "the line begins with a tab; write spaces instead."
    else:
        reason = (error.problem or "it is not YAML").split("\n")[0]
        message = (
            f"this is not YAML ({reason}). Look at this line and the one above: the same number of spaces as its "
            "neighbours, a space after each ':', and text with ': ' or '\"' in it put into '…'."
        )
    return Problem(path, min(number, len(lines) - 1) + first_line, message, "yaml")


def _field_names(model: type[BaseModel]) -> list[str]:
    """Returns the names of all fields of a model and of the models within it."""
    _, schema = models_json_schema([(model, "validation")])
    return [name for part in schema.get("$defs", {}).values() for name in part.get("properties", {})]


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value[:60]}'"
    if value is None:
        return "empty"
    return "a list" if isinstance(value, list) else "a group of entries"
