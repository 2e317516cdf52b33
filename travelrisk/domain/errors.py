"""One base error and its few children; each message says what is wrong, where, and what to do."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why the desk refuses something; whoever says it in another language goes by this, never by words."""

    NOTHING = "nothing"
    OVERLAPS = "overlaps"
    ENDED_ALREADY = "ended_already"
    ENDS_BEFORE = "ends_before"
    PAST = "past"
    NO_CONDITION = "no_condition"
    NO_TEXT = "no_text"
    NO_SOURCE = "no_source"
    REVIEW_PAST = "review_past"
    NO_RETRIEVAL = "no_retrieval"
    RETRIEVED_LATER = "retrieved_later"
    FINDING_WORDS = "finding_words"
    FINDING_NUMBER = "finding_number"
    FINDING_MOST = "finding_most"
    FINDING_WHOLE = "finding_whole"
    LIMITS_MISSING = "limits_missing"
    LIMITS_NEEDLESS = "limits_needless"
    FILE_EMPTY = "file_empty"
    FILE_LARGE = "file_large"
    FILE_KIND = "file_kind"
    URGENT = "urgent"
    NOT_URGENT = "not_urgent"
    MOVED = "moved"
    LAPSED = "lapsed"
    SIGNED_ALREADY = "signed_already"
    OWN = "own"
    NOT_YOURS = "not_yours"
    ALTERNATE = "alternate"
    NO_OUTLINE = "no_outline"
    NO_REASON = "no_reason"


def reason_of(message: str) -> str:
    """Return what a check of ours said of a field, without the words that pydantic puts before it."""
    return message.removeprefix("Value error, ")


class TravelriskError(Exception):
    """The root of every error this service raises on purpose.

    Attributes:
        refusal: why, where it is one of the desk's, with the *slots* of its text.
        field: of the record or the piece of evidence; empty where it is about no field.
        row: of the piece of evidence, from 0; None where it is about none.
    """

    def __init__(
        self,
        message: str = "",
        refusal: Refusal | None = None,
        *,
        field: str = "",
        row: int | None = None,
        **slots: object,
    ) -> None:
        super().__init__(message)
        self.refusal = refusal
        self.field = field
        self.row = row
        self.slots = slots


class BadInputError(TravelriskError):
    """Something a person or a program handed over cannot be used; the message names file, row or field."""


class ConfigurationError(TravelriskError):
    """A setting, the policy or a shipped file cannot be used; the message names it and says what to do."""


class StoreError(TravelriskError):
    """The database is missing, locked, behind its schema, or refuses; nothing was half written."""


class BusyError(StoreError):
    """So much waits already that nothing more is taken, and nothing was: it is to be brought again later."""


class ClockError(StoreError):
    """The clock stands before what is on record: what has ended would count again, so nothing is judged."""


class NotFoundError(TravelriskError):
    """What was asked for does not exist, or not for whoever asks."""


class ErasedError(NotFoundError):
    """It was about a person and was erased; that it was, and the verdict, are all that is left."""


class ChangedMeanwhileError(TravelriskError):
    """Somebody else changed the same thing first; nothing was written, and both versions can be shown."""


class ForbiddenError(TravelriskError):
    """Whoever asks is known, and may not do this; the message says who may."""
