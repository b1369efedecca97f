"""Names the people to turn to."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.replies import citizenship_of, language_of, utter
from bot.answering import Current


class GiveContactsAction(Action):  # type: ignore[misc]
    """Runs when somebody wants to talk to a person."""

    def __init__(self, current: Current) -> None:
        self._current = current

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_give_contacts"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says which offices serve the asker's citizenship; asks for it if it is not known."""
        language, answerer = language_of(tracker), self._current()
        named = answerer.named_citizenship(str(tracker.latest_message.get("text") or ""), language)
        utter(dispatcher, answerer.composer.contacts(language, named or citizenship_of(tracker)))
        return []
