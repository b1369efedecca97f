"""The bodies of the chat API."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.messages import Message


class ChatRequest(BaseModel):
    """One turn: the text, and what the client knows of its user."""

    model_config = ConfigDict(strict=True)

    text: Annotated[str, Field(description="What the user typed, or a quick reply's payload.")]
    conversation: Annotated[str | None, Field(description="The id of an earlier turn; null begins a new one.")] = None
    language: Annotated[str | None, Field(description="The user's explicit choice, such as ky or uz-Cyrl.")] = None
    citizenship: Annotated[str | None, Field(description="The user's citizenship, such as KG.")] = None


class ChatReply(BaseModel):
    """What Safar says to one turn."""

    conversation: str
    language: str
    direction: str
    messages: list[Message]


class Forgotten(BaseModel):
    """Confirmation that nothing is kept of a conversation any more."""

    text: str


class LanguageShown(BaseModel):
    """A language that Safar speaks."""

    code: str
    name: str
    direction: str


class SearchHit(BaseModel):
    """A passage with its scores; `probability` is how probable it is that it answers the question."""

    advisory: str
    passage: str
    heading: str
    language: str
    probability: float
    question_score: float
    prototype_score: float
    word_score: float
    question_word_score: float
    gathered_word_score: float
    concern: float
    shown: Annotated[bool, Field(description="Whether the answer to this question shows it.")]


class SearchReply(BaseModel):
    """Ranked passages for a question."""

    language: str
    version: Annotated[str, Field(description="The state of the knowledge that was searched.")]
    threshold: Annotated[float, Field(description="The probability from which a passage counts as an answer.")]
    passages: list[SearchHit]


class Refusal(BaseModel):
    """Something wrong with a knowledge file, so that an edit is not in use."""

    file: str
    line: int
    rule: str
    message: str


class KnowledgeShown(BaseModel):
    """The state of the knowledge in use, and why a newer one is not."""

    version: str
    built: str
    advisories: int
    passages: int
    refused: list[Refusal]


class ReadyReply(BaseModel):
    """Whether a turn can be taken, and each part that it needs.

    A refused edit does not make Safar unready: it answers from the last good state.
    """

    ready: bool
    checks: dict[str, bool]
    index: str
    knowledge: KnowledgeShown


class ActionContent(BaseModel):
    """What an action hands through the dialogue engine: messages, and the seconds of each stage."""

    messages: list[Message]
    seconds: dict[str, float] = {}


def openapi_problem() -> dict[int | str, dict[str, Any]]:
    """Returns how errors look, for the OpenAPI page: RFC 9457 problem documents."""
    problem = {"description": "A problem document (RFC 9457).", "content": {"application/problem+json": {}}}
    return {400: problem, 404: problem, 413: problem, 422: problem}
