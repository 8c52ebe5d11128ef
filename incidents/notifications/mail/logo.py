"""The logo over a mail: the one of the page, by the address it is published at."""

from __future__ import annotations

from dataclasses import dataclass

from incidents.lib.site import page_address
from incidents.timeline.models import Page

_HEIGHT = 40
"""Pixels in a mail; the picture itself is larger, for sharp screens."""


@dataclass(frozen=True, slots=True)
class MailLogo:
    """A picture in a mail: its address, its size there, and what it says."""

    address: str
    width: int
    height: int
    alt: str


def logo_of(page: Page) -> MailLogo | None:
    """Return the logo of a page. A page that is not public has none: nobody could fetch it without being let in."""
    logo = page.look.logo
    if logo is None or page.is_private:
        return None
    share = min(1.0, _HEIGHT / logo.height)
    return MailLogo(
        address=f"{page_address(page.host)}{logo.path}",
        width=max(1, round(logo.width * share)),
        height=max(1, round(logo.height * share)),
        alt=page.look.logo_alt or page.name,
    )
