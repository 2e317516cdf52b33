"""Why a call has no answer: the service said why (problem+json), or said nothing that can be read."""

from collections.abc import Mapping, Sequence
from typing import Any


class ClientError(Exception):
    """The root of what this client raises; whoever catches it must take nothing for cleared.

    Attributes:
        retry_after_s: when to try again, in seconds; None = not said.
    """

    retry_after_s: int | None = None


class UnansweredError(ClientError):
    """The service could not be reached, or what answered was not the service but, say, a proxy before it."""

    def __init__(self, message: str, retry_after_s: int | None = None) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class ApiError(ClientError):
    """The service did not do what was asked, and said why (RFC 9457).

    Attributes:
        code: the end of *type*, such as ``validation``. status: of HTTP. title, detail: for people.
        errors: what is wrong with which field: ``in``, ``pointer``, ``code``, ``detail``.
        request_id: to tell whoever runs the service.
    """

    def __init__(self, problem: Mapping[str, Any], retry_after_s: int | None = None) -> None:
        self.type = str(problem.get("type", ""))
        self.code = self.type.rpartition("/")[2]
        self.status = int(problem.get("status", 0))
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        faults = problem.get("errors")
        found = faults if isinstance(faults, list | tuple) else ()  # a proxy has a way of its own
        self.errors: Sequence[Mapping[str, str]] = tuple(each for each in found if isinstance(each, Mapping))
        self.request_id = str(problem.get("request_id", ""))
        self.retry_after_s = retry_after_s
        told = "; ".join(f"{each.get('pointer', '')}: {each.get('detail', '')}" for each in self.errors)
        words = ": ".join(filter(None, (self.title, told or self.detail)))
        super().__init__(words or f"refused with status {self.status}")
