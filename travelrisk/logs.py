"""Structured logs: fields instead of sentences, and nothing in them that says who is where when."""

import logging
import os
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+", re.ASCII)
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


def mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide fields about people, and anything that looks like an address wherever it stands."""
    for key, value in event.items():
        if key in _PERSONAL:
            event[key] = "..."
        elif isinstance(value, str):
            event[key] = _ADDRESS.sub("...", value)
    return event


def logger() -> Any:  # noqa: ANN401 - structlog's logger is what its configuration makes it
    """Return the service's logger."""
    return structlog.get_logger("travelrisk")
