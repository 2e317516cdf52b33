"""Programs: what calls with a key or a token instead of a person, for one office. None of them ever signs."""

import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from travelrisk.domain.people import Viewer

KEY: Final = re.compile(
    r"(?P<kind>trk_live_r|trk_live_w|trk_test_w)_(?P<id>[0-9a-f]{12})_(?P<secret>[0-9a-f]{32})"
    r"(?P<seal>[0-9a-f]{16})",
    re.ASCII,
)
PATTERN: Final = "trk_(live_r|live_w|test_w)_[0-9a-f]{12}_[0-9a-f]{48}"
"""How every key looks, as scanners of leaked secrets are told."""

_SEAL: Final = 16  # hexadecimal digits: nobody guesses 64 bits at the door


class Kind(StrEnum):
    """What a key is for; the value is how it begins.

    A test key may do all that a writing one may, and nothing of it counts: no trip, no letter.
    """

    LIVE_READ = "trk_live_r"
    LIVE_WRITE = "trk_live_w"
    TEST = "trk_test_w"


class Scope(StrEnum):
    """What a call asks of a program."""

    READ = "read"
    WRITE = "write"


class Sight(StrEnum):
    """How much a program is shown: what travel units need to book; what the desk knows; what auditors do.

    An auditor sees the desk, and the audit trail: a program, as far as that is about its office.
    """

    UNIT = "unit"
    DESK = "desk"
    AUDIT = "audit"


class Secret(NamedTuple):
    """A key taken apart. Its *seal* shows, without a look at the database, that this service made it."""

    kind: Kind
    id: str
    secret: str
    seal: str

    @classmethod
    def parse(cls, text: str) -> "Secret | None":
        """Take a key apart; None for what cannot be one."""
        match = KEY.fullmatch(text)
        return cls(Kind(match["kind"]), match["id"], match["secret"], match["seal"]) if match else None

    @property
    def sealed(self) -> str:
        """Return what the seal is about."""
        return f"{self.kind.value}_{self.id}_{self.secret}"

    def __str__(self) -> str:
        """Return the key as its program sends it."""
        return f"{self.sealed}{self.seal}"


@dataclass(frozen=True, slots=True)
class Program:
    """A program that may call the service.

    Attributes:
        id: the public part of its key.
        office: whose trips it makes and sees; there is always one.
        calls_a_day: how many calls, and itineraries in them, are answered on a day in UTC.
        used_at: last use, to the minute; None = never.
        expires_at: None = when somebody ends it. revoked_at: None = it was not.
        old_until: until when the key before the last one works as well; None = there is none.
    """

    id: str
    name: str
    office: str
    kind: Kind
    sight: Sight = Sight.UNIT
    calls_a_day: int = 10_000
    made_by: str = ""
    made_at: datetime | None = None
    used_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    old_until: datetime | None = None

    @property
    def actor(self) -> str:
        """Return what the audit trail calls it."""
        return f"key:{self.id}"

    @property
    def viewer(self) -> Viewer:
        """Return whose trips it may be shown."""
        return Viewer(self.actor, self.office)

    @property
    def is_test(self) -> bool:
        """Say whether nothing that it does counts."""
        return self.kind is Kind.TEST

    @property
    def sees_desk(self) -> bool:
        """Say whether it is shown reasons and evidence of ratings."""
        return self.sight in {Sight.DESK, Sight.AUDIT}

    @property
    def audits(self) -> bool:
        """Say whether it is shown the audit trail of its office."""
        return self.sight is Sight.AUDIT

    @property
    def last_day(self) -> date | None:
        """Return the last day in UTC on which it works; None = no day is known to be the last."""
        return (self.expires_at - timedelta(microseconds=1)).date() if self.expires_at else None

    def may(self, scope: Scope) -> bool:
        """Say whether a call that asks for *scope* is open to it."""
        return scope is Scope.READ or self.kind is not Kind.LIVE_READ

    def works_at(self, moment: datetime) -> bool:
        """Say whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or moment < self.expires_at)


class Sealing:
    """Makes seals and HMACs with the service's own secret, each for its own purpose."""

    def __init__(self, secret: str) -> None:
        def own(purpose: bytes) -> bytes:
            return hmac.digest(secret.encode(), b"travelrisk-programs-" + purpose, "sha256")

        self._for_seals, self._for_keeping = own(b"seal"), own(b"kept")

    def __repr__(self) -> str:
        """Show nothing of the secret."""
        return "Sealing(...)"

    def sealed(self, kind: Kind, program_id: str, secret: str) -> Secret:
        """Return a key with its seal."""
        unsealed = Secret(kind, program_id, secret, "")
        return unsealed._replace(seal=_digest(self._for_seals, unsealed.sealed)[:_SEAL])

    def is_ours(self, key: Secret) -> bool:
        """Say whether this service made a key; whoever guesses is told so at the cost of one hash."""
        return hmac.compare_digest(self.sealed(key.kind, key.id, key.secret).seal, key.seal)

    def kept(self, key: Secret) -> str:
        """Return what is kept of a key, and compared."""
        return _digest(self._for_keeping, str(key))


def _digest(own: bytes, text: str) -> str:
    return hmac.digest(own, text.encode(), "sha256").hex()
