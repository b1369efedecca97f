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
from actions.show_passage import ShowPassageAction
from bot.answering import Current
from bot.corpus import Knowledge
from bot.language.identify import LanguageIdentifier
from bot.live import LiveKnowledge
from bot.retrieval import FakeEmbedder
from bot.settings import Settings


@pytest.fixture(scope="module")
def current(fake_data: Path) -> Iterator[Current]:
    live = LiveKnowledge(Settings(data=fake_data), FakeEmbedder(), LanguageIdentifier.load())
    yield lambda: live.answerer
    live.close()


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


async def test_an_answer_remembers_its_question(current: Current, knowledge: Knowledge) -> None:
    text = asked(knowledge, "kg-foreign-military-service/penalty", "ky")
    messages, slots = await run(AnswerAction(current), tracker(text))
    assert messages[0]["kind"] == "answer"
    assert slots["question"] == text


async def test_the_citizenship_of_the_client_comes_before_that_of_the_conversation(
    current: Current, knowledge: Knowledge
) -> None:
    text = "Россия армиясына кирсем, үйдө канча жыл беришет?"
    given = tracker(text, slots={"citizenship": "KG"}, metadata={"citizenship": "TJ"})
    messages, _ = await run(AnswerAction(current), given)
    assert not any(message["passages"] for message in messages)


async def test_emoji_alone_are_answered_politely_and_not_remembered(current: Current, knowledge: Knowledge) -> None:
    messages, slots = await run(AnswerAction(current), tracker("👍👍"))
    assert [m["text"] for m in messages] == [knowledge.phrases["ky"].say("not_understood")]
    assert slots == {}


async def test_a_button_sets_the_citizenship_and_answers_what_waited(current: Current, knowledge: Knowledge) -> None:
    text = asked(knowledge, "uz-foreign-military-service/penalty", "ru")
    entity = [{"entity": "citizenship", "value": "UZ"}]
    given = tracker('/state_citizenship{"citizenship": "UZ"}', language="ru", slots={"question": text}, entities=entity)
    messages, slots = await run(SetCitizenshipAction(current), given)
    assert slots == {"citizenship": "UZ"}
    assert {p["advisory"] for m in messages for p in m["passages"]} == {"uz-foreign-military-service"}


async def test_a_stated_citizenship_is_confirmed(current: Current, knowledge: Knowledge) -> None:
    messages, slots = await run(SetCitizenshipAction(current), tracker("мен тажикмин"))
    assert slots == {"citizenship": "TJ"}
    name = knowledge.countries["TJ"].name["ky"]
    assert messages[0]["text"] == knowledge.phrases["ky"].say("citizenship_noted", country=name)


async def test_an_unknown_citizenship_is_asked_for(current: Current, knowledge: Knowledge) -> None:
    messages, slots = await run(SetCitizenshipAction(current), tracker("мен марсианмын"))
    assert slots == {}
    assert messages[-1]["kind"] == "clarify"
    assert len(messages[-1]["quick_replies"]) == len(knowledge.countries)


async def test_a_question_that_states_a_citizenship_is_answered_not_only_noted(
    current: Current, knowledge: Knowledge
) -> None:
    text = asked(knowledge, "uz-foreign-military-service/penalty", "ru") + " я узбек"
    messages, _ = await run(SetCitizenshipAction(current), tracker(text, language="ru"))
    assert messages[0]["kind"] == "answer"


async def test_a_chosen_heading_shows_its_passage(current: Current) -> None:
    entity = [{"entity": "passage", "value": "kg-foreign-military-service/penalty"}]
    given = tracker('/show_passage{"passage": "kg-foreign-military-service/penalty"}', entities=entity)
    messages, slots = await run(ShowPassageAction(current), given)
    assert messages[0]["passages"][0]["advisory"] == "kg-foreign-military-service"
    assert messages[0]["citations"]
    assert slots == {}


async def test_contacts_are_those_of_the_citizenship(current: Current) -> None:
    messages, _ = await run(GiveContactsAction(current), tracker("элчиликтин номери", slots={"citizenship": "KG"}))
    assert messages[0]["contacts"][0]["phone"] == "+7 925 115 50 47"
    serving = {contact.phone for contact in current().knowledge.contacts if contact.serves <= {"KG"}}
    assert {c["phone"] for c in messages[0]["contacts"]} <= serving
    unknown, _ = await run(GiveContactsAction(current), tracker("адам менен сүйлөшөм"))
    assert unknown[-1]["kind"] == "clarify"
    none, _ = await run(GiveContactsAction(current), tracker("телефон", slots={"citizenship": "KZ"}))
    assert not none[0]["contacts"]


async def test_no_answer_names_whom_to_ask(current: Current) -> None:
    messages, _ = await run(AnswerAction(current), tracker("Бишкекте аба ырайы кандай?", slots={"citizenship": "KG"}))
    assert messages[0]["kind"] == "no_answer"
    assert messages[0]["contacts"]
