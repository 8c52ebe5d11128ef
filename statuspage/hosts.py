"""Which hosts this installation answers at: those of ALLOWED_HOSTS, and whatever hosts its pages have just now."""

from time import monotonic

from django.apps import apps

REMEMBERED_SECONDS = 10.0
"""A host that belonged to a page a moment ago is not looked up again for each step of a request."""

_known: dict[str, float] = {}


def is_host_of_page(host: str) -> bool:
    """Say whether a page answers at `host` (small letters, no port). Raises DatabaseError."""
    if _known.get(host, 0) > monotonic():
        return True
    if not apps.get_model("incidents", "Page")._default_manager.filter(host=host).exclude(host="").exists():
        # Not remembered: a host given to a page is good at once, and strangers fill no memory.
        _known.pop(host, None)
        return False
    _known[host] = monotonic() + REMEMBERED_SECONDS
    return True


class HostsOfPages(str):
    """An entry of ALLOWED_HOSTS that is equal to the host of every page.

    Django compares a request's host with each entry (django.http.request.validate_host); the other entries come
    first, so that nothing is asked of the database for the usual host. No name of a host is equal to its own text.
    """

    __slots__ = ()

    def __new__(cls) -> "HostsOfPages":
        """Return the entry; its text is what a log shows."""
        return super().__new__(cls, "(hosts of pages)")

    def lower(self) -> "HostsOfPages":
        """Return itself: Django compares in small letters."""
        return self

    def __eq__(self, other: object) -> bool:
        """Say whether `other` is the host of a page."""
        if isinstance(other, HostsOfPages):
            return True
        return isinstance(other, str) and other not in ("", "*") and is_host_of_page(other)

    def __ne__(self, other: object) -> bool:
        """Say whether `other` is no host of a page."""
        return not self == other

    __hash__ = str.__hash__
