"""The actions with the real answerer on the fake embedder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import AnswerAction
from actions.give_contacts import GiveContactsAction
from actions.set_citizenship import SetCitizenshipAction
from bot.answering import Answerer
from bot.corpus import Knowledge
from bot.retrieval import FakeEmbedder
from bot.service import make_answerer
from bot.settings import Settings


@pytest.fixture(scope="module")
def answerer(fake_data: Path) -> Iterator[Answerer]:
    _, answerer, vectors = make_answerer(Settings(data=fake_data), FakeEmbedder())
    yield answerer
    vectors.close()


def tracker(text: str, *, language: str = "ky", slots: dict[str, Any] | None = None, **message: Any) -> Tracker:
    latest = {"text": text, "metadata": {"language": language, **message.pop("metadata", {})}, **message}
    return Tracker("sender", slots or {}, latest, [], False, None, {}, "")


async def run(action: Any, given: Tracker) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, given, {})
    messages = [message for response in dispatcher.messages for message in response["custom"]["messages"]]
    return messages, {event["name"]: event["value"] for event in events}


def asked(knowledge: Knowledge, key: str, language: str) -> str:
    return next(p for p in knowledge.passages if p.key == key).questions[0].texts[language]


async def test_an_answer_remembers_its_question(answerer: Answerer, knowledge: Knowledge) -> None:
    text = asked(knowledge, "kg-foreign-military-service/penalty", "ky")
    messages, slots = await run(AnswerAction(answerer), tracker(text))
    assert messages[0]["kind"] == "answer"
    assert slots["question"] == text


async def test_the_citizenship_of_the_client_comes_before_that_of_the_conversation(
    answerer: Answerer, knowledge: Knowledge
) -> None:
    text = "Россия армиясына кирсем, үйдө канча жыл беришет?"
    given = tracker(text, slots={"citizenship": "KG"}, metadata={"citizenship": "TJ"})
    messages, _ = await run(AnswerAction(answerer), given)
    assert not any(message["passages"] for message in messages)


async def test_emoji_alone_are_answered_politely_and_not_remembered(answerer: Answerer, knowledge: Knowledge) -> None:
    messages, slots = await run(AnswerAction(answerer), tracker("👍👍"))
    assert [m["text"] for m in messages] == [knowledge.phrases["ky"].say("not_understood")]
    assert slots == {}


async def test_a_button_sets_the_citizenship_and_answers_what_waited(answerer: Answerer, knowledge: Knowledge) -> None:
    text = asked(knowledge, "uz-foreign-military-service/penalty", "ru")
    entity = [{"entity": "citizenship", "value": "UZ"}]
    given = tracker('/state_citizenship{"citizenship": "UZ"}', language="ru", slots={"question": text}, entities=entity)
    messages, slots = await run(SetCitizenshipAction(answerer), given)
    assert slots == {"citizenship": "UZ"}
    assert {p["advisory"] for m in messages for p in m["passages"]} == {"uz-foreign-military-service"}


async def test_a_stated_citizenship_is_confirmed(answerer: Answerer, knowledge: Knowledge) -> None:
    messages, slots = await run(SetCitizenshipAction(answerer), tracker("мен тажикмин"))
    assert slots == {"citizenship": "TJ"}
    name = knowledge.countries["TJ"].name["ky"]
    assert messages[0]["text"] == knowledge.phrases["ky"].say("citizenship_noted", country=name)


async def test_an_unknown_citizenship_is_asked_for(answerer: Answerer, knowledge: Knowledge) -> None:
    messages, slots = await run(SetCitizenshipAction(answerer), tracker("мен марсианмын"))
    assert slots == {}
    assert messages[-1]["kind"] == "clarify"
    assert len(messages[-1]["quick_replies"]) == len(knowledge.countries)


async def test_a_question_that_states_a_citizenship_is_answered_not_only_noted(
    answerer: Answerer, knowledge: Knowledge
) -> None:
    text = asked(knowledge, "uz-foreign-military-service/penalty", "ru") + " я узбек"
    messages, _ = await run(SetCitizenshipAction(answerer), tracker(text, language="ru"))
    assert messages[0]["kind"] == "answer"


async def test_contacts_are_those_of_the_citizenship(answerer: Answerer) -> None:
    messages, _ = await run(GiveContactsAction(answerer), tracker("элчиликтин номери", slots={"citizenship": "KG"}))
    assert [c["phone"] for c in messages[0]["contacts"]] == ["+7 925 115 50 47"]
    unknown, _ = await run(GiveContactsAction(answerer), tracker("адам менен сүйлөшөм"))
    assert unknown[-1]["kind"] == "clarify"
    none, _ = await run(GiveContactsAction(answerer), tracker("телефон", slots={"citizenship": "TM"}))
    assert not none[0]["contacts"]


async def test_no_answer_names_whom_to_ask(answerer: Answerer) -> None:
    messages, _ = await run(AnswerAction(answerer), tracker("Бишкекте аба ырайы кандай?", slots={"citizenship": "KG"}))
    assert messages[0]["kind"] == "no_answer"
    assert messages[0]["contacts"]
