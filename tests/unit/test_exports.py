"""What packages declare to be public is there, and nothing else is imported from them."""

from __future__ import annotations

import importlib

import pytest


@pytest.mark.parametrize("package", ["bot.corpus", "bot.retrieval"])
def test_the_declared_names_are_those_that_exist(package: str) -> None:
    module = importlib.import_module(package)
    public = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("bot.")
    }
    assert set(module.__all__) - public <= {"Vectors"}
    assert public <= set(module.__all__)
    assert list(module.__all__) == sorted(module.__all__)
