"""The head of a page about one thing that has a state: a component or a group of them."""

from django.utils.translation import gettext

from incidents.publishing.documents.frame import Head
from incidents.publishing.documents.parts import State
from incidents.publishing.shapes import PageFacts


def head_of_state(page: PageFacts, state: State, *, name: str, path: str, live: str, description: str) -> Head:
    """Return a head that says the state first; `name` is whose, `path` and `live` where it and its live part are."""
    return Head(
        title=gettext("{state}: {component} · {page} status").format(state=state.label, component=name, page=page.name),
        path=path,
        heading=gettext("{component}: {state}").format(component=name, state=state.label),
        description=description,
        favicon=state.value,
        live=live,
        has_twins=True,
    )
