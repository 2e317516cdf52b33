"""One base error and its few children; each message says what is wrong, where, and what to do."""


def reason_of(message: str) -> str:
    """Return what a check of ours said of a field, without the words that pydantic puts before it."""
    return message.removeprefix("Value error, ")


class TravelriskError(Exception):
    """The root of every error this service raises on purpose."""


class BadInputError(TravelriskError):
    """Something a person or a program handed over cannot be used; the message names file, row or field."""


class ConfigurationError(TravelriskError):
    """A setting, the policy or a shipped file cannot be used; the message names it and says what to do."""


class StoreError(TravelriskError):
    """The database is missing, locked, behind its schema, or refuses; nothing was half written."""


class NotFoundError(TravelriskError):
    """What was asked for does not exist, or not for whoever asks."""


class ChangedMeanwhileError(TravelriskError):
    """Somebody else changed the same thing first; nothing was written, and both versions can be shown."""


class ForbiddenError(TravelriskError):
    """Whoever asks is known, and may not do this; the message says who may."""
