"""Answers with a tag (ETag): what a program has already is not sent again, and no edit of others is lost."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from flask import request
from pydantic_core import to_json

from travelrisk.web.api.contract.calls import Told

_NOT_MODIFIED: Final = 304


def tagged(content: Mapping[str, Any], tag: str = "") -> Told:
    """Tell *content* under its tag, made of itself if none is given; nothing where the caller has it."""
    body = to_json(content)
    known = tag or hashlib.sha256(body).hexdigest()[:32]
    headers = {"ETag": f'"{known}"'}
    if request.method == "GET" and request.if_none_match.contains_weak(known):
        return Told(b"", _NOT_MODIFIED, headers)
    return Told(body, headers=headers)


def is_expected(tag: str | None) -> bool:
    """Say whether something may be changed that has *tag* now (None = it is not there), by If-Match.

    A condition that cannot be read is not taken for none.
    """
    if "If-Match" not in request.headers:
        return True
    return tag is not None and request.if_match.contains(tag)
