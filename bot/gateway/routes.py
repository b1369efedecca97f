"""The public routes: chat, search, languages, health."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Annotated, Protocol

from fastapi import APIRouter, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.answering import Current
from bot.gateway.metrics import Metrics
from bot.gateway.problems import Refused
from bot.gateway.schemas import (
    ChatReply,
    ChatRequest,
    Forgotten,
    LanguageShown,
    ReadyReply,
    SearchReply,
    openapi_problem,
)
from bot.gateway.turns import Turns


class Searcher(Protocol):
    """What `GET /api/search` needs."""

    async def __call__(self, q: str, language: str | None, citizenship: str | None, k: int) -> SearchReply:
        """Returns ranked passages."""
        ...


def public_router(
    *,
    turns: Turns,
    search: Searcher,
    current: Current,
    metrics: Metrics,
    ready: Callable[[], Awaitable[ReadyReply]],
) -> APIRouter:
    """Returns the routes of the chat API."""
    router = APIRouter(responses=openapi_problem())

    @router.post("/api/chat", tags=["chat"])
    async def chat(request: ChatRequest, response: Response) -> ChatReply:
        """Take one turn: send a text, receive messages with their sources."""
        turn = await turns.take(request)
        response.headers["Server-Timing"] = ", ".join(
            f"{stage};dur={seconds * 1000:.2f}" for stage, seconds in turn.seconds.items()
        )
        return turn.reply

    @router.post("/api/chat/stream", tags=["chat"], response_class=EventSourceResponse)
    async def chat_stream(request: ChatRequest) -> AsyncIterable[ServerSentEvent]:
        """Take one turn as server-sent events: `begin`, every `message`, `end` with the whole reply; or `problem`."""
        yield ServerSentEvent(event="begin", data={})
        try:
            reply = (await turns.take(request)).reply
        except Refused as error:
            yield ServerSentEvent(event="problem", data={"type": error.kind, "detail": turns.explain(error)})
            return
        for message in reply.messages:
            yield ServerSentEvent(event="message", data=message)
        yield ServerSentEvent(event="end", data=reply)

    @router.delete("/api/chat/{conversation}", tags=["chat"])
    async def forget(conversation: str) -> Forgotten:
        """Delete everything that is kept of a conversation."""
        return Forgotten(text=await turns.forget(conversation))

    @router.get("/api/search", tags=["search"])
    async def search_passages(
        q: Annotated[str, Query(min_length=1, max_length=2000)],
        language: str | None = None,
        citizenship: str | None = None,
        k: Annotated[int, Query(ge=1, le=100)] = 10,
    ) -> SearchReply:
        """Rank passages for a question, with scores."""
        return await search(q, language, citizenship, k)

    @router.get("/api/languages", tags=["languages"])
    async def languages() -> list[LanguageShown]:
        """List the languages that Safar speaks."""
        return [LanguageShown(code=one.code, name=one.name, direction=one.direction) for one in current().catalogue]

    @router.get("/healthz", tags=["operation"])
    async def healthz() -> dict[str, str]:
        """Tell that the service is alive."""
        return {"status": "alive"}

    @router.get("/readyz", tags=["operation"])
    async def readyz(response: Response) -> ReadyReply:
        """Tell whether a turn can be taken now; status 503 if not."""
        reply = await ready()
        response.status_code = 200 if reply.ready else 503
        return reply

    @router.get("/metrics", tags=["operation"])
    async def prometheus() -> Response:
        """Counters and histograms in the Prometheus text format."""
        return Response(metrics.render(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
