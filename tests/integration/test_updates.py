"""Many searches while the knowledge is updated again and again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from bot.gateway.fake_rasa import FakeRasa
from bot.retrieval import FakeEmbedder
from bot.retrieval.snapshot import version_of
from bot.service import create_app
from tests.unit.made_up import ERROR_RATE, Base

pytestmark = pytest.mark.integration
UPDATES, SEARCHES = 50, 1000


async def test_searches_during_live_updates_see_one_version_each(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.tag("0")
    tags = {base.build().snapshot.version: "0"}  # by version, the tag that stands in all its headings
    app = create_app(base.settings, FakeEmbedder(), engine=FakeRasa())
    replies: list[httpx.Response] = []

    async def search(number: int) -> None:
        await asyncio.sleep(number / SEARCHES)  # spread over the updates
        query = {"q": f"how do i renew the permit {number}", "language": "en", "k": "10"}
        replies.append(await client.get("/api/search", params=query))

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://safar") as client:
        for number in range(1, UPDATES + 1):
            base.tag(str(number))
            version = version_of(base.read().files.fingerprint, FakeEmbedder().name, ERROR_RATE)
            tags[version] = str(number)
            searches = [search(number) for number in range(SEARCHES // UPDATES)]
            await asyncio.gather(asyncio.to_thread(app.state.live.refresh), *searches)
            assert app.state.live.answerer.version == version
    assert len(replies) == SEARCHES
    seen: list[str] = []
    for reply in replies:
        assert reply.status_code == 200
        body = reply.json()
        found = {hit["heading"].partition("(")[2].partition(")")[0] for hit in body["passages"]}
        assert len(body["passages"]) == 10
        assert found == {tags[body["version"]]}
        seen.append(*found)
    assert len(set(seen)) >= UPDATES
