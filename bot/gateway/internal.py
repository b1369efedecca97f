"""What the dialogue engine calls: actions and fixed sentences, behind a shared secret."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException
from rasa_sdk.executor import ActionExecutor

from bot.gateway.metrics import Metrics
from bot.logs import get_logger

SECRET_HEADER = "X-Safar-Secret"  # noqa: S105 - a header, not its value
Say = Callable[..., str]


def internal_router(
    *, executor: ActionExecutor, say: Say, default_language: str, secret: str, metrics: Metrics
) -> APIRouter:
    """Returns the routes that only the dialogue engine may call.

    Raises:
        ValueError: The secret is empty, which would leave the routes open.
    """
    if not secret:
        raise ValueError("the internal secret is empty")

    def proven(given: Annotated[str, Header(alias=SECRET_HEADER)] = "") -> None:
        if not secrets.compare_digest(given.encode(), secret.encode()):
            raise HTTPException(404)  # to strangers there is nothing here

    router = APIRouter(prefix="/internal", include_in_schema=False, dependencies=[Depends(proven)])

    @router.post("/actions")
    async def run_action(call: dict[str, Any]) -> dict[str, Any]:
        name, started = str(call.get("next_action")), time.perf_counter()
        try:
            # The domain is not sent (endpoints.yml), and no action reads it; the SDK insists on one.
            result = await executor.run({"domain": {}, **call})
            content: dict[str, Any] = result.model_dump() if result else {"events": [], "responses": []}
        except Exception as error:  # noqa: BLE001 - whatever fails, the user gets a sentence and nobody his text
            metrics.failures.labels("action").inc()
            get_logger().error("action.failed", action=name, error=type(error).__name__)
            content = _failed(say(_language(call, default_language), "action_failed"))
        _note_time(content, time.perf_counter() - started)
        return content

    @router.post("/nlg")
    async def say_phrase(call: dict[str, Any]) -> dict[str, Any]:
        name = str(call.get("response", "")).removeprefix("utter_")
        language = _language(call, default_language)
        try:
            return {"text": say(language, name)}
        except KeyError:
            metrics.failures.labels("phrase").inc()
            get_logger().error("phrase.unknown", phrase=name, language=language)
            return {"text": say(language, "action_failed")}

    return router


def _language(call: Mapping[str, Any], default: str) -> str:
    message = (call.get("tracker") or {}).get("latest_message") or {}
    return str((message.get("metadata") or {}).get("language") or default)


def _failed(sentence: str) -> dict[str, Any]:
    message = {"kind": "notice", "text": sentence}
    return {"events": [], "responses": [{"custom": {"messages": [message], "seconds": {}}}]}


def _note_time(content: Mapping[str, Any], seconds: float) -> None:
    for response in content["responses"]:
        custom = response.get("custom") or {}
        if "seconds" in custom:
            custom["seconds"]["action"] = seconds
