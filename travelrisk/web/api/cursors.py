"""Cursors: opaque to programs, and nothing secret: where a list goes on."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from flask import request

from travelrisk.web.refusals import RefusedError

_LARGEST: Final = 2**63


def cursor_of(*parts: str | int) -> str:
    """Return the cursor that holds *parts*."""
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).rstrip(b"=").decode()


def parts_of(cursor: str, kinds: Sequence[type[str] | type[int]]) -> list[str | int]:
    """Take a cursor apart.

    Raises:
        RefusedError: it is none of ours.
    """
    try:
        found = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or [type(each) for each in found] != list(kinds):
        raise RefusedError("cursor")
    if any(isinstance(each, int) and not -_LARGEST <= each < _LARGEST for each in found):
        raise RefusedError("cursor")  # no database counts so far
    return found


def next_link(cursor: str, **asked: str | int) -> dict[str, str]:
    """Return the header that leads to the next page with what was asked; none where this is the last."""
    if not cursor:
        return {}
    query = urlencode({"cursor": cursor} | {name: value for name, value in asked.items() if value != ""})
    return {"Link": f'<{request.path}?{query}>; rel="next"'}
