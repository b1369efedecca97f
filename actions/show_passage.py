"""Shows the passage whose heading was chosen."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.replies import citizenship_of, language_of, pressed, utter
from bot.answering import Current


class ShowPassageAction(Action):  # type: ignore[misc]
    """Runs when somebody presses one of the headings that were offered."""

    def __init__(self, current: Current) -> None:
        self._current = current

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_show_passage"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says the passage with its sources."""
        key = pressed(tracker, "passage") or ""
        messages = await asyncio.to_thread(self._current().show, key, language_of(tracker), citizenship_of(tracker))
        utter(dispatcher, messages)
        return []
