"""One turn: from the user's text, through the dialogue engine, to messages in the user's language."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

from bot.answering import Current
from bot.corpus import Language
from bot.errors import DialogueDown, DialogueError, EmptyReply
from bot.gateway.conversations import Conversation, Conversations, UnknownConversation
from bot.gateway.metrics import Metrics
from bot.gateway.problems import Refused
from bot.gateway.rasa_client import DialogueEngine, Reply
from bot.gateway.schemas import ActionContent, ChatReply, ChatRequest
from bot.language.identify import LanguageIdentifier, choose_language
from bot.language.spelling import clean
from bot.logs import get_logger
from bot.messages import Message, QuickReply

# What our own buttons send: an intent with its entity, in the dialogue engine's own notation.
_PAYLOAD = re.compile(
    r'/state_citizenship\{"citizenship": ?"(?P<citizenship>[A-Z]{2})"\}'
    r'|/show_passage\{"passage": ?"(?P<passage>[a-z0-9/-]+)"\}'
)


@dataclass(frozen=True)
class Turn:
    """The reply to one turn, and the seconds of its stages."""

    reply: ChatReply
    seconds: Mapping[str, float]


class Turns:
    """Takes turns. Whatever the dialogue engine does, the user gets at least one message."""

    def __init__(
        self,
        *,
        engine: DialogueEngine,
        conversations: Conversations,
        current: Current,
        identifier: LanguageIdentifier,
        metrics: Metrics,
        default_language: str,
        max_text: int,
    ) -> None:
        self._engine = engine
        self._conversations = conversations
        self._current = current
        self._identifier = identifier
        self._metrics = metrics
        self._default_language = default_language
        self._max_text = max_text

    async def take(self, request: ChatRequest) -> Turn:
        """Returns the reply to one request.

        Raises:
            Refused: The text is empty or too long, or the conversation, language or citizenship is not known.
        """
        started = time.perf_counter()
        chosen = self.chosen_language(request.language)
        text = self._text(request.text, chosen or self._default_language)
        self.check_citizenship(request.citizenship, chosen or self._default_language)
        conversation = self._conversation(request.conversation, chosen or self._default_language)
        language = self._language(text, chosen, conversation)
        messages, seconds = await self._ask(conversation, text, language, request.citizenship)
        seconds["turn"] = time.perf_counter() - started
        self._note(messages, language, seconds)
        reply = ChatReply(
            conversation=conversation.id,
            language=language.code,
            direction=language.direction,
            messages=list(messages),
        )
        return Turn(reply, seconds)

    def explain(self, refused: Refused) -> str:
        """Returns the sentence for the user behind a refusal."""
        return self._say(refused.language, refused.phrase, **refused.values)

    async def forget(self, given: str) -> str:
        """Deletes everything kept of a conversation and returns the sentence that says so.

        Raises:
            Refused: The conversation is not known, or the dialogue engine cannot be reached now.
        """
        try:
            conversation = self._conversations.forget(given)
        except UnknownConversation:
            raise self._unknown(self._default_language) from None
        language = conversation.language or self._default_language
        try:
            await self._engine.forget(conversation.sender)
        except DialogueError:
            self._metrics.failures.labels("dialogue_down").inc()
            raise Refused(
                HTTPStatus.SERVICE_UNAVAILABLE, "dialogue-down", "busy", language=language, retry_after=30
            ) from None
        return self._say(language, "forgotten")

    def _say(self, language: str, phrase: str, **values: str) -> str:
        return self._current().composer.say(language, phrase, **values)

    # Checking ----------------------------------------------------------------------------------------------------

    def chosen_language(self, code: str | None) -> str | None:
        """Returns the language meant by a caller's code; None for None.

        Raises:
            Refused: Safar does not speak it.
        """
        if code is None:
            return None
        language = self._current().catalogue.find(code)
        if language is None:
            names = ", ".join(f"{language.name} ({language.code})" for language in self._current().catalogue)
            raise Refused(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "language-unknown",
                "language_unknown",
                language=self._default_language,
                languages=names,
            )
        return language.code

    def _text(self, given: str, language: str) -> str:
        if len(given) > self._max_text:
            raise Refused(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "text-too-long",
                "text_too_long",
                language=language,
                limit=str(self._max_text),
            )
        text = clean(given)
        if not text:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "text-empty", "text_empty", language=language)
        return self._without_commands(text)

    def _without_commands(self, text: str) -> str:
        """Removes the slashes by which a text would give the dialogue engine orders; our own buttons keep theirs."""
        pressed = _PAYLOAD.fullmatch(text)
        if pressed and (pressed["passage"] or pressed["citizenship"] in self._current().knowledge.countries):
            return text
        return text.lstrip("/ ") or "?"

    def check_citizenship(self, code: str | None, language: str) -> None:
        """Refuses country codes that the knowledge does not have.

        Raises:
            Refused: The code is not known.
        """
        if code is not None and code not in self._current().knowledge.countries:
            raise Refused(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "citizenship-unknown",
                "citizenship_code_unknown",
                language=language,
                countries=", ".join(self._current().knowledge.countries),
            )

    def _conversation(self, given: str | None, language: str) -> Conversation:
        try:
            return self._conversations.open(given)
        except UnknownConversation:
            raise self._unknown(language) from None

    @staticmethod
    def _unknown(language: str) -> Refused:
        return Refused(HTTPStatus.NOT_FOUND, "conversation-unknown", "conversation_unknown", language=language)

    # Asking ------------------------------------------------------------------------------------------------------

    def _language(self, text: str, chosen: str | None, conversation: Conversation) -> Language:
        if _PAYLOAD.fullmatch(text):
            code = chosen or conversation.language or self._default_language
        else:
            code = choose_language(
                self._identifier.identify(text),
                previous=conversation.language,
                chosen=chosen,
                supported=[language.code for language in self._current().catalogue],
                default=self._default_language,
            )
            self._current().prefetch(text)
        conversation.language = code
        return self._current().catalogue[code]

    async def _ask(
        self, conversation: Conversation, text: str, language: Language, citizenship: str | None
    ) -> tuple[Sequence[Message], dict[str, float]]:
        metadata = {"language": language.code, "citizenship": citizenship}
        asked = time.perf_counter()
        try:
            replies = await self._engine.turn(conversation.sender, text, metadata)
            messages, seconds = _read(replies)
        except DialogueError as error:
            cause, phrase = _cause(error)
            self._metrics.failures.labels(cause).inc()
            get_logger().error("turn.failed", cause=cause, reason=str(error))
            messages, seconds = [Message("notice", self._say(language.code, phrase))], {}
        seconds["dialogue"] = time.perf_counter() - asked
        return messages, seconds

    def _note(self, messages: Sequence[Message], language: Language, seconds: Mapping[str, float]) -> None:
        self._metrics.observe(seconds)
        for message in messages:
            self._metrics.messages.labels(message.kind, language.code).inc()
        kinds = [message.kind for message in messages]
        milliseconds = {stage: round(value * 1000, 1) for stage, value in seconds.items()}
        get_logger().info("turn.taken", language=language.code, kinds=kinds, ms=milliseconds)


def _cause(error: DialogueError) -> tuple[str, str]:
    """Returns the failure's name for operators and the phrase for the user."""
    if isinstance(error, DialogueDown):
        return "dialogue_down", "busy"
    if isinstance(error, EmptyReply):
        return "empty_reply", "action_failed"
    return "dialogue_error", "action_failed"


def _read(replies: Sequence[Reply]) -> tuple[list[Message], dict[str, float]]:
    messages: list[Message] = []
    seconds: dict[str, float] = {}
    for reply in replies:
        if "custom" in reply:
            content = _content(reply["custom"])
            messages.extend(content.messages)
            seconds.update(content.seconds)
        elif reply.get("text"):
            messages.append(Message("notice", str(reply["text"]), quick_replies=_buttons(reply)))
    if not messages:
        raise EmptyReply("the dialogue engine's reply holds no message")
    return messages, seconds


def _content(custom: Any) -> ActionContent:
    try:
        # Through JSON: strict models take a JSON array for a tuple, but not a Python list.
        return ActionContent.model_validate_json(json.dumps(custom))
    except (ValidationError, TypeError, ValueError):
        raise DialogueError("the dialogue engine passed on something that is no message") from None


def _buttons(reply: Reply) -> tuple[QuickReply, ...]:
    return tuple(QuickReply(str(b["title"]), str(b["payload"])) for b in reply.get("buttons") or ())
