"""A limit on what clients may send, answered with a problem document like every other error."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Stops reading a request's body at `largest` bytes; paths that begin with `exempt` are not limited.

    The framework's own limit answers in plain text, before any handler for errors sees it.
    """

    def __init__(self, app: ASGIApp, *, largest: int, exempt: str) -> None:
        self._app = app
        self._largest = largest
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request; reading too large a body raises HTTPException with status 413 inside the application."""
        if scope["type"] != "http" or scope["path"].startswith(self._exempt):
            await self._app(scope, receive, send)
            return
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._largest:
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)
