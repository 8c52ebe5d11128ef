"""Where the style sheet and the logo of a page lie."""

from django import template

from incidents.publishing import paths
from incidents.publishing.documents.brand import digest_of
from incidents.timeline.looks import Logo, Look

register = template.Library()


@register.simple_tag
def style_path(look: Look) -> str:
    """Return the path of the style sheet of a look."""
    return paths.style(digest_of(look))


@register.simple_tag
def logo_path(logo: Logo) -> str:
    """Return the path of a logo."""
    return paths.logo(logo.digest)
