"""Addresses and languages in public templates."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from incidents.lib.prefixes import placed

register = template.Library()


@register.simple_tag
def address(name: str, *parts: str, **named: str) -> str:
    """Return the path of a page that each language has, in that of the document being made. Used as `{% url %}` is."""
    return placed(reverse(name, args=parts, kwargs=named))


@register.simple_tag
def lang(language: str) -> SafeString:
    """Return the attribute that says in which language something is written, with a space before; nothing for ""."""
    return format_html(' lang="{}"', language) if language else SafeString()
