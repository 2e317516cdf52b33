"""What is wrong with a field, or in the way of something: in words that the pages have, else in English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from travelrisk.domain.errors import TravelriskError

_NO_SLOTS: Final[Mapping[str, object]] = MappingProxyType({})
_CALLED: Final = {"condition": "condition_en", "text": "text_en"}  # texts that English must not lack


class Fault(NamedTuple):
    """One field that cannot be used.

    Attributes:
        field: the id of its control.
        key: of the text that says what to do, with its *slots*; empty where only *english* is known.
    """

    field: str
    key: str = ""
    slots: Mapping[str, object] = _NO_SLOTS
    english: str = ""


def fault_of(error: TravelriskError, field: str, otherwise: str = "") -> Fault:
    """Return what a refusal says, at *field*; *otherwise* is the text for one that is none of the desk's."""
    if error.refusal is not None:
        return Fault(field, "error_" + error.refusal, error.slots)
    return Fault(field, otherwise) if otherwise else Fault(field, english=str(error))


def fault_in_editor(error: TravelriskError) -> Fault:
    """Return what a refusal says, at the field of the editor that it is about."""
    name = _CALLED.get(error.field, error.field)
    return fault_of(error, f"source-{error.row}-{name}" if error.row is not None else name or "why")
