"""Runs the service process."""

from __future__ import annotations

import uvicorn

from bot.logs import configure_logs
from bot.retrieval.embedder import SentenceTransformerEmbedder, load_reranker
from bot.service import create_app
from bot.settings import Settings


def run_service(settings: Settings) -> None:
    """Serves until a signal ends it.

    Raises:
        KnowledgeError: The knowledge files are wrong.
        SnapshotError: There is no index of them.
        ModelError: The embedding model or the re-ranking model cannot be loaded.
    """
    configure_logs(settings.log_level)
    embedder, reranker = SentenceTransformerEmbedder(settings.model), load_reranker(settings.reranker)
    app = create_app(settings, embedder, reranker=reranker)
    # uvicorn's access log would write queries, and with them users' words; turns are logged by the gateway.
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
