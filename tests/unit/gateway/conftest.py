"""The whole service on the fake embedder and the fake dialogue engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from bot.gateway.fake_rasa import FakeRasa
from bot.gateway.internal import SECRET_HEADER
from bot.retrieval import FakeEmbedder
from bot.retrieval.memory_index import MemoryIndex
from bot.retrieval.snapshot import load
from bot.service import create_app
from bot.settings import Settings

SECRET = "proof"
# Reading and preparing the same files for every test anew would take most of the time.
loaded, prepared = lru_cache(load), lru_cache(MemoryIndex)


@pytest.fixture
def engine() -> FakeRasa:
    return FakeRasa()


@pytest.fixture(scope="session")
def settings(fake_data: Path) -> Settings:
    return Settings(data=fake_data, internal_secret=SecretStr(SECRET), secret_key=SecretStr("key"))


@pytest.fixture
def app(settings: Settings, engine: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    monkeypatch.setattr("bot.live.load", lambda folder, root, reader: loaded(folder, root))
    monkeypatch.setattr("bot.live.MemoryIndex", prepared)
    return create_app(settings, FakeEmbedder(), engine=engine)


@pytest.fixture
async def client(app: FastAPI, engine: FakeRasa) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://safar") as client:
        engine.attach(client, {SECRET_HEADER: SECRET})
        yield client
