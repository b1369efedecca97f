"""How an action hands structured messages to the dialogue engine, which passes them on unread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.messages import Message


def utter(
    dispatcher: CollectingDispatcher, messages: Iterable[Message], seconds: Mapping[str, float] | None = None
) -> None:
    """Says messages; `seconds` tells how long each stage took."""
    content = {"messages": [asdict(message) for message in messages], "seconds": dict(seconds or {})}
    dispatcher.utter_message(json_message=content)


def language_of(tracker: Tracker) -> str:
    """Returns the language of the turn, which the gateway puts into every message's metadata."""
    return str(metadata_of(tracker)["language"])


def citizenship_of(tracker: Tracker) -> str | None:
    """Returns the asker's citizenship: what the client says of this turn, or what the conversation has shown so far."""
    code: str | None = metadata_of(tracker).get("citizenship") or tracker.get_slot("citizenship")
    return code


def metadata_of(tracker: Tracker) -> dict[str, Any]:
    """Returns what the gateway sent along with the user's message."""
    return dict(tracker.latest_message.get("metadata") or {})


def pressed(tracker: Tracker, entity: str) -> str | None:
    """Returns what the button that was pressed says of an entity; typed text carries none."""
    entities = tracker.latest_message.get("entities") or []
    values = [str(found["value"]) for found in entities if found.get("entity") == entity]
    return values[0] if values else None
