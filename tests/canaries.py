"""What may stand in no log and on no error page: looked for in whatever any test logs, or is answered with.

A line is looked at as the service would write it, whether or not the test has set the logs up like it.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pytest

PEOPLE: Final = (
    "lindgren",
    "doe",
    "roe",
    "muster",
    "mustermann",
    "zimmer",
    "zimmermann",
    "canary",
    "zzcanary",
)
"""Surnames of those who travel in tests: whoever invents another traveller takes one of these, or adds it."""
LOCATORS: Final = ("abc123", "abc124", "def456", "a1b2c3", "1e5678", "ab12cd", "zzcan1")
NUMBERS: Final = ("xk7654321", "0742345678901", "4111111111111111", "41225550199", "9988776655")

_WORDS: Final = "|".join((*PEOPLE, *LOCATORS, *NUMBERS))
_OPENS: Final = r"/(?:trips|calendar)/[\w-]{16,}|\btrk_(?:live|test)_\w|\bbearer \S*\w"
TELLS: Final = re.compile(
    rf"(?<![a-z0-9])(?:{_WORDS})(?![a-z0-9])|(?<![a-z])(?:alice|jane)[\w.+-]*@|{_OPENS}", re.IGNORECASE
)
ADDRESS: Final = re.compile(r"[^\s@]@[^\s@]+\.[a-z]", re.IGNORECASE)
"""Of anybody; on a page, those of the desk may stand."""

_found: list[str] = []


def look(where: str, words: str, *, is_page: bool = False) -> None:
    """Note words that tell of somebody; the test that runs will fail for them."""
    told = TELLS.search(words) or (None if is_page else ADDRESS.search(words))
    if told:
        _found.append(f"{where} tells {told[0]!r}: {words[:500]}")


def refuse() -> None:
    """Fail the test that runs, if anything was found since the last one."""
    if _found:
        told = "\n".join(_found)
        _found.clear()
        pytest.fail(f"this tells of somebody who travels:\n{told}", pytrace=False)


@contextmanager
def watching() -> Iterator[None]:
    """Look at every line that is logged, by us or by a library, and at every error page."""
    import structlog  # noqa: PLC0415 - pure tests start without it
    from flask.testing import FlaskClient  # noqa: PLC0415 - as above

    from travelrisk import logs  # noqa: PLC0415 - looked at after the settings are taken away

    written, opened = structlog.BoundLoggerBase._process_event, FlaskClient.open  # noqa: SLF001 - every line goes through it, however the logs are set up

    def write(self: Any, method: str, event: Any, fields: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as the method it stands in for
        line = {**structlog.contextvars.get_contextvars(), **self._context, **fields, "event": event}
        look("a line of the log", str(dict(logs.hide(None, method, line))))
        return written(self, method, event, dict(fields))

    def answer(self: Any, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - as above
        response = opened(self, *arguments, **more)
        if response.status_code >= 500:
            look("an error page", response.get_data(as_text=True), is_page=True)
        return response

    library = logs.FromLibraries(logging.WARNING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structlog.BoundLoggerBase, "_process_event", write)
        patch.setattr(FlaskClient, "open", answer)
        logging.root.addHandler(library)
        yield
        logging.root.removeHandler(library)
