"""The one place where the parts are put together: settings in, FastAPI application out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from rasa_sdk.executor import ActionExecutor

from actions.answer import AnswerAction
from actions.give_contacts import GiveContactsAction
from actions.set_citizenship import SetCitizenshipAction
from actions.show_passage import ShowPassageAction
from bot.answering import Answerer, Current
from bot.errors import DialogueError
from bot.gateway.body_limit import BodyLimit
from bot.gateway.conversations import Conversations
from bot.gateway.internal import internal_router
from bot.gateway.metrics import Metrics
from bot.gateway.problems import add_problem_handlers
from bot.gateway.rasa_client import DialogueEngine, RasaClient
from bot.gateway.routes import public_router
from bot.gateway.schemas import KnowledgeShown, ReadyReply, Refusal
from bot.gateway.searching import Search
from bot.gateway.turns import Turns
from bot.gateway.web import web_router
from bot.language.identify import LanguageIdentifier
from bot.live import LiveKnowledge
from bot.logs import get_logger
from bot.retrieval import Embedder, Reranker
from bot.settings import Settings
from bot.signing_key import signing_key

SWEEP_SECONDS = 60.0
LARGEST_BODY = 64_000  # bytes
MOST_REFUSALS = 50  # problems of a refused edit that /readyz names
DESCRIPTION = "Answers for labour migrants in their own language, with the source of every statement."


def create_app(
    settings: Settings, embedder: Embedder, *, reranker: Reranker | None = None, engine: DialogueEngine | None = None
) -> FastAPI:
    """Returns the service. Tests hand in an `engine`; otherwise it speaks to the Rasa of the settings.

    Raises:
        SnapshotError: There is no index.
    """
    metrics, identifier = Metrics(), LanguageIdentifier.load()
    live = LiveKnowledge(settings, embedder, identifier, metrics, reranker)
    client = httpx.AsyncClient(base_url=settings.rasa_url, timeout=settings.turn_timeout, trust_env=False)
    engine = engine or RasaClient(client, settings.rasa_token.get_secret_value())
    conversations = Conversations(signing_key(settings), hours=settings.conversation_hours)
    default = settings.default_language

    def current() -> Answerer:
        return live.answerer

    def say(language: str, phrase: str, **values: str) -> str:
        return current().composer.say(language, phrase, **values)

    turns = Turns(
        engine=engine,
        conversations=conversations,
        current=current,
        identifier=identifier,
        metrics=metrics,
        default_language=default,
        max_text=settings.max_text,
    )
    search = Search(current=current, turns=turns, identifier=identifier, default_language=default)

    async def ready() -> ReadyReply:
        checks = {"knowledge": True, "index": True, "dialogue": await engine.ready()}
        state = _describe(live)
        return ReadyReply(ready=all(checks.values()), checks=checks, index=state.version, knowledge=state)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(_sweep(conversations, engine)), asyncio.create_task(live.follow())]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.aclose()
        live.close()

    app = FastAPIOffline(title="Safar", version="0.1.0", lifespan=lifespan, description=DESCRIPTION)
    app.state.live = live
    app.add_middleware(BodyLimit, largest=LARGEST_BODY, exempt="/internal/")
    add_problem_handlers(app, say=say, default_language=default)
    app.include_router(public_router(turns=turns, search=search, current=current, metrics=metrics, ready=ready))
    app.include_router(
        internal_router(
            executor=_executor(current),
            say=say,
            default_language=default,
            secret=settings.internal_secret.get_secret_value(),
            metrics=metrics,
        )
    )
    app.include_router(web_router(current))
    return app


def _executor(current: Current) -> ActionExecutor:
    executor = ActionExecutor()
    for action in (AnswerAction, SetCitizenshipAction, ShowPassageAction, GiveContactsAction):
        executor.register_action(action(current))
    return executor


def _describe(live: LiveKnowledge) -> KnowledgeShown:
    manifest = live.state.snapshot.manifest
    return KnowledgeShown(
        version=manifest.version,
        built=manifest.built,
        advisories=manifest.advisories,
        passages=manifest.passages,
        refused=[
            Refusal(file=live.name(problem.path), line=problem.line, rule=problem.rule, message=problem.message)
            for problem in live.refused[:MOST_REFUSALS]
        ],
    )


async def _sweep(conversations: Conversations, engine: DialogueEngine) -> None:
    """Has the dialogue engine forget the conversations that were silent too long."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        for sender in conversations.expire():
            try:
                await engine.forget(sender)
            except DialogueError as error:
                get_logger().warning("conversation.not_forgotten", reason=str(error))
