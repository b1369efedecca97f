"""The way to the dialogue engine: one turn in, its messages out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import httpx

from bot.errors import DialogueDown, DialogueError, EmptyReply

Reply = Mapping[str, Any]


class DialogueEngine(Protocol):
    """What the gateway needs of a dialogue engine."""

    async def turn(self, sender: str, text: str, metadata: Mapping[str, Any]) -> list[Reply]:
        """Returns what the engine says to one message, at least one reply.

        Raises:
            DialogueDown: It cannot be reached or is not ready.
            EmptyReply: It said nothing, which hides an error of its own.
            DialogueError: It failed in another way.
        """
        ...

    async def forget(self, sender: str) -> None:
        """Deletes everything that it keeps of a conversation.

        Raises:
            DialogueError: It could not.
        """
        ...

    async def ready(self) -> bool:
        """Whether it is up with a model loaded."""
        ...


class RasaClient:
    """Speaks to Rasa through its REST channel and its HTTP API."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        """Takes a client whose base address is Rasa's, and the token of Rasa's HTTP API."""
        self._client = client
        self._token = token

    async def turn(self, sender: str, text: str, metadata: Mapping[str, Any]) -> list[Reply]:
        """Returns Rasa's replies to one message; see `DialogueEngine.turn`."""
        body = {"sender": sender, "message": text, "metadata": metadata}
        response = await self._send("POST", "/webhooks/rest/webhook", json=body)
        try:
            replies = response.json()
        except ValueError:
            raise DialogueError("the dialogue engine answered something that is not JSON") from None
        if not isinstance(replies, list) or not replies:
            raise EmptyReply("the dialogue engine answered nothing")
        return replies

    async def forget(self, sender: str) -> None:
        """Replaces all events of the conversation by none."""
        await self._send("PUT", f"/conversations/{sender}/tracker/events", json=[], params=self._proof)

    async def ready(self) -> bool:
        """Whether Rasa answers and has loaded a model."""
        try:
            response = await self._send("GET", "/status", params=self._proof)
            return bool(response.json().get("model_file"))
        except (DialogueError, ValueError):
            return False

    @property
    def _proof(self) -> dict[str, str]:
        return {"token": self._token}

    async def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            response = await self._client.request(method, path, **arguments)
        except httpx.TimeoutException:
            raise DialogueError("the dialogue engine took too long") from None
        except httpx.HTTPError:
            raise DialogueDown("the dialogue engine cannot be reached") from None
        if response.status_code in (409, 503):
            raise DialogueDown("the dialogue engine has no model loaded yet")
        if response.status_code >= 400:
            raise DialogueError(f"the dialogue engine answered with status {response.status_code}")
        return response
