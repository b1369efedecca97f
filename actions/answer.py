"""Answers a question from the knowledge base."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.replies import citizenship_of, language_of, utter
from bot.answering import Current, Question


class AnswerAction(Action):  # type: ignore[misc]
    """Searches the knowledge base and remembers the question, in case the citizenship becomes known afterwards."""

    def __init__(self, current: Current) -> None:
        self._current = current

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says the answer, or honestly that there is none."""
        text = str(tracker.latest_message.get("text") or "")
        question = Question(text, language_of(tracker), citizenship_of(tracker), tracker.get_slot("question"))
        answer = await asyncio.to_thread(self._current().answer, question)
        utter(dispatcher, answer.messages, answer.seconds)
        if answer.decision is None:
            return []
        events = [SlotSet("question", answer.decision.searched)]
        if answer.decision.own:
            events.append(SlotSet("citizenship", answer.decision.own))
        return events
