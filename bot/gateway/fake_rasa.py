"""A dialogue engine without Rasa, for tests: every text is a question, every button a citizenship."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx

from bot.errors import DialogueDown, EmptyReply
from bot.gateway.rasa_client import Reply

_PHRASES = {"salam": "utter_greet", "thanks": "utter_thanks"}


class FakeRasa:
    """Calls the service's internal routes as Rasa does, keeps slots, and fails on demand.

    Attributes:
        down: Behave as if it could not be reached.
        empty: Answer nothing, as Rasa does when an exception was swallowed.
        turns: The texts it has seen, by sender.
        slots: What it knows of each sender.
    """

    def __init__(self) -> None:
        self.down = False
        self.empty = False
        self.turns: dict[str, list[str]] = {}
        self.slots: dict[str, dict[str, Any]] = {}
        self._client: httpx.AsyncClient | None = None
        self._secret: dict[str, str] = {}

    def attach(self, client: httpx.AsyncClient, secret_header: Mapping[str, str]) -> None:
        """Tells where the service is and how to prove a call."""
        self._client, self._secret = client, dict(secret_header)

    async def turn(self, sender: str, text: str, metadata: Mapping[str, Any]) -> list[Reply]:
        """Returns what the service's action or phrase says."""
        if self.down:
            raise DialogueDown("the fake is down")
        if self.empty:
            raise EmptyReply("the fake says nothing")
        self.turns.setdefault(sender, []).append(text)
        slots = self.slots.setdefault(sender, {})
        intent, _, entities = text.removeprefix("/").partition("{") if text.startswith("/") else ("", "", "")
        found = [{"entity": k, "value": v} for k, v in json.loads("{" + entities).items()] if intent else []
        message = {"text": text, "metadata": dict(metadata), "entities": found}
        tracker = {"sender_id": sender, "slots": slots, "latest_message": message, "events": []}
        if text.lower() in _PHRASES:
            return [await self._call("nlg", {"response": _PHRASES[text.lower()], "tracker": tracker})]
        action = "action_set_citizenship" if intent else "action_answer"
        result = await self._call("actions", {"next_action": action, "tracker": tracker, "sender_id": sender})
        slots.update({event["name"]: event["value"] for event in result["events"] if event["event"] == "slot"})
        return [{"custom": response["custom"]} for response in result["responses"]]

    async def forget(self, sender: str) -> None:
        """Drops what it knows of a sender."""
        if self.down:
            raise DialogueDown("the fake is down")
        self.turns.pop(sender, None)
        self.slots.pop(sender, None)

    async def ready(self) -> bool:
        """Whether it is not down."""
        return not self.down

    async def _call(self, route: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if self._client is None:
            raise RuntimeError("attach the fake to a service first")
        response = await self._client.post(f"/internal/{route}", json=body, headers=self._secret)
        response.raise_for_status()
        result: dict[str, Any] = response.json()
        return result
