"""Edits of knowledge files while people ask: the real model, the real dialogue engine, the real file system."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from .conftest import Safar

pytestmark = pytest.mark.integration
TEXT = "advisories/ru-refusal-to-serve/ru.md"
QUESTION = "я гражданин россии, что будет если откажусь идти в армию"
LIMIT = 20.0  # seconds to wait for an edit on a busy machine; how long it takes, `safar bench size` measures


def until(safar: Safar, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        knowledge: dict[str, Any] = safar.client.get("/readyz").json()["knowledge"]
        if condition(knowledge):
            return knowledge
        time.sleep(0.05)
    raise AssertionError(f"nothing changed within {LIMIT} s: {knowledge}")


def test_an_edit_is_in_use_within_seconds_and_no_turn_is_lost(safar: Safar) -> None:
    file = safar.knowledge / TEXT
    text = file.read_text()
    version = safar.client.get("/readyz").json()["knowledge"]["version"]
    with ThreadPoolExecutor(1) as pool:
        turns = pool.submit(lambda: [safar.chat(QUESTION, language="ru") for _ in range(40)])
        file.write_text(text.replace("[^rferl]", " Проверка связи.[^rferl]", 1))
        until(safar, lambda knowledge: knowledge["version"] != version)
        kinds = [message["kind"] for reply in turns.result() for message in reply["messages"]]
    assert "notice" not in kinds  # "something went wrong" and "just starting" are notices
    assert "Проверка связи." in safar.chat(QUESTION, language="ru")["messages"][0]["text"]
    file.write_text(text)
    until(safar, lambda knowledge: knowledge["version"] == version)


def test_a_broken_edit_is_refused_with_file_and_line(safar: Safar) -> None:
    file = safar.knowledge / TEXT
    text = file.read_text()
    version = safar.client.get("/readyz").json()["knowledge"]["version"]
    file.write_text(text.replace("[^rferl]", "[^nobody]", 1))
    (refused,) = until(safar, lambda knowledge: bool(knowledge["refused"]))["refused"]
    assert refused["file"] == TEXT
    assert "[^nobody]" in file.read_text().split("\n")[refused["line"] - 1]
    assert f"{file}:{refused['line']}" in safar.log.read_text()
    reply = safar.client.get("/readyz")
    assert (reply.status_code, reply.json()["knowledge"]["version"]) == (200, version)
    file.write_text(text)
    until(safar, lambda knowledge: not knowledge["refused"])
