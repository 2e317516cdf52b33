"""The signature on certificates: Ed25519 (RFC 8037, RFC 9864) as a compact JWS (RFC 7515).

The key is made from the service's secret, so that every process has the same one and no file must be kept.
Each public key that ever signed stays published: a new secret makes a new key, and older signatures hold.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

ALGORITHM: Final = "Ed25519"
TYPE: Final = "travelrisk-certificate+jws"
_PURPOSE: Final = b"travelrisk certificates of clearance"


class Signer:
    """Signs with the key of one secret.

    Args:
        secret: the service's key; not empty.
    """

    def __init__(self, secret: str) -> None:
        self._seed = hmac.digest(secret.encode(), _PURPOSE, "sha256")

    @cached_property
    def _key(self) -> "OKPKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - only what signs needs it
            Ed25519PrivateKey,
        )
        from joserfc.jwk import OKPKey  # noqa: PLC0415 - as above

        public = Ed25519PrivateKey.from_private_bytes(self._seed).public_key().public_bytes_raw()
        return OKPKey.import_key(
            {"kty": "OKP", "crv": "Ed25519", "x": _base64url(public), "d": _base64url(self._seed)}
        )

    @property
    def kid(self) -> str:
        """Return the name of the key: its thumbprint (RFC 7638)."""
        return self._key.thumbprint()

    def public(self) -> str:
        """Return the public key as a JWK in JSON."""
        jwk = {**self._key.as_dict(private=False), "kid": self.kid, "use": "sig", "alg": ALGORITHM}
        return json.dumps(jwk, sort_keys=True)

    def sign(self, claims: Mapping[str, object]) -> str:
        """Return the claims and the signature on them as a compact JWS."""
        from joserfc import jws  # noqa: PLC0415 - as above

        header = {"alg": ALGORITHM, "kid": self.kid, "typ": TYPE}
        payload = json.dumps(claims, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        return jws.serialize_compact(header, payload, self._key, algorithms=[ALGORITHM])


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
