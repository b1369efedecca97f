from __future__ import annotations

from typing import Any

import httpx
import pytest
from rasa_sdk.executor import ActionExecutor

from bot.corpus import Knowledge
from bot.gateway.internal import SECRET_HEADER, internal_router
from bot.gateway.metrics import Metrics

from .conftest import SECRET

PROOF = {SECRET_HEADER: SECRET}


def call(**tracker: Any) -> dict[str, Any]:
    message = {"text": "canary", "metadata": {"language": "kk"}, **tracker}
    return {
        "next_action": "action_answer",
        "tracker": {"sender_id": "s", "slots": {}, "latest_message": message, "events": []},
    }


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "wrong"}])
@pytest.mark.parametrize("route", ["actions", "nlg"])
async def test_without_the_secret_there_is_nothing(
    client: httpx.AsyncClient, route: str, headers: dict[str, str]
) -> None:
    response = await client.post(f"/internal/{route}", json=call(), headers=headers)
    assert response.status_code == 404
    assert "canary" not in response.text


@pytest.mark.parametrize(
    "broken",
    [
        {"next_action": "no_such_action"},
        {"tracker": {}},
        {"tracker": {"latest_message": {"metadata": {"language": "kk"}}}},
    ],
)
async def test_a_failing_action_becomes_a_polite_sentence(
    client: httpx.AsyncClient, knowledge: Knowledge, broken: dict[str, Any]
) -> None:
    response = await client.post("/internal/actions", json={**call(), **broken}, headers=PROOF)
    assert response.status_code == 200
    message = response.json()["responses"][0]["custom"]["messages"][0]
    language = "kk" if broken.get("tracker") != {} else "ru"
    assert message == {"kind": "notice", "text": knowledge.phrases[language].say("action_failed")}
    assert "canary" not in response.text
    assert 'safar_failures_total{cause="action"} 1.0' in (await client.get("/metrics")).text


async def test_an_unknown_phrase_is_counted_and_replaced(client: httpx.AsyncClient, knowledge: Knowledge) -> None:
    body = {"response": "utter_nonsense", "tracker": call()["tracker"]}
    response = await client.post("/internal/nlg", json=body, headers=PROOF)
    assert response.json() == {"text": knowledge.phrases["kk"].say("action_failed")}


def test_an_empty_secret_does_not_open_the_routes() -> None:
    with pytest.raises(ValueError, match="secret"):
        internal_router(
            executor=ActionExecutor(), say=lambda *_: "", default_language="ru", secret="", metrics=Metrics()
        )
