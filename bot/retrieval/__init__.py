"""Retrieval: the passages that answer a question, and how far they can be trusted to."""

from bot.retrieval.fake_embedder import FakeEmbedder
from bot.retrieval.interfaces import Embedder, Index, Ranked, Ranking, Reranker, Vectors

__all__ = ["Embedder", "FakeEmbedder", "Index", "Ranked", "Ranking", "Reranker", "Vectors"]
