"""The blueprint that the pages of tables hang on, and files to download."""

from typing import Final

from flask import Blueprint, Response, make_response

exchange = Blueprint("exchange", __name__)

FORMS: Final = ("xlsx", "csv")
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(content: bytes, name: str) -> Response:
    """Return a table as a file; *name* is of letters, digits, dots and hyphens only."""
    answer = make_response(content)
    answer.headers["Content-Type"] = _TYPES[name.rpartition(".")[2]]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
