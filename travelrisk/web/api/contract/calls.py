"""What a call is: a row of the table, with all that its document and its view need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from travelrisk.domain.programs import Program, Scope

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
KEY_PATTERN: Final = "^[!-~]([ -~]{0,126}[!-~])?$"  # of ASCII; blanks around it a header would lose

Query = TypeVar("Query", bound=BaseModel)
Body = TypeVar("Body")


class Strict(BaseModel):
    """The base of all that is sent: nothing unknown, nothing converted, and no error quotes what was sent."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, frozen=True)


class Nothing(Strict):
    """No parameters."""


class File(NamedTuple):
    """A file as it was sent; nothing of its name and its type is believed."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Asked(Generic[Query, Body]):
    """A call that was read and checked.

    Attributes:
        query: the parameters. values: those in the address. body, file: None where the call has none.
    """

    program: Program
    query: Query
    values: Mapping[str, str] = field(default_factory=dict)
    body: Body | None = None
    file: File | None = None

    @property
    def sent(self) -> Body:
        """Return the body of a call that has one."""
        if self.body is None:
            raise LookupError("this call has no body: name its model in the table")
        return self.body

    @property
    def brought(self) -> File:
        """Return the file of a call that takes one."""
        if self.file is None:
            raise LookupError("this call has no file: say in the table that it takes one")
        return self.file


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: JSON as a mapping, or any other form in bytes; what is large may come in pieces."""

    content: Mapping[str, Any] | bytes | tuple[bytes, ...]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """A row of the table. Its words stand in the texts of the pages: ``call_NAME``, ``call_NAME_text``.

    Attributes:
        name: of the operation in the document, the same for ever.
        path: below ``/api/v1``, with ``{names}``.
        view: answers it. reason: why programs may call it.
        answer: model of the answer, for the document; answers are not checked against it when they are given.
            None = it is a file.
        values: model of what stands in the address.
        takes_file: whether a file is sent to it (multipart/form-data) in the place of JSON.
        is_keyed: whether it takes an idempotency key. demands_key: whether this very call must have one;
            None = none ever must.
        completes: puts into an answer, the first time and again, what may not be kept with it: a secret.
        counts: how many calls it counts as.
        again: answers a body that was answered before, without reading it; None where it must be read.
        problems: codes of those that it answers with beside the ones every call has.
        examples: of its body, by name, for the document and the page. example_answer: for the document.
        media_types: of the answer, where it is not JSON alone.
        status: of the answer where all is well.
        location: below ``/api/v1``, where the answer tells to look on, with names of fields of the answer.
        is_tagged: whether the answer bears an ETag: a read takes If-None-Match, all else If-Match.
    """

    name: str
    method: str
    path: str
    tag: str
    view: Callable[[Asked[Any, Any]], Told]
    answer: type[BaseModel] | None
    reason: str
    scope: Scope = Scope.READ
    query: type[BaseModel] = Nothing
    values: type[BaseModel] = Nothing
    body: type[BaseModel] | None = None
    takes_file: bool = False
    is_keyed: bool = False
    demands_key: Callable[[Asked[Any, Any]], bool] | None = None
    completes: Callable[[Asked[Any, Any], Mapping[str, Any]], Mapping[str, Any]] | None = None
    again: Callable[[Program, bytes], Told | None] | None = None
    counts: Callable[[Asked[Any, Any]], int] = lambda _asked: 1
    problems: tuple[str, ...] = ()
    examples: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    example_answer: Mapping[str, Any] | None = None
    media_types: tuple[str, ...] = ("application/json",)
    status: int = 200
    location: str = ""
    is_tagged: bool = False
