"""Turns through the real Rasa, the real actions and the real model."""

from __future__ import annotations

import json

import httpx
import pytest

from bot.corpus import Knowledge

from .conftest import CANARY, Safar

pytestmark = pytest.mark.integration
QUESTION = "Россия армиясына кирсем, мекенимде жазаланамбы?"


def test_a_kyrgyz_question_is_answered_in_kyrgyz_with_its_source(safar: Safar) -> None:
    reply = safar.chat(QUESTION, citizenship="KG")
    assert reply["language"] == "ky"
    message = reply["messages"][0]
    assert message["kind"] == "answer"
    assert {p["advisory"] for p in message["passages"]} == {"kg-foreign-military-service"}
    assert "10 жыл" in message["text"]
    assert message["citations"][0]["url"].startswith("https://www.rferl.org/")
    assert message["contacts"][0]["phone"].startswith("+7")


def test_rasa_decides_the_turn_and_the_sdk_understands_its_call(safar: Safar) -> None:
    """Keeps the pairing of Rasa 3.6 and its much newer SDK alive: actions, slots and metadata arrive on both sides."""
    reply = safar.chat("Мен өзбекмин, россия армиясына барсам канча жылга камалам?", language="ky")
    sender = reply["conversation"].split(".")[0]
    with safar.rasa() as rasa:
        tracker = rasa.get(f"/conversations/{sender}/tracker").json()
        assert rasa.get("/version").json()["version"] == "3.6.21"
    assert "action_answer" in [event.get("name") for event in tracker["events"]]
    assert tracker["latest_message"]["metadata"]["language"] == "ky"
    assert tracker["slots"]["citizenship"] == "UZ"
    assert tracker["latest_message"]["intent"]["name"] in ("ask", "nlu_fallback")


@pytest.mark.parametrize(
    ("language", "text", "phrase"),
    [
        ("ky", "Саламатсызбы", "greet"),
        ("ru", "спасибо большое", "thanks"),
        ("tg", "ту робот ҳастӣ?", "about_me"),
        ("uz-Latn", "xayr", "goodbye"),
        ("uz-Cyrl", "раҳмат", "thanks"),
        ("kk", "рахмет", "thanks"),
        ("en", "what can you do", "help"),
    ],
)
def test_fixed_sentences_come_from_the_phrases_through_the_nlg_protocol(
    safar: Safar, knowledge: Knowledge, language: str, text: str, phrase: str
) -> None:
    reply = safar.chat(text, language=language)
    assert [m["text"] for m in reply["messages"]] == [knowledge.phrases[language].say(phrase)]
    assert reply["messages"][0]["kind"] == "notice"


def test_a_citizenship_said_later_answers_the_question_that_waited(safar: Safar) -> None:
    first = safar.chat("Что мне будет дома, если я вступлю в российскую армию?", language="ru")
    clarify = first["messages"][-1]
    assert clarify["kind"] == "clarify"
    uzbek = next(b["payload"] for b in clarify["quick_replies"] if '"UZ"' in b["payload"])
    pressed = safar.chat(uzbek, conversation=first["conversation"])
    assert {p["advisory"] for m in pressed["messages"] for p in m["passages"]} == {"uz-foreign-military-service"}
    later = safar.chat("Сколько лет тюрьмы дают за это?", conversation=first["conversation"])
    assert {p["advisory"] for m in later["messages"] for p in m["passages"]} <= {"uz-foreign-military-service"}


def test_a_tajik_is_never_told_that_the_kyrgyz_penalty_is_his(safar: Safar) -> None:
    said = safar.chat("Ман тоҷикам, агар ба артиши Русия равам, дар ватанам ҷазо медиҳанд?")
    assert said["language"] == "tg"
    later = safar.chat("Чанд сол ҳабс медиҳанд?", conversation=said["conversation"])
    shown = {p["advisory"] for m in (*said["messages"], *later["messages"]) for p in m["passages"]}
    assert shown
    assert all(advisory.startswith(("tj-", "ru-")) for advisory in shown)


@pytest.mark.parametrize("body", [b"{", b"\x00\xff", b'{"text": ""}', json.dumps({"text": "x" * 10_000}).encode()])
def test_bad_input_leaves_the_conversation_usable(safar: Safar, body: bytes) -> None:
    before = safar.chat(QUESTION, citizenship="KG")
    response = safar.client.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= response.status_code < 500
    assert (
        safar.chat(QUESTION, conversation=before["conversation"], citizenship="KG")["messages"][0]["kind"] == "answer"
    )


@pytest.mark.parametrize("text", ["😀😀", "\x01\x02 \x03", "/restart", '/ask{"citizenship":"KG"}', "𝕬𝖗𝖒𝖞", "ى" * 1900])
def test_odd_texts_never_fail(safar: Safar, text: str) -> None:
    response = safar.client.post("/api/chat", json={"text": text})
    assert response.status_code in (200, 422)


def test_forgetting_empties_the_dialogue_engine(safar: Safar) -> None:
    reply = safar.chat(f"{CANARY} Россия армиясы")
    sender = reply["conversation"].split(".")[0]
    with safar.rasa() as rasa:
        assert CANARY in rasa.get(f"/conversations/{sender}/tracker").text
        assert safar.client.delete(f"/api/chat/{reply['conversation']}").status_code == 200
        assert CANARY not in rasa.get(f"/conversations/{sender}/tracker").text


def test_the_dialogue_engine_listens_on_loopback_only(safar: Safar) -> None:
    listening = [c.laddr.ip for c in safar.child("rasa").net_connections() if c.status == "LISTEN"]
    assert set(listening) == {"127.0.0.1"}


def test_the_dialogue_engines_api_wants_its_token(safar: Safar) -> None:
    with safar.rasa() as rasa:
        assert httpx.get(f"{rasa.base_url}/status", trust_env=False).status_code == 401


def test_the_users_words_are_in_no_log_and_no_metric(safar: Safar) -> None:
    safar.chat(f"{CANARY} ishga kirsam bo'ladimi")
    safar.client.post("/api/chat", content=f'{{"text": "{CANARY}'.encode())
    safar.client.get("/api/search", params={"q": CANARY, "language": CANARY})
    safar.client.get(f"/{CANARY}")
    assert CANARY not in safar.log.read_text()
    assert CANARY not in safar.client.get("/metrics").text
