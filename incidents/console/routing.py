"""One address, several methods."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

View = Callable[..., HttpResponse]


def by_method(*, get: View | None = None, post: View | None = None) -> View:
    """Return a view that hands GET and HEAD to `get`, POST to `post`, and answers 405 to others."""
    views = {"GET": get, "HEAD": get, "POST": post}
    allowed = [method for method, view in views.items() if view]

    def dispatched(request: HttpRequest, /, **kwargs: str | int) -> HttpResponse:
        view = views.get(request.method or "")
        return view(request, **kwargs) if view else HttpResponseNotAllowed(allowed)

    return dispatched
