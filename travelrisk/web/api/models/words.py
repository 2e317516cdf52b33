"""The words that fields are made of: lines, texts, moments; no control characters, and never endless."""

from typing import Annotated, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

_PLAIN: Final = r"^[^\u0000-\u001f\u007f]*$"
_TEXT: Final = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"
_LOCAL: Final = (
    r"^(20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?)?$"
)
_MOMENT: Final = (
    r"^(20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9]))?$"
)

Line = Annotated[str, Field(max_length=120, pattern=_PLAIN)]
Named = Annotated[str, Field(min_length=1, max_length=120, pattern=_PLAIN)]
LONGEST_TEXT: Final = 100_000
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=_TEXT)]
Local = Annotated[
    str,
    Field(
        pattern=_LOCAL,
        description="At the airport: 2026-12-12T10:20, or the day alone where no time is known.",
        examples=["2026-12-12T10:20"],
    ),
]
Moment = Annotated[
    str,
    Field(
        pattern=_MOMENT,
        description="With its offset from UTC: 2026-11-01T00:00Z.",
        examples=["2026-11-01T00:00Z"],
    ),
]
Cursor = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,400}$", description="As a page before gave it.")]
Limit = Annotated[int, Field(ge=1, le=500, description="How many at once.")]
Count = Annotated[
    int,
    Field(ge=0, le=10_000_000),
    BeforeValidator(lambda sent: int(sent) if isinstance(sent, float) and sent.is_integer() else sent),
]
"""How many; JSON knows one kind of number, so that 6.0 is 6."""

Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Stamp = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
