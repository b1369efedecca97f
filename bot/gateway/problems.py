"""Errors of the API as RFC 9457 problem documents: a sentence in the user's language, never the user's text."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from bot.logs import get_logger

Say = Callable[..., str]
MEDIA_TYPE = "application/problem+json"


class Refused(Exception):
    """A request that is answered with a problem document.

    `kind` ends the document's type, `phrase` names the sentence of its detail, `values` fill that sentence.
    """

    def __init__(
        self,
        status: HTTPStatus,
        kind: str,
        phrase: str,
        *,
        language: str,
        retry_after: int | None = None,
        **values: str,
    ) -> None:
        super().__init__(kind)
        self.status = status
        self.kind = kind
        self.phrase = phrase
        self.language = language
        self.retry_after = retry_after
        self.values = values


def add_problem_handlers(app: FastAPI, *, say: Say, default_language: str) -> None:
    """Makes `app` answer every error with a problem document."""

    def problem(status: HTTPStatus, kind: str, detail: str, **members: object) -> Response:
        body = {
            "type": f"urn:safar:problem:{kind}",
            "title": status.phrase,
            "status": status.value,
            "detail": detail,
            **members,
        }
        return JSONResponse(body, status.value, media_type=MEDIA_TYPE)

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> Response:
        detail = say(error.language, error.phrase, **error.values)
        response = problem(error.status, error.kind, detail, language=error.language)
        if error.retry_after is not None:
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        # Only where and what kind: the messages of pydantic may repeat the input.
        places = [
            {"at": ".".join(str(part) for part in detail["loc"]), "kind": detail["type"]} for detail in error.errors()
        ]
        broken = any(place["kind"] == "json_invalid" for place in places)
        status = HTTPStatus.BAD_REQUEST if broken else HTTPStatus.UNPROCESSABLE_ENTITY
        return problem(status, "bad-request", say(default_language, "bad_request"), errors=places)

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        phrase = "not_found" if status is HTTPStatus.NOT_FOUND else "bad_request"
        response = problem(status, status.phrase.lower().replace(" ", "-"), say(default_language, phrase))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        route = getattr(request.scope.get("route"), "path", "?")
        get_logger().error("request.failed", route=route, error=type(error).__name__, **_place(error))
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", say(default_language, "action_failed"))


def _place(error: BaseException) -> dict[str, object]:
    """Returns file and line where an error arose: enough to find it, without the values it may quote."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return {"file": trace.tb_frame.f_code.co_filename, "line": trace.tb_lineno} if trace else {}
