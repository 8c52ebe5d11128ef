"""A family: all documents of one kind, such as the pages of incidents, told in one declaration."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from incidents.publishing.readings import Readings
from incidents.publishing.touched import Touched

HTML = "text/html; charset=utf-8"

Subject = tuple[str, ...]
"""What one document of a family is about, in the order of its address: () or (code,) or (code, update)."""

Scope = Callable[[Readings, Touched], Iterable[Subject]]
"""Which documents of a family exist (`touched.everything`) or are touched; scopes.py has the usual ones."""


@dataclass(frozen=True, slots=True)
class Family:
    """How the documents of one kind are addressed, made and kept current.

    `make` turns readings and a subject into bytes and raises NothingThere where no such document is
    public. It must depend on nothing else, so that a document made twice has the same bytes.
    """

    name: str
    """Also the name of the Django address."""
    route: str
    """Django's route of the fallback view, without the slash in front; "" for the first page."""
    make: Callable[[Readings, Subject], bytes]
    scope: Scope
    content_type: str = HTML
    address: Callable[..., str] | None = None
    """From a subject's parts to the path; None where the route has no parts."""
    headers: tuple[tuple[str, str], ...] = ()
    """Headers beyond the usual ones, or instead of them (CORS, another content security policy).

    An empty value means: without that header.
    """
    follows_clock: bool = False
    """Whether words in it depend on the present moment ("2 minutes ago")."""
    is_urgent: bool = True
    """Whether readers must see a change at once; the others follow right after, in a second step."""
    is_spoken: bool = False
    """Whether there is one in each further language of the page, below its prefix."""

    def path(self, subject: Subject) -> str:
        """Return the path of one document, with `?page=` for further pages of history."""
        return self.address(*subject) if self.address else f"/{self.route}"
