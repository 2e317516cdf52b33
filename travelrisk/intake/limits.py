"""How large a document may be; each limit is there because something larger broke a reader."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost.

    Attributes:
        size: bytes of a document, and of everything unpacked from it.
        segments: flights of one booking; a longer one is refused as a whole, so that no half of it is
        cleared. wall_seconds: time the caller waits for the child process. cpu_seconds: processor time of the
        child process. memory: bytes of address space of the child process.
    """

    size: int = 10 * MIB
    segments: int = 50
    wall_seconds: float = 20.0
    cpu_seconds: int = 10
    memory: int = 1024 * MIB


LIMITS = Limits()

TEXT_CHARACTERS = 200_000
"""Free text beyond this is no itinerary that somebody pasted."""

LINE_CHARACTERS = 20_000
"""A line beyond this is no line that somebody wrote."""

CHUNK_DRAFTS = 200
"""Drafts in one reading of a table, so that memory does not grow with the file."""

_QUESTION_CHARACTERS = 500
_QUESTION_LINES = 8


def is_question(text: str) -> bool:
    """Say whether a text is a question of a few lines, in which every word counts."""
    return len(text) <= _QUESTION_CHARACTERS and text.count("\n") < _QUESTION_LINES
