"""Why a call has no answer: the service said why (problem+json), or said nothing that can be read."""

from collections.abc import Mapping, Sequence
from typing import Any


class ClientError(Exception):
    """The root of what this client raises; whoever catches it must take nothing for cleared."""


class UnansweredError(ClientError):
    """The service could not be reached, or what answered was not the service."""


class ApiError(ClientError):
    """The service did not do what was asked, and said why (RFC 9457).

    Attributes:
        code: the end of *type*, such as ``validation``. status: of HTTP. title, detail: for people.
        errors: what is wrong with which field: ``in``, ``pointer``, ``code``, ``detail``.
        request_id: to tell whoever runs the service. retry_after_s: when to try again; None = not said.
    """

    def __init__(self, problem: Mapping[str, Any], retry_after_s: int | None = None) -> None:
        self.type = str(problem.get("type", ""))
        self.code = self.type.rpartition("/")[2]
        self.status = int(problem.get("status", 0))
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.errors: Sequence[Mapping[str, str]] = tuple(problem.get("errors", ()))
        self.request_id = str(problem.get("request_id", ""))
        self.retry_after_s = retry_after_s
        faults = "; ".join(f"{each.get('pointer', '')}: {each.get('detail', '')}" for each in self.errors)
        super().__init__(": ".join(filter(None, (self.title, faults or self.detail))))
