"""Checkpoints: how far the audit trail goes at a moment, signed, to be kept where the database is not.

Whoever can write the database, and even the place where a checkpoint is kept, writes the trail anew and
cannot make the checkpoint that belongs to it: for that one needs the secret of the service. The key is the
one that signs certificates. Its public part is published under ``/.well-known/jwks.json``; who keeps that
outside, too, can check a checkpoint without this service.
"""

from datetime import datetime
from typing import Final, NamedTuple

from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.services.application import Application
from travelrisk.services.certificates import checking
from travelrisk.services.certificates.signing import CHECKPOINT, Signer, opened
from travelrisk.services.privacy import trailing
from travelrisk.store import audit, certificates
from travelrisk.store.audit import Anchor
from travelrisk.store.database import reading, transact

FORM: Final = "checkpoint"
_PARTS: Final = 3


class Checkpoint(NamedTuple):
    """The newest entry of the trail at a moment."""

    seq: int
    hash: str
    at: datetime


def looks_signed(text: str) -> bool:
    """Say whether *text* is meant to be a checkpoint, and not an entry as a digest names it."""
    return text.strip().count(".") == _PARTS - 1


def made(app: Application) -> str:
    """Return a checkpoint of now, signed.

    Raises:
        ConfigurationError: there is no secret to sign with.
        StoreError: the database cannot be read.
    """
    if not app.facts.secret:
        raise ConfigurationError("a checkpoint is signed: set TRAVELRISK_SECRET_KEY first")
    with reading(app.engine) as c:
        head = audit.head(c)
    return signed(app.facts.secret, Checkpoint(head.seq, head.hash, app.clock()))


def publish_key(app: Application) -> None:
    """Keep the public key of the secret in use, so that its checkpoints can be checked after the next one.

    Raises:
        StoreError: the database cannot be read or written.
    """
    if not app.facts.secret:
        return
    signer = Signer(app.facts.secret)
    with reading(app.engine) as c:
        is_known = signer.public() in certificates.public_keys(c)
    if not is_known:
        at = app.clock()
        transact(app.engine, lambda c: certificates.publish_key(c, signer.kid, signer.public(), at))


def signed(secret: str, checkpoint: Checkpoint) -> str:
    """Return a checkpoint with the signature of a *secret*, which is not empty."""
    return Signer(secret).sign(checkpoint._asdict() | {"at": checkpoint.at.isoformat()}, CHECKPOINT)


def read(text: str, *keys: str) -> Checkpoint:
    """Return what a checkpoint says that one of these public keys fits.

    Raises:
        BadInputError: none does.
    """
    claims = opened(text.strip(), CHECKPOINT, keys)
    try:
        at = datetime.fromisoformat(str(claims["at"]))
        return Checkpoint(int(str(claims["seq"])), str(claims["hash"]), at)
    except (KeyError, ValueError):
        raise BadInputError("the checkpoint does not say how far the trail went") from None


def named(app: Application, text: str) -> Anchor:
    """Return the entry that a digest names (``1234:0f3a...``), or a checkpoint of any secret of this service.

    Raises:
        BadInputError: it is neither.
        StoreError: the database cannot be read.
    """
    if not looks_signed(text):
        return trailing.anchor(text)
    found = read(text, *checking.public_keys(app))
    return Anchor(found.seq, found.hash)
