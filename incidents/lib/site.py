"""Web addresses of this installation: always from settings and the page, never from a request.

A Host header is the sender's word; a mail or feed built from it would carry that word to readers.
"""

from urllib.parse import urlsplit

from django.conf import settings


def page_address(host: str) -> str:
    """Return scheme and host of a page without a slash at the end; "" is the default page's host.

    A page with a host of its own answers under the scheme of SITE_URL.
    """
    if not host:
        return str(settings.SITE_URL)
    return f"{urlsplit(settings.SITE_URL).scheme}://{host}"


def bare_host(netloc: str) -> str:
    """Return what a Host header says without the port: "status.example.com", "[::1]"."""
    return netloc if netloc.endswith("]") else netloc.rpartition(":")[0] or netloc
