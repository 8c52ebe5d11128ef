"""Where the style sheet of a page lies."""

from django import template

from incidents.publishing import paths
from incidents.publishing.documents.brand import digest_of
from incidents.timeline.looks import Look

register = template.Library()


@register.simple_tag
def style_path(look: Look) -> str:
    """Return the path of the style sheet of a look."""
    return paths.style(digest_of(look))
