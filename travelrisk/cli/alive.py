"""``python -m travelrisk.cli.alive PORT``: whether the pages answer here, for a container's own check.

It asks under the name that letters link to: any other is refused, 127.0.0.1 too where the service is public.
"""

import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from travelrisk.settings import load_settings

_PATIENCE_S = 4


def is_alive(port: int, base_url: str) -> bool:
    """Say whether the pages answer on *port* under the host of *base_url*."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(base_url).netloc})
        return connection.getresponse().status == 200  # noqa: PLR2004 - OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_alive(int(sys.argv[1]), load_settings().base_url) else 1)
