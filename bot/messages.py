"""What Safar says in a turn: the values behind the chat API's `messages`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.corpus.model import Basis, PublisherKind, Translation

MessageKind = Literal["answer", "clarify", "no_answer", "emergency", "notice"]


@dataclass(frozen=True)
class PassageShown:
    """A passage that an answer rests on, in the language it was shown in."""

    advisory: str
    passage: str
    language: str
    translation: Translation


@dataclass(frozen=True)
class Citation:
    """A source of the answer; `n` is the number of its mark in the text, `basis` how the statement is known."""

    n: int
    publisher: str
    title: str
    url: str
    published: str | None
    kind: PublisherKind
    basis: Basis
    quote: str | None
    quote_language: str | None


@dataclass(frozen=True)
class ContactShown:
    """An office to ask. `confirmed` says when its number was last seen on a page."""

    name: str
    phone: str | None
    hours: str | None
    url: str | None
    confirmed: str


@dataclass(frozen=True)
class QuickReply:
    """A button: `title` is shown, `payload` is sent back as the text of the next turn."""

    title: str
    payload: str


@dataclass(frozen=True)
class Message:
    """One message of a turn, in the user's language."""

    kind: MessageKind
    text: str
    passages: tuple[PassageShown, ...] = ()
    citations: tuple[Citation, ...] = ()
    as_of: str | None = None
    contacts: tuple[ContactShown, ...] = ()
    quick_replies: tuple[QuickReply, ...] = ()
