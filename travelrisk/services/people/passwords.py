"""Passwords: argon2id, the same work for whoever is unknown, and two rules instead of ten."""

import secrets
import unicodedata
from functools import cache
from typing import Final, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12
LONGEST: Final = 128  # characters; more is never hashed

Fault = Literal["too_short", "too_long", "is_the_address"]
_SENTENCES: Final[dict[Fault, str]] = {
    "too_short": f"the password is too short: use at least {SHORTEST} characters, several words for example",
    "too_long": f"the password is too long: use at most {LONGEST} characters",
    "is_the_address": "the password must not be the e-mail address: use several words, for example",
}
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)  # about 50 ms, 46 MiB
_UNMISTAKABLE: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # as in the references of trips
_GROUPS: Final = 4
_IN_A_GROUP: Final = 4


def fault(password: str, email: str) -> Fault | None:
    """Return what is wrong with a password that somebody wants to have; None = nothing."""
    written = _written(password)
    if len(written) < SHORTEST:
        return "too_short"
    if len(written) > LONGEST:
        return "too_long"
    address = email.strip().casefold()
    return "is_the_address" if written.strip().casefold() == address else None


def sentence(wrong: Fault) -> str:
    """Say what is wrong, and what to do."""
    return _SENTENCES[wrong]


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(_written(password))


def fits(stored: str | None, password: str) -> bool:
    """Say whether *password* is the one that was kept.

    Where none was kept, or what was typed is longer than any password, the same work is done for nothing:
    the time of an answer tells nobody who has an account.
    """
    written = _written(password)
    too_long = len(written) > LONGEST
    try:
        _HASHER.verify(stored or _nobodys(), "" if too_long else written)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None and not too_long


def is_outdated(stored: str) -> bool:
    """Say whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def invented() -> str:
    """Return a password nobody can guess, in groups that can be read out."""
    groups = ("".join(secrets.choice(_UNMISTAKABLE) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe())


def _written(password: str) -> str:
    """Bring a password into one form: keyboards write the same letter in several ways."""
    return unicodedata.normalize("NFKC", password[: LONGEST * 4 + 1])
