"""A small knowledge folder to damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.settings import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped knowledge with one advisory, which loads fast."""
    copy = tmp_path / "knowledge"
    keep = "ru-refusal-to-serve"
    shutil.copytree(
        ROOT / "knowledge",
        copy,
        ignore=lambda path, names: [n for n in names if path.endswith("advisories") and n != keep],
    )
    return copy
