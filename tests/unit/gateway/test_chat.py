from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from bot.corpus import Knowledge
from bot.gateway.fake_rasa import FakeRasa

QUESTION = "Россия армиясына кирсем мекенимде жазаланамбы?"
PROBLEM = "application/problem+json"


async def chat(client: httpx.AsyncClient, text: str, **more: Any) -> dict[str, Any]:
    response = await client.post("/api/chat", json={"text": text, **more})
    assert response.status_code == 200, response.text
    reply: dict[str, Any] = response.json()
    return reply


async def test_a_known_question_is_answered_with_its_source(client: httpx.AsyncClient, knowledge: Knowledge) -> None:
    advisory = knowledge.advisories["kg-foreign-military-service"]
    asked = next(p for p in advisory.passages if p.id == "penalty").questions[0].texts["ky"]
    reply = await chat(client, asked, language="ky", citizenship="KG")
    message = reply["messages"][0]
    assert message["kind"] == "answer"
    assert {p["advisory"] for p in message["passages"]} == {"kg-foreign-military-service"}
    assert [c["n"] for c in message["citations"]] == list(range(1, len(message["citations"]) + 1))
    assert "[1]" in message["text"]
    assert "[^" not in message["text"]
    assert message["as_of"] == "2022-09-21"
    assert message["contacts"]


@pytest.mark.parametrize("citizenship", ["TJ", "KZ", "TM", "RU"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ky", QUESTION),
        ("ru", "Сколько лет тюрьмы мне дадут дома, если я пойду воевать за Россию?"),
        ("tg", "Агар ба артиши Русия равам, дар ватан ба ман чанд сол ҳабс медиҳанд?"),
        ("uz-Latn", "Rossiya armiyasiga kirsam, uyda necha yil qamoq beradi?"),
        ("kk", "Ресей әскеріне барсам, үйде неше жылға сотталамын?"),
        ("en", "How many years in prison do I get at home for joining the Russian army?"),
    ],
)
async def test_another_countrys_penalty_is_never_told_as_ones_own(
    client: httpx.AsyncClient, knowledge: Knowledge, citizenship: str, language: str, text: str
) -> None:
    reply = await chat(client, text, language=language, citizenship=citizenship)
    shown = [passage["advisory"] for message in reply["messages"] for passage in message["passages"]]
    assert all(knowledge.advisories[advisory].applies_to(citizenship) for advisory in shown)


async def test_the_conversation_keeps_language_and_citizenship(client: httpx.AsyncClient) -> None:
    first = await chat(client, QUESTION)
    assert first["language"] == "ky"
    pressed = await chat(client, '/state_citizenship{"citizenship": "KG"}', conversation=first["conversation"])
    assert pressed["conversation"] == first["conversation"]
    assert pressed["language"] == "ky"
    assert (await chat(client, "ok", conversation=first["conversation"]))["language"] == "ky"


async def test_a_stranger_cannot_give_the_dialogue_engine_orders(client: httpx.AsyncClient, engine: FakeRasa) -> None:
    for order in (
        "/restart",
        '/ask{"citizenship": "KG"}',
        '/state_citizenship{"citizenship": "XX"}',
        " //session_start",
    ):
        await chat(client, order)
    texts = [text for seen in engine.turns.values() for text in seen]
    assert len(texts) == 4
    assert not any(text.startswith("/") for text in texts)


@pytest.mark.parametrize("failure", ["down", "empty"])
async def test_a_failing_dialogue_engine_gives_a_polite_sentence_and_is_counted(
    client: httpx.AsyncClient, engine: FakeRasa, failure: str, knowledge: Knowledge
) -> None:
    setattr(engine, failure, True)
    reply = await chat(client, QUESTION)
    phrases = knowledge.phrases["ky"]
    expected = phrases.say("busy" if failure == "down" else "action_failed")
    assert [(m["kind"], m["text"]) for m in reply["messages"]] == [("notice", expected)]
    setattr(engine, failure, False)
    assert (await chat(client, QUESTION, conversation=reply["conversation"]))["messages"][0]["kind"] != "notice"
    cause = "dialogue_down" if failure == "down" else "empty_reply"
    assert f'safar_failures_total{{cause="{cause}"}} 1.0' in (await client.get("/metrics")).text


async def test_a_fixed_sentence_comes_in_the_users_language(client: httpx.AsyncClient, knowledge: Knowledge) -> None:
    reply = await chat(client, "salam", language="tg")
    assert reply["messages"][0] == {
        "kind": "notice",
        "text": knowledge.phrases["tg"].say("greet"),
        "passages": [],
        "citations": [],
        "as_of": None,
        "contacts": [],
        "quick_replies": [],
    }


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b'{"text": ""}', 422, "text-empty"),
        (b'{"text": "  \\n\\u200b\\u0000 "}', 422, "text-empty"),
        (json.dumps({"text": "a" * 10_000}).encode(), 422, "text-too-long"),
        (b'{"text": "' + b"a" * 200_000 + b'"}', 413, "request-entity-too-large"),
        (b"{", 400, "bad-request"),
        (b"\x00\xff\xfe", 400, "bad-request"),
        (b'{"text": "\xff"}', 400, "bad-request"),
        (b"[]", 422, "bad-request"),
        (b"{}", 422, "bad-request"),
        (b'{"text": 5}', 422, "bad-request"),
        (b'{"text": null}', 422, "bad-request"),
        (b'{"text": ["a"]}', 422, "bad-request"),
        (b'{"text": "hi", "language": "xx"}', 422, "language-unknown"),
        (b'{"text": "hi", "language": 7}', 422, "bad-request"),
        (b'{"text": "hi", "citizenship": "ZZ"}', 422, "citizenship-unknown"),
        (b'{"text": "hi", "conversation": "made-up"}', 404, "conversation-unknown"),
    ],
)
async def test_bad_input_gets_a_problem_document_and_the_conversation_goes_on(
    client: httpx.AsyncClient, body: bytes, status: int, kind: str
) -> None:
    before = await chat(client, QUESTION)
    response = await client.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith(PROBLEM)
    problem = response.json()
    assert (problem["status"], problem["type"]) == (status, f"urn:safar:problem:{kind}")
    after = await chat(client, QUESTION, conversation=before["conversation"])
    assert after["messages"]


@pytest.mark.parametrize(
    "text",
    ["😀😀😀", "12345", "?!", "\ud800", "‮", "🇰🇬", "a" * 2000, "\x07\x08 x", "'; DROP TABLE", "<script>"],
)
async def test_odd_texts_get_a_reply_or_a_problem_but_never_a_failure(client: httpx.AsyncClient, text: str) -> None:
    body = json.dumps({"text": text})
    response = await client.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (200, 422), response.text


async def test_a_problem_is_told_in_the_chosen_language_without_the_users_words(
    client: httpx.AsyncClient, knowledge: Knowledge
) -> None:
    response = await client.post("/api/chat", json={"text": "canary" * 2000, "language": "tg"})
    assert response.json()["detail"] == knowledge.phrases["tg"].say("text_too_long", limit="2000")
    assert "canary" not in response.text
    wrong = await client.post("/api/chat", json={"text": {"canary": "canary"}})
    assert "canary" not in wrong.text


async def test_forgetting_reaches_the_dialogue_engine(
    client: httpx.AsyncClient, engine: FakeRasa, knowledge: Knowledge
) -> None:
    reply = await chat(client, QUESTION)
    assert engine.turns
    response = await client.delete(f"/api/chat/{reply['conversation']}")
    assert response.json() == {"text": knowledge.phrases["ky"].say("forgotten")}
    assert not engine.turns
    assert not engine.slots
    assert (await client.delete("/api/chat/made-up")).status_code == 404


async def test_forgetting_says_so_when_it_could_not(client: httpx.AsyncClient, engine: FakeRasa) -> None:
    reply = await chat(client, QUESTION)
    engine.down = True
    response = await client.delete(f"/api/chat/{reply['conversation']}")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "30"


async def test_the_stream_carries_the_same_turn(client: httpx.AsyncClient) -> None:
    plain = await chat(client, QUESTION)
    async with client.stream("POST", "/api/chat/stream", json={"text": QUESTION}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        blocks = (await response.aread()).decode().strip().split("\n\n")
    events = [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line) for block in blocks]
    assert [event["event"] for event in events] == ["begin", *(["message"] * len(plain["messages"])), "end"]
    assert [json.loads(e["data"]) for e in events if e["event"] == "message"] == plain["messages"]
    assert json.loads(events[-1]["data"])["messages"] == plain["messages"]


async def test_the_stream_tells_a_refusal_as_an_event(client: httpx.AsyncClient, knowledge: Knowledge) -> None:
    response = await client.post("/api/chat/stream", json={"text": " ", "language": "kk"})
    assert json.dumps(knowledge.phrases["kk"].say("text_empty")) in response.text
    assert "event: problem" in response.text


async def test_search_shows_scores_and_what_the_answer_shows(client: httpx.AsyncClient, knowledge: Knowledge) -> None:
    response = await client.get("/api/search", params={"q": QUESTION, "citizenship": "KG", "k": 3})
    found = response.json()
    assert len(found["passages"]) == 3
    assert found["language"] == "ky"
    assert all(0 <= hit["probability"] <= 1 for hit in found["passages"])
    for hit in found["passages"]:
        assert knowledge.advisories[hit["advisory"]].applies_to("KG")
    assert (await client.get("/api/search", params={"q": "x", "k": 0})).status_code == 422
    assert (await client.get("/api/search", params={"q": "x", "language": "xx"})).status_code == 422


async def test_languages_lists_names_and_directions(client: httpx.AsyncClient, knowledge: Knowledge) -> None:
    listed = (await client.get("/api/languages")).json()
    assert [one["code"] for one in listed] == list(knowledge.languages)
    assert {"code": "ky", "name": "Кыргызча", "direction": "ltr"} in listed


async def test_readiness_is_a_true_statement(client: httpx.AsyncClient, engine: FakeRasa) -> None:
    assert (await client.get("/readyz")).status_code == 200
    engine.down = True
    response = await client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {"knowledge": True, "index": True, "dialogue": False}
    assert (await client.get("/healthz")).status_code == 200


async def test_unknown_addresses_get_problem_documents(client: httpx.AsyncClient) -> None:
    response = await client.get("/nothing/here")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith(PROBLEM)
    assert (await client.get("/api/chat")).status_code == 405


async def test_the_page_and_the_openapi_description_are_served(client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "{{" not in page.text
    assert (await client.get("/web/page.js")).status_code == 200
    assert (await client.get("/web/..%2Fweb.py")).status_code == 404
    assert "/api/chat" in (await client.get("/openapi.json")).json()["paths"]
    docs = await client.get("/docs")
    assert docs.status_code == 200
    assert "https://" not in docs.text  # its scripts are served from here, not from somebody else's machine
