"""A small knowledge folder to damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.settings import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped lists and phrases with two advisories that are complete in every language."""
    copy = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", copy, ignore=shutil.ignore_patterns("advisories"))
    shutil.copytree(ROOT / "tests" / "data" / "advisories", copy / "advisories")
    return copy
