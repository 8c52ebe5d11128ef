"""How a page looks, as far as it may choose: neutrals, brand colour, corners, face. States look the same everywhere."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import models

from incidents.lib.colours import contrast, in_figures, nearest_readable, read_colour
from incidents.lib.neutrals import NEUTRALS, STANDARD, Tones
from incidents.timeline.checks import optional_text
from incidents.timeline.refusals import TooFaint, UnknownChoice

LEAST_CONTRAST = 4.5
"""For words in the brand colour and for words on it (WCAG 2.2, 1.4.3)."""

ALT_LIMIT = 200


class Corners(models.TextChoices):
    """How round cards, fields and buttons are."""

    SOFT = "soft", "Soft"
    SQUARE = "square", "Square"
    ROUND = "round", "Round"


class Face(models.TextChoices):
    """In which letters a page is set."""

    SHIPPED = "shipped", "Source Sans 3, sent along"
    SYSTEM = "system", "The reader's own system face"


class PicturePlace(models.TextChoices):
    """What a picture of a page is for."""

    LOGO = "logo", "Logo"
    LOGO_DARK = "logo_dark", "Logo on dark grounds"
    ICON = "icon", "Icon in the tab while all is well"


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of the page: by which digest its bytes are found, and how large it is in pixels."""

    digest: str
    width: int
    height: int

    @property
    def path(self) -> str:
        """The path it is published at."""
        return f"/brand/{self.digest}.png"


@dataclass(frozen=True, slots=True)
class Look:
    """What a page chose. An empty colour is ink."""

    neutrals: str = STANDARD
    accent: str = ""
    """The brand colour on light grounds, "#rrggbb"."""
    accent_dark: str = ""
    corners: str = Corners.SOFT.value
    face: str = Face.SHIPPED.value
    logo: Logo | None = None
    logo_dark: Logo | None = None
    icon: Logo | None = None
    """Shown in tabs while nothing is wrong; whatever is, has the icon of its state."""
    logo_alt: str = ""
    """What the logo says to those who cannot see it; the name of the page where it is empty."""

    @classmethod
    def kept(cls, chosen: dict[str, Any]) -> "Look":
        """Return a look as a page keeps it (`as_kept`)."""
        pictures = {place: Logo(**chosen[place]) for place in PicturePlace.values if chosen.get(place)}
        return cls(**{**chosen, **{place: pictures.get(place) for place in PicturePlace.values}})

    def as_kept(self) -> dict[str, Any]:
        """Return the look as JSON knows it."""
        return asdict(self)

    @property
    def has_style(self) -> bool:
        """Say whether anything but the logo is other than usual."""
        return replace(self, logo=None, logo_dark=None, icon=None, logo_alt="") != USUAL


USUAL = Look()


def checked_look(look: Look) -> Look:
    """Return `look` with its colours written alike, or refuse it. Raises UnknownChoice, TooFaint, TextTooLong."""
    if look.neutrals not in NEUTRALS or look.corners not in Corners.values or look.face not in Face.values:
        raise UnknownChoice("Choose one of the values offered.", field="neutrals")
    neutrals = NEUTRALS[look.neutrals]
    return replace(
        look,
        accent=_readable(look.accent, neutrals.light, field="accent", scheme="light"),
        accent_dark=_readable(look.accent_dark, neutrals.dark, field="accent_dark", scheme="dark"),
        logo_alt=optional_text(look.logo_alt, field="logo_alt", what="The description of the logo", limit=ALT_LIMIT),
    )


def _readable(typed: str, tones: Tones, *, field: str, scheme: str) -> str:
    """Return a colour that is read on both grounds of a scheme, "" for none. Raises UnknownChoice, TooFaint."""
    if not typed.strip():
        return ""
    colour = read_colour(typed)
    if not colour:
        raise UnknownChoice("Write a colour as six digits, such as #1f4fd8.", field=field)
    on_ground, on_surface = contrast(colour, tones.ground), contrast(colour, tones.surface)
    if min(on_ground, on_surface) >= LEAST_CONTRAST:
        return colour
    instead = nearest_readable(colour, (tones.ground, tones.surface), least=LEAST_CONTRAST)
    raise TooFaint(
        f"{colour} is hard to read in the {scheme} scheme: {in_figures(on_ground)} on the ground and "
        f"{in_figures(on_surface)} on cards, where {LEAST_CONTRAST} : 1 is the least. {instead} would do.",
        field=field,
    )
