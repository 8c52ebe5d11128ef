"""Whether the web server of this container answers: exit code 0 where it does, 1 where not. Needs no Django."""

import http.client
import os
import sys
from urllib.parse import urlsplit

ADDRESS = "/robots.txt"
"""Published, so that it is answered while the database is away too: another container would have no database either."""

SECONDS = 4


def status() -> int:
    """Return the HTTP status of the page's answer. Raises OSError, HTTPException where there is none."""
    port = int(os.environ.get("PORT") or 8000)
    host = urlsplit(os.environ.get("SITE_URL", "")).netloc or f"127.0.0.1:{port}"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request("GET", ADDRESS, headers={"Host": host})
    return connection.getresponse().status


def is_healthy() -> bool:
    """Say whether it answers by itself; that a page is private, or not set up yet, is an answer."""
    try:
        return status() < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_healthy() else 1)
