"""The address in a digest that refuses digests (RFC 8058): signed, for one person, and good for nothing else.

It has no end: whoever finds an old digest must still be able to refuse new ones.
"""

import base64
import hmac
import re
from typing import Final

_CHARACTERS: Final = 32  # of base32, 160 bits
_TOKEN: Final = re.compile(r"(?P<person>[0-9A-Za-z_.-]{1,64})~(?P<signature>[a-z2-7]{32})", re.ASCII)


class Unsubscribing:
    """Makes the addresses, and finds whose they are.

    Args:
        secret: the service's key.
    """

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"travelrisk unsubscribe from digests", "sha256")

    def token(self, person_id: str) -> str:
        """Return the token of somebody; empty where the id cannot stand in an address."""
        token = f"{person_id}~{self._signature(person_id)}"
        return token if _TOKEN.fullmatch(token) else ""

    def person(self, token: str) -> str:
        """Return the id of whose token this is; empty where nobody here has signed it."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(self._signature(found["person"]), found["signature"]):
            return ""
        return found["person"]

    def _signature(self, person_id: str) -> str:
        digest = hmac.digest(self._key, person_id.encode(), "sha256")
        return base64.b32encode(digest).decode().lower()[:_CHARACTERS]
