from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from bot.gateway.fake_rasa import FakeRasa
from bot.language.identify import LanguageIdentifier
from bot.live import LiveKnowledge
from bot.retrieval import FakeEmbedder, Vectors
from bot.retrieval.snapshot import read_pointer, restore
from bot.service import create_app

from .made_up import Base

LIMIT = 5.0  # seconds until an edit is in use


@pytest.fixture
def base(tmp_path: Path) -> Base:
    made = Base(tmp_path)
    made.build()
    return made


@pytest.fixture
def live(base: Base) -> Iterator[LiveKnowledge]:
    made = LiveKnowledge(base.settings, FakeEmbedder(), LanguageIdentifier.load())
    yield made
    made.close()


@pytest.fixture
async def following(live: LiveKnowledge) -> AsyncIterator[LiveKnowledge]:
    task = asyncio.create_task(live.follow())
    await asyncio.sleep(0.5)
    yield live
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT):
        while not condition():
            await asyncio.sleep(0.02)


def heading(live: LiveKnowledge) -> str:
    return live.answerer.passage("made-up-00000/point-0-0").texts["en"].heading


async def test_a_saved_edit_is_in_use_within_seconds(base: Base, following: LiveKnowledge) -> None:
    before = following.answerer
    base.edit()
    await until(lambda: "(second)" in heading(following))
    assert following.answerer.version != before.version
    assert "(first)" in before.passage("made-up-00000/point-0-0").texts["en"].heading


async def test_a_broken_edit_is_refused_with_file_and_line_and_the_last_good_state_stays(
    base: Base, following: LiveKnowledge
) -> None:
    version, text = following.answerer.version, base.text.read_text()
    lines = text.split("\n")
    broken = next(number for number, line in enumerate(lines) if "[^page]" in line)
    lines[broken] = lines[broken].replace("[^page]", "")
    with capture_logs() as logs:
        base.text.write_text("\n".join(lines))
        await until(lambda: bool(following.refused))
    assert (following.refused[0].path, following.refused[0].line) == (base.text, broken + 1)
    assert following.answerer.version == version
    (entry,) = [entry for entry in logs if entry["event"] == "knowledge.refused"]
    assert entry["place"] == f"{base.text}:{broken + 1}"
    assert entry["log_level"] == "error"
    base.text.write_text(text)
    await until(lambda: not following.refused)
    assert following.answerer.version == version


async def test_a_folder_replaced_by_another_is_followed(base: Base, following: LiveKnowledge) -> None:
    shutil.copytree(base.root, base.root.with_name("new"))
    base.root.rename(base.root.with_name("old"))
    await until(lambda: bool(following.refused))
    base.root.with_name("new").rename(base.root)
    await until(lambda: not following.refused)
    base.edit("after")
    await until(lambda: "(after)" in heading(following))


async def test_a_version_that_another_process_restores_is_taken_over(base: Base, following: LiveKnowledge) -> None:
    first = following.answerer.version
    base.edit()
    await until(lambda: following.answerer.version != first)
    restore(base.index, base.root, first, base.read().files.fingerprint)
    await until(lambda: following.answerer.version == first)
    assert "(first)" in heading(following)
    base.edit("third")
    await until(lambda: following.answerer.version not in (first,))


def test_files_that_change_while_the_index_is_built_do_no_harm(base: Base, live: LiveKnowledge) -> None:
    class Meddling(FakeEmbedder):
        """Deletes a file while the index is built."""

        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            base.text.unlink(missing_ok=True)
            return super().embed_passages(texts)

    live._embedder = Meddling()
    base.edit()
    live.refresh()
    assert "(second)" in heading(live)
    live.refresh()
    assert live.refused  # the advisory has no text any more
    assert "(second)" in heading(live)


def test_half_a_file_is_refused(base: Base, live: LiveKnowledge) -> None:
    version, content = live.answerer.version, base.text.read_bytes()
    for size in range(0, len(content) - 60, 97):
        base.text.write_bytes(content[:size])
        live.refresh()
        whole_passages = live.answerer.version != version
        assert whole_passages or live.refused, content[:size][-40:]
        assert not whole_passages or content[:size].rstrip().endswith(b"[^page]"), content[:size][-40:]
        base.text.write_bytes(content)
        live.refresh()
        assert live.answerer.version == version


def test_a_state_that_cannot_be_built_is_a_refusal_not_a_failure(base: Base, live: LiveKnowledge) -> None:
    version = live.answerer.version
    (base.root / "out_of_scope.yml").write_text("off_topic: []\nnot_covered: []\n")
    live.refresh()
    assert "out_of_scope.yml" in live.refused[0].message
    assert live.answerer.version == version


async def test_readiness_names_file_and_line_of_a_refused_edit(base: Base) -> None:
    app = create_app(base.settings, FakeEmbedder(), engine=FakeRasa())
    base.text.write_text(base.text.read_text().replace("status: original", "status: orignal"))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://safar") as client,
    ):
        async with asyncio.timeout(LIMIT):
            while not (reply := (await client.get("/readyz")).json())["knowledge"]["refused"]:
                await asyncio.sleep(0.05)
        metrics = (await client.get("/metrics")).text
    (refused,) = reply["knowledge"]["refused"]
    assert reply["ready"]
    assert (refused["file"], refused["line"]) == ("advisories/made-up-00000/en.md", 3)
    assert "did you mean 'original'" in refused["message"]
    assert "safar_knowledge_problems 1.0" in metrics
    assert read_pointer(base.index).version == reply["knowledge"]["version"]  # type: ignore[union-attr]
