"""Takes note of a citizenship, and answers the question that waited for it."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.replies import language_of, pressed, utter
from bot.answering import Answerer, Current, Question


class SetCitizenshipAction(Action):  # type: ignore[misc]
    """Runs when somebody says whose citizen he is, by a button or in his own words."""

    def __init__(self, current: Current) -> None:
        self._current = current

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_set_citizenship"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Confirms the citizenship; a statement that is a question at the same time is answered instead."""
        text, language = str(tracker.latest_message.get("text") or ""), language_of(tracker)
        answerer = self._current()
        chosen = pressed(tracker, "citizenship")
        code = chosen or answerer.named_citizenship(text, language)
        if code is None:
            composer = answerer.composer
            utter(
                dispatcher,
                (composer.notice(language, "citizenship_unknown"), composer.ask_citizenship(language)),
            )
            return []
        waiting = text if not chosen and await _asks(answerer, text, language, code) else tracker.get_slot("question")
        await _reply(answerer, dispatcher, language, code, waiting)
        return [SlotSet("citizenship", code)]


async def _asks(answerer: Answerer, text: str, language: str, code: str) -> bool:
    decision = await asyncio.to_thread(answerer.decide, Question(text, language, code))
    return decision.related


async def _reply(
    answerer: Answerer, dispatcher: CollectingDispatcher, language: str, code: str, question: str | None
) -> None:
    if not question:
        utter(dispatcher, (answerer.composer.citizenship_noted(language, code),))
        return
    answer = await asyncio.to_thread(answerer.answer, Question(question, language, code))
    utter(dispatcher, answer.messages, answer.seconds)
