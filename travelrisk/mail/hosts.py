"""Which hosts a secret may go to unencrypted: this machine alone."""

from ipaddress import ip_address


def is_here(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
