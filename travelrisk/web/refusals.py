"""What a program is told when it is not answered; ``web.problems`` writes it as problem+json (RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

STATUSES: Final[Mapping[str, int]] = {
    "malformed": 400,
    "idempotency_key_missing": 400,
    "no_key": 401,
    "scope": 403,
    "elsewhere": 403,
    "not_found": 404,
    "moment": 404,
    "cursor": 404,
    "method": 405,
    "in_flight": 409,
    "not_together": 409,
    "no_certificate": 409,
    "columns": 409,
    "unfinished": 409,
    "letters_changed": 409,
    "full": 409,
    "changed_meanwhile": 412,
    "too_large": 413,
    "media_type": 415,
    "validation": 422,
    "idempotency_key_reused": 422,
    "quota": 429,
    "wrong_keys": 429,
    "fault": 500,
    "unavailable": 503,
}
"""Every problem by its code, which is the end of its ``type``, and its status."""

BY_STATUS: Final[Mapping[int, str]] = {
    400: "malformed",
    401: "no_key",
    403: "elsewhere",
    404: "not_found",
    405: "method",
    413: "too_large",
    415: "media_type",
    422: "validation",
    500: "fault",
    503: "unavailable",
}
"""The problem of a status that something before the call answers with."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field.

    Attributes:
        where: body, query, path or header. pointer: JSON pointer to the field in it (RFC 6901).
        code: a word for programs. detail: a sentence for whoever wrote them.
    """

    where: str
    pointer: str
    code: str
    detail: str


@dataclass
class RefusedError(Exception):
    """A call is not answered; *code* says which of the problems it is."""

    code: str
    detail: str = ""
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
