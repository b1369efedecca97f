"""The one place where the parts are put together: settings in, FastAPI application out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from rasa_sdk.executor import ActionExecutor

from actions.answer import AnswerAction
from actions.give_contacts import GiveContactsAction
from actions.set_citizenship import SetCitizenshipAction
from bot.answering import Answerer
from bot.corpus import Knowledge, load_knowledge
from bot.errors import DialogueError
from bot.gateway.body_limit import BodyLimit
from bot.gateway.conversations import Conversations
from bot.gateway.internal import internal_router
from bot.gateway.metrics import Metrics
from bot.gateway.problems import add_problem_handlers
from bot.gateway.rasa_client import DialogueEngine, RasaClient
from bot.gateway.routes import public_router
from bot.gateway.schemas import ReadyReply
from bot.gateway.searching import Search
from bot.gateway.turns import Turns
from bot.gateway.web import web_router
from bot.language.catalogue import Catalogue
from bot.language.identify import LanguageIdentifier
from bot.logs import get_logger
from bot.retrieval import Embedder
from bot.retrieval.memory_index import MemoryIndex
from bot.retrieval.question_cache import QuestionCache
from bot.retrieval.snapshot import load
from bot.settings import Settings
from bot.signing_key import signing_key

SWEEP_SECONDS = 60.0
LARGEST_BODY = 64_000  # bytes
DESCRIPTION = "Answers for labour migrants in their own language, with the source of every statement."


def make_answerer(settings: Settings, embedder: Embedder) -> tuple[Knowledge, Answerer, QuestionCache]:
    """Returns the knowledge, what answers from it, and where it takes the questions' vectors from.

    Raises:
        KnowledgeError: The knowledge files are wrong.
        SnapshotError: There is no index of them.
    """
    knowledge = load_knowledge(settings.knowledge)
    vectors = QuestionCache(embedder)
    index = MemoryIndex(load(settings.data / "index"))
    return knowledge, Answerer(knowledge, index, vectors, LanguageIdentifier.load()), vectors


def create_app(settings: Settings, embedder: Embedder, *, engine: DialogueEngine | None = None) -> FastAPI:
    """Returns the service. Tests hand in an `engine`; otherwise it speaks to the Rasa of the settings.

    Raises:
        KnowledgeError: The knowledge files are wrong.
        SnapshotError: There is no index of them.
    """
    knowledge, answerer, vectors = make_answerer(settings, embedder)
    client = httpx.AsyncClient(base_url=settings.rasa_url, timeout=settings.turn_timeout, trust_env=False)
    engine = engine or RasaClient(client, settings.rasa_token.get_secret_value())
    conversations = Conversations(signing_key(settings), hours=settings.conversation_hours)
    metrics, catalogue, identifier = Metrics(), Catalogue(knowledge.languages), LanguageIdentifier.load()
    say, default = answerer.composer.say, settings.default_language
    turns = Turns(
        engine=engine,
        conversations=conversations,
        catalogue=catalogue,
        countries=knowledge.countries,
        identifier=identifier,
        say=say,
        prefetch=vectors.prefetch,
        metrics=metrics,
        default_language=default,
        max_text=settings.max_text,
    )
    search = Search(
        knowledge=knowledge, answerer=answerer, turns=turns, identifier=identifier, default_language=default
    )

    async def ready() -> ReadyReply:
        checks = {"knowledge": True, "index": True, "dialogue": await engine.ready()}
        return ReadyReply(ready=all(checks.values()), checks=checks, index=answerer.version)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        sweeper = asyncio.create_task(_sweep(conversations, engine))
        yield
        sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await sweeper
        await client.aclose()
        vectors.close()

    app = FastAPIOffline(title="Safar", version="0.1.0", lifespan=lifespan, description=DESCRIPTION)
    app.add_middleware(BodyLimit, largest=LARGEST_BODY, exempt="/internal/")
    add_problem_handlers(app, say=say, default_language=default)
    app.include_router(public_router(turns=turns, search=search, catalogue=catalogue, metrics=metrics, ready=ready))
    app.include_router(
        internal_router(
            executor=_executor(answerer),
            say=say,
            default_language=default,
            secret=settings.internal_secret.get_secret_value(),
            metrics=metrics,
        )
    )
    app.include_router(web_router(knowledge))
    return app


def _executor(answerer: Answerer) -> ActionExecutor:
    executor = ActionExecutor()
    for action in (AnswerAction, SetCitizenshipAction, GiveContactsAction):
        executor.register_action(action(answerer))
    return executor


async def _sweep(conversations: Conversations, engine: DialogueEngine) -> None:
    """Has the dialogue engine forget the conversations that were silent too long."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        for sender in conversations.expire():
            try:
                await engine.forget(sender)
            except DialogueError as error:
                get_logger().warning("conversation.not_forgotten", reason=str(error))
