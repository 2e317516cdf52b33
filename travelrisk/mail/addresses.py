"""E-mail addresses as SMTP can carry them; nothing else ever reaches a header or an envelope."""

import re
from email.headerregistry import Address
from functools import lru_cache

from travelrisk.domain.errors import BadInputError
from travelrisk.telling.foreign import visible

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.ASCII)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<spec>[^<>]*)>")
_LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_LONGEST = 254  # RFC 3696, erratum 1690


@lru_cache(maxsize=1024)  # a letter asks for the same few five times
def address(text: str) -> Address:
    """Return ``bob@example.org`` or ``Bob <bob@example.org>`` as an address; its domain becomes ASCII (IDNA).

    Raises:
        BadInputError: it is no address, or one that only an extension of SMTP could carry; the text is not
            repeated, for errors are logged and addresses are not.
    """
    named = _NAMED.fullmatch(text.strip())
    name, spec = (named["name"], named["spec"]) if named else ("", text)
    local, _, domain = spec.strip().rpartition("@")
    domain = _ascii(domain)
    fits = len(local) <= _LONGEST_LOCAL and len(local) + 1 + len(domain) <= _LONGEST
    if not (fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise BadInputError(
            "the e-mail address cannot be used: write it as name@example.org, in plain letters before the @"
        )
    return Address(display_name=visible(name).strip(' "'), username=local, domain=domain)


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
