"""How large a document may be; each limit is there because something larger broke a reader."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost.

    Attributes:
        size: bytes of a document, and of each document in it.
        unpacked: bytes of all documents in it, at any depth.
        depth: documents inside documents.
        parts: documents in it, at any depth, and parts of one mail.
        pages: of one document.
        ratio: how many times its size a packed file of some size may unpack to.
        segments: flights of one booking; a longer one is refused as a whole, so that no half of it is
        cleared. wall_seconds: time the caller waits for the child process to read it, once it has
        begun; it may take twice as long to begin, where others keep the machine busy. cpu_seconds: processor
        time of the child process. memory: bytes of address space of the child process.
    """

    size: int = 10 * MIB
    unpacked: int = 40 * MIB
    depth: int = 10
    parts: int = 200
    pages: int = 50
    ratio: int = 100
    segments: int = 50
    wall_seconds: float = 10.0
    cpu_seconds: int = 10
    memory: int = 1024 * MIB


LIMITS = Limits()

ALONE = "send the itinerary alone"


@dataclass(slots=True)
class Room:
    """What the documents inside one document have taken of its limits; all of them share it."""

    parts: int = 0
    size: int = 0

    def why_not(self, size: int, depth: int, limits: Limits) -> str:
        """Take room for one more document; return why there is none, or nothing."""
        self.parts += 1
        self.size += size
        if depth > limits.depth:
            return f"It holds documents more than {limits.depth} deep: {ALONE}"
        if self.parts > limits.parts:
            return f"It holds more than {limits.parts} documents: {ALONE}"
        if self.size > limits.unpacked:
            return f"It unpacks to more than {limits.unpacked // MIB} MB: {ALONE}"
        return ""


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
