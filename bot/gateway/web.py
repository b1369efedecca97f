"""The plain web page at `/`: a chat without frameworks, third parties or inline scripts."""

from __future__ import annotations

import html
import json
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse

from bot.answering import Current
from bot.corpus import Knowledge

FOLDER = Path(__file__).with_name("web")
FILES = {"page.js": "text/javascript; charset=utf-8", "page.css": "text/css; charset=utf-8"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def web_router(current: Current) -> APIRouter:
    """Returns the routes of the page; its words come from the phrases of every language."""
    router = APIRouter(include_in_schema=False)
    pages: dict[str, str] = {}  # of the state in use, made when it is first asked for

    @router.get("/", response_model=None)
    async def show_page() -> HTMLResponse:
        knowledge = current().knowledge
        if knowledge.fingerprint not in pages:
            page = _page(knowledge)
            pages.clear()
            pages[knowledge.fingerprint] = page
        return HTMLResponse(pages[knowledge.fingerprint], headers=HEADERS)

    @router.get("/web/{name}", response_model=None)
    async def show_file(name: str) -> FileResponse | HTMLResponse:
        if name not in FILES:
            return HTMLResponse("", status_code=404)
        return FileResponse(FOLDER / name, media_type=FILES[name], headers=HEADERS)

    return router


def _page(knowledge: Knowledge) -> str:
    languages = {
        code: {
            "name": language.name,
            "direction": language.direction,
            "phrases": _page_phrases(knowledge, code),
        }
        for code, language in knowledge.languages.items()
    }
    data = json.dumps(languages, ensure_ascii=False).replace("<", "\\u003c")
    title = html.escape(knowledge.phrases["en"].say("page_title"))
    template = (FOLDER / "page.html").read_text()
    return template.replace("{{title}}", title).replace("{{languages}}", data)


def _page_phrases(knowledge: Knowledge, language: str) -> dict[str, str]:
    sentences = knowledge.phrases[language].sentences
    return {key.removeprefix("page_"): text for key, text in sentences.items() if key.startswith("page_")} | {
        key: text for key, text in sentences.items() if key in ("as_of", "action_failed") or key.startswith("basis_")
    }
