"""Conversation ids that only the service can mint, and the little that it keeps of each conversation."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer

LARGEST = 100_000  # conversations remembered at once; the one that was silent longest goes first


class UnknownConversation(Exception):
    """The id was not minted here."""


@dataclass
class Conversation:
    """One conversation.

    Attributes:
        id: What the client holds: the sender id with a signature, so that nobody can make one up.
        sender: Its name in the dialogue engine.
        language: The language it is in so far.
        last_turn: When it last spoke, in seconds of the clock.
    """

    id: str
    sender: str
    language: str | None = None
    last_turn: float = 0.0


class Conversations:
    """Mints and proves conversation ids. What it remembers lives in memory and is gone after `hours` of silence."""

    def __init__(self, key: str, *, hours: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._signer = Signer(key, salt="conversation")
        self._seconds = hours * 3600
        self._clock = clock
        self._known: dict[str, Conversation] = {}

    def open(self, given: str | None) -> Conversation:
        """Returns the conversation of this id, or a new one for None.

        Raises:
            UnknownConversation: The id was not minted with this key.
        """
        sender = secrets.token_urlsafe(18) if given is None else self._prove(given)
        conversation = self._known.pop(sender, None) or Conversation(self._signer.sign(sender).decode(), sender)
        conversation.last_turn = self._clock()
        self._known[sender] = conversation  # dicts keep order: the end is the newest
        return conversation

    def forget(self, given: str) -> Conversation:
        """Forgets a conversation and returns what was known of it.

        Raises:
            UnknownConversation: The id was not minted with this key.
        """
        sender = self._prove(given)
        return self._known.pop(sender, None) or Conversation(given, sender)

    def expire(self) -> list[str]:
        """Forgets conversations that were silent too long, or are too many, and returns their sender ids."""
        limit = self._clock() - self._seconds
        surplus = len(self._known) - LARGEST
        gone = [c.sender for n, c in enumerate(self._known.values()) if c.last_turn < limit or n < surplus]
        for sender in gone:
            del self._known[sender]
        return gone

    def _prove(self, given: str) -> str:
        try:
            return self._signer.unsign(given).decode()
        except (BadSignature, UnicodeError):
            raise UnknownConversation from None
