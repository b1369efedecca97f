"""What many tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus import Knowledge, KnowledgeReader, Reading, read_files
from bot.retrieval import FakeEmbedder
from bot.retrieval.snapshot import build
from bot.settings import ROOT


@pytest.fixture(scope="session")
def reading() -> Reading:
    """The shipped knowledge with its files."""
    return KnowledgeReader().read(read_files(ROOT / "knowledge"))


@pytest.fixture(scope="session")
def knowledge(reading: Reading) -> Knowledge:
    """The shipped knowledge."""
    return reading.usable()


@pytest.fixture(scope="session")
def fake_data(tmp_path_factory: pytest.TempPathFactory, reading: Reading) -> Path:
    """A data folder whose index was built with the fake embedder."""
    folder = tmp_path_factory.mktemp("data")
    build(folder / "index", reading, FakeEmbedder(), error_rate=0.02)
    return folder
