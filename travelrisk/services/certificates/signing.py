"""The signature on certificates and checkpoints: Ed25519 (RFC 8037, RFC 9864), a compact JWS (RFC 7515).

The key is made from the service's secret, so that every process has the same one and no file must be kept.
Each public key that ever signed stays published: a new secret makes a new key, and older signatures hold.
"""

import base64
import hmac
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

from travelrisk.domain.errors import BadInputError

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

ALGORITHM: Final = "Ed25519"
TYPE: Final = "travelrisk-certificate+jws"
CHECKPOINT: Final = "travelrisk-checkpoint+jws"
"""One key signs both; what a signature is on stands under it, so that none is taken for the other."""
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

    def sign(self, claims: Mapping[str, object], kind: str = TYPE) -> str:
        """Return the claims and the signature on them as a compact JWS, with *kind* for its type."""
        from joserfc import jws  # noqa: PLC0415 - as above

        header = {"alg": ALGORITHM, "kid": self.kid, "typ": kind}
        payload = json.dumps(claims, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        return jws.serialize_compact(header, payload, self._key, algorithms=[ALGORITHM])


def opened(token: str, kind: str, keys: Iterable[str]) -> dict[str, object]:
    """Return the claims in a signature of this *kind* that one of the public *keys*, JWKs in JSON, fits.

    Raises:
        BadInputError: none does, or it is no such signature.
    """
    from joserfc import jws  # noqa: PLC0415 - as above
    from joserfc.errors import JoseError  # noqa: PLC0415 - as above
    from joserfc.jwk import OKPKey  # noqa: PLC0415 - as above

    for key in keys:
        try:
            found = jws.deserialize_compact(token, OKPKey.import_key(json.loads(key)), [ALGORITHM])
            claims = json.loads(found.payload)
        except (JoseError, ValueError):
            continue
        if found.headers().get("typ") == kind and isinstance(claims, dict):
            return claims
    raise BadInputError("the signature does not fit: another key made it, or something was changed since")


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
