"""Structured logs: fields instead of sentences, and nothing in them that says who is where when."""

import logging
import os
import re
import sys
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog

_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TRACE = "exception"  # of many lines, and our own
_PERSONAL = frozenset(
    {
        "contact",
        "email",
        "locator",
        "locators",
        "name",
        "recipient",
        "text",
        "token",
        "traveller",
        "travellers",
    }
)


def configure(level: str, *, as_json: bool) -> None:
    """Send logs to standard error, as JSON lines or as lines for a terminal."""
    colours = not os.environ.get("NO_COLOR")
    last: Any = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=colours)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            mask,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def bound(**fields: str) -> AbstractContextManager[None]:
    """Let every line of the log that is written inside say which request or job it belongs to."""
    return structlog.contextvars.bound_contextvars(**fields)


def mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide fields about people and anything that looks like an address; no value begins another line."""
    for key, value in event.items():
        if key in _PERSONAL:
            event[key] = "..."
        elif isinstance(value, str):
            lines = value if key == _TRACE else _CONTROL.sub(" ", value)
            event[key] = _ADDRESS.sub("...", lines)
    return event


def logger() -> Any:  # noqa: ANN401 - structlog's logger is what its configuration makes it
    """Return the service's logger."""
    return structlog.get_logger("travelrisk")
