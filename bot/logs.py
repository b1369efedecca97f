"""Structured logs: one JSON object a line, never with a user's words."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def configure_logs(level: str) -> None:
    """Sends our log lines, and the warnings of libraries, to standard error as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    handler = _Libraries()
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def get_logger() -> Any:
    """Returns the logger; `log.info("event.name", key=value)`."""
    return structlog.get_logger()


class _Libraries(logging.Handler):
    """Writes what libraries log without their text: it may quote a request, and with it a user."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        place = f"{record.filename}:{record.lineno}"
        get_logger().warning(
            "library.message", logger=record.name, level_name=record.levelname, place=place, error=error
        )
