"""The keys under which what says who is where stands in the database, and how a value is closed and opened.

Each key is made from a secret of the service, which is in no database, no dump and no backup. A value names
its key and the column it belongs to, so that it opens nowhere else: AES-256-GCM with a random nonce, and
AES-SIV (RFC 5297) where the database itself must find equal values: there equal values look equal, and
nothing else is told. Rejected: a column with an HMAC beside each of these, which tells exactly as much and
has to be kept in step.

Which key is written with stands in the database and not in the settings: whoever has not got it refuses,
instead of writing under two.
"""

import base64
import binascii
import hmac
import os
import zlib
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect
from sqlalchemy.exc import DontWrapMixin

from travelrisk.domain.errors import StoreError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

Value = TypeVar("Value", str, bytes)

MARK: Final = "\x02e1:"
"""How a closed value begins, text or bytes: with what no keyboard types; then the name of its key."""

HEAD: Final = len(MARK) + 8
_IN_CLEAR: Final = "0" * 8  # in place of a key: what follows begins with the mark by itself
_NONCE_BYTES: Final = 12
_LONG: Final = 200  # bytes of a text
_PLAIN, _SHORT = b"-", b"z"


class EncryptedError(StoreError, DontWrapMixin):
    """Something stands encrypted in the database and cannot be opened; it is never taken for empty."""


class AlteredError(EncryptedError):
    """This one value was changed behind our back; the key for all others is there."""


class Key:
    """The key of one secret.

    Attributes:
        name: eight hexadecimal digits, made from the secret like the key; it stands before each value.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self.name = self._derived(b"name").hex()[:8]

    def close(self, content: bytes, place: str, *, findable: bool) -> bytes:
        """Encrypt a value for a place; *findable*, equal ones become equal."""
        if findable:
            return self._siv.encrypt(content, [place.encode()])
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._gcm.encrypt(nonce, content, place.encode())

    def open(self, closed: bytes, place: str, *, findable: bool) -> bytes:
        """Decrypt a value of a place.

        Raises:
            InvalidTag: it was changed, or closed with another key or for another place.
        """
        if findable:
            return self._siv.decrypt(closed, [place.encode()])
        return self._gcm.decrypt(closed[:_NONCE_BYTES], closed[_NONCE_BYTES:], place.encode())

    @cached_property
    def _gcm(self) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to load, and not needed in clear

        return AESGCM(self._derived(b"values")[:32])

    @cached_property
    def _siv(self) -> "AESSIV":
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # noqa: PLC0415 - as above

        return AESSIV(self._derived(b"findable values"))

    def _derived(self, purpose: bytes) -> bytes:
        return hmac.digest(self._secret, b"travelrisk database: " + purpose, "sha512")


class Keyring:
    """The keys that a process has, and which of them the database is written with.

    Args:
        secrets: the present one of the service first, then the one before it; none = nothing can be opened,
            and a database that was never encrypted stays as it is.

    Attributes:
        in_use: names of the keys that the database is encrypted with, the one to write with first.
        is_whole: nothing stands in clear any more, so that what does was put there by somebody else.
    """

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self.secrets = tuple(secrets)
        self._own = {key.name: key for key in map(Key, self.secrets)}
        self.in_use: tuple[str, ...] = ()
        self.is_whole = False

    @property
    def own(self) -> str:
        """The name of the key that belongs to the present secret; empty where there is none."""
        return next(iter(self._own), "")

    @property
    def is_own(self) -> bool:
        """Say whether the database is written with the key of the present secret."""
        return bool(self._own) and self.in_use[:1] == (self.own,)

    @property
    def is_settled(self) -> bool:
        """Say whether nothing is left to be learnt about the keys of the database."""
        return self.is_own and self.is_whole

    @property
    def head(self) -> str:
        """How a value begins that needs no renewal; empty where values stand in clear."""
        return f"{MARK}{self.in_use[0]}" if self.in_use else ""

    def check(self) -> None:
        """Refuse a database for which a secret is missing.

        Raises:
            EncryptedError: one of the keys in use is not among ours; the message names the setting.
        """
        for name in self.in_use:
            self._key(name)

    def close_text(self, text: str, place: str, *, findable: bool) -> str:
        """Return what is written in place of a text."""
        names = self.in_use  # once: another thread may find another key at this moment
        if not names:
            return f"{MARK}{_IN_CLEAR}{text}" if text.startswith(MARK) else text
        content = text.encode() if findable else _packed(text.encode())
        closed = self._key(names[0]).close(content, place, findable=findable)
        return f"{MARK}{names[0]}{base64.b64encode(closed).decode()}"

    def open_text(self, text: str, place: str, *, findable: bool) -> str:
        """Return the text for what was written.

        Raises:
            EncryptedError: it cannot be opened.
        """
        if not text.startswith(MARK):
            return self._in_clear(text, place)
        name, rest = text[len(MARK) : HEAD], text[HEAD:]
        if name == _IN_CLEAR:
            return rest
        try:
            closed = base64.b64decode(rest, validate=True)
        except binascii.Error:
            raise _altered(place) from None
        content = self._opened(name, closed, place, findable=findable)
        return (content if findable else _unpacked(content)).decode()

    def close_bytes(self, content: bytes, place: str, *, findable: bool) -> bytes:
        """Return what is written in place of bytes."""
        mark, names = MARK.encode(), self.in_use  # as above
        if not names:
            return mark + _IN_CLEAR.encode() + content if content.startswith(mark) else content
        return mark + names[0].encode() + self._key(names[0]).close(content, place, findable=findable)

    def open_bytes(self, content: bytes, place: str, *, findable: bool) -> bytes:
        """Return the bytes for what was written.

        Raises:
            EncryptedError: they cannot be opened.
        """
        if not content.startswith(MARK.encode()):
            return self._in_clear(content, place)
        name, rest = content[len(MARK) : HEAD].decode("ascii", "replace"), content[HEAD:]
        return rest if name == _IN_CLEAR else self._opened(name, rest, place, findable=findable)

    def _in_clear(self, value: Value, place: str) -> Value:
        if self.is_whole:
            raise _altered(place)
        return value

    def _opened(self, name: str, closed: bytes, place: str, *, findable: bool) -> bytes:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above

        if name not in self._own and self.in_use and name not in self.in_use:
            raise EncryptedError(
                f"a value of {place} stands under a key that is not in use: if the secret was changed, set"
                " TRAVELRISK_PREVIOUS_SECRET_KEY to the one before; if not, it was changed behind our back"
            )
        try:
            return self._key(name).open(closed, place, findable=findable)
        except (InvalidTag, ValueError):  # the latter where it is too short for any
            raise _altered(place) from None

    def _key(self, name: str) -> Key:
        if name in self._own:
            return self._own[name]
        if self.secrets and self.in_use[:1] != (name,):
            raise EncryptedError(
                "the database still holds what was encrypted with the secret before this one: set"
                " TRAVELRISK_PREVIOUS_SECRET_KEY to it until travelrisk doctor says that it is not needed"
            )
        raise EncryptedError(
            "the database is encrypted with another secret: set TRAVELRISK_SECRET_KEY to the one it was"
            " written with; or, to change it, that one as TRAVELRISK_PREVIOUS_SECRET_KEY beside the new one"
        )


_KEYRINGS: Final[WeakKeyDictionary[Dialect, Keyring]] = WeakKeyDictionary()
_NO_KEYS: Final = Keyring()


def give(dialect: Dialect, keyring: Keyring) -> None:
    """Let the engine with this dialect, and no other, use these keys."""
    _KEYRINGS[dialect] = keyring


def of(dialect: Dialect) -> Keyring:
    """Return the keys of the engine with this dialect."""
    return _KEYRINGS.get(dialect, _NO_KEYS)


def is_closed(value: object) -> bool:
    """Say whether a value, as it stands in the database, was encrypted with any key."""
    head = value[:HEAD] if isinstance(value, str | bytes) else ""
    text = head.decode("latin-1") if isinstance(head, bytes) else head
    return text.startswith(MARK) and text != f"{MARK}{_IN_CLEAR}"


def _packed(content: bytes) -> bytes:
    """Make a long text short, which nothing can do any more once it is encrypted."""
    return _SHORT + zlib.compress(content, 1) if len(content) > _LONG else _PLAIN + content


def _unpacked(content: bytes) -> bytes:
    return zlib.decompress(content[1:]) if content[:1] == _SHORT else content[1:]


def _altered(place: str) -> AlteredError:
    return AlteredError(
        f"a value of {place} was changed behind our back and cannot be opened: stop the service, keep the"
        " database as it is, and restore the newest backup"
    )
