"""The key that signs conversation ids: set by the operator, or made once and kept."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.settings import Settings


def signing_key(settings: Settings) -> str:
    """Returns the key; makes one that only this user can read if none is set or kept."""
    given = settings.secret_key.get_secret_value()
    return given or _kept(settings.data / "secret-key")


def _kept(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent)  # readable by nobody else
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32))
        with suppress(FileExistsError):  # two processes may start at once: the first one's key stays
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text().strip()
