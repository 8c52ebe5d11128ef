"""One address, several methods."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class ByMethod:
    """The view of an address: GET and HEAD go to `get`, POST to `post`, others are answered with 405."""

    get: View | None
    post: View | None

    def __call__(self, request: HttpRequest, /, **kwargs: str | int) -> HttpResponse:
        """Answer with the view of the request's method."""
        views = {"GET": self.get, "HEAD": self.get, "POST": self.post}
        view = views.get(request.method or "")
        allowed = [method for method, view in views.items() if view]
        return view(request, **kwargs) if view else HttpResponseNotAllowed(allowed)


def by_method(*, get: View | None = None, post: View | None = None) -> ByMethod:
    """Return the view of an address that does different things by method."""
    return ByMethod(get=get, post=post)


def wanted_screen(wanted: str) -> str:
    """Return the address a sign-in may lead on to: a screen of the console, or of the admin; "" for everything else."""
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return ""
    return wanted if wanted.startswith(reverse("admin:index")) else screen_of(wanted)


def screen_of(address: str) -> str:
    """Return the screen of the console at `address`, or the nearest one above it where it takes POST only.

    "" for what is not in the console or no screen, such as signing out.
    """
    if _opens(address):
        return address
    path = urlsplit(address).path
    while path.count("/") > reverse("console:now").count("/"):
        path = path.rpartition("/")[0]
        if _opens(path):
            return path
    return ""


def _opens(address: str) -> bool:
    try:
        found = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return False
    return found.namespace == "console" and isinstance(found.func, ByMethod) and found.func.get is not None
