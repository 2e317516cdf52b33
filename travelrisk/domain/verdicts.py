"""The four verdicts, in their order: the worst one decides."""

from enum import IntEnum


class Verdict(IntEnum):
    """``cleared < conditional < review < not_cleared``; nobody travels on a review, a person must decide."""

    CLEARED = 0
    CONDITIONAL = 1
    REVIEW = 2
    NOT_CLEARED = 3

    @property
    def word(self) -> str:
        """The word used in files, the API and the database."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> "Verdict":
        """Return the verdict for its word.

        Raises:
            KeyError: the word is none of the four.
        """
        return cls[word.upper()]
