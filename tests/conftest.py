"""What many tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus import Knowledge, load_knowledge
from bot.retrieval import FakeEmbedder
from bot.retrieval.snapshot import build
from bot.settings import ROOT


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The shipped knowledge."""
    return load_knowledge(ROOT / "knowledge")


@pytest.fixture(scope="session")
def fake_data(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Path:
    """A data folder whose index was built with the fake embedder."""
    folder = tmp_path_factory.mktemp("data")
    build(folder / "index", knowledge, FakeEmbedder(), error_rate=0.02)
    return folder
