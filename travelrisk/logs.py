"""Structured logs: fields instead of sentences, and nothing in them that says who is where when."""

import logging
import os
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import structlog

_ADDRESS = re.compile(r"(?:\"[^\"]*\"|[^\s@<>\"']+)@[^\s@<>\"']+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# What opens something: the address of a trip or a calendar, the key of a program, a token of another service.
_OPENS = re.compile(
    r"(?<=/trips/)[\w-]{16,}|(?<=/calendar/)[\w-]{16,}|\btrk_\w+|(?<=bearer )\S+|(?<=basic )\S+",
    re.ASCII | re.IGNORECASE,
)
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
    others = [each for each in logging.root.handlers if not isinstance(each, FromLibraries)]
    logging.root.handlers = [*others, FromLibraries()]
    colours = not os.environ.get("NO_COLOR")
    last: Any = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=colours)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def bound(**fields: str) -> AbstractContextManager[None]:
    """Let every line of the log that is written inside say which request or job it belongs to."""
    return structlog.contextvars.bound_contextvars(**fields)


def hide(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide fields about people, words of exceptions, and what looks like an address or opens something."""
    for key, value in _without_message(event).items():
        event[key] = _hidden(key, value)
    return event


def _hidden(key: object, value: object) -> object:
    """Return a value that may be told, however deep in it something stands; no text in it begins a line."""
    if key in _PERSONAL:
        return "..."
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {_hidden("", name): _hidden(name, each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_hidden("", each) for each in value]
    return _OPENS.sub("...", _ADDRESS.sub("...", _CONTROL.sub(" ", str(value))))


def _without_message(event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Tell of an exception what it is and where it happened: its words may be what somebody typed."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["exception"] = type(error).__name__
        event["where"] = " > ".join(f"{Path(each.filename).name}:{each.lineno}" for each in frames)
    return event


class FromLibraries(logging.Handler):
    """Puts what libraries say among our own lines; left alone, Python would print it as it is."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write what was said as one of our lines."""
        try:
            said = record.getMessage()
        except (TypeError, ValueError):  # words and values that do not fit
            said = str(record.msg)
        level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)  # one that has a name
        logger().log(level, "library.said", library=record.name, said=said, exc_info=record.exc_info)


def logger() -> Any:  # noqa: ANN401 - structlog's logger is what its configuration makes it
    """Return the service's logger."""
    return structlog.get_logger("travelrisk")
