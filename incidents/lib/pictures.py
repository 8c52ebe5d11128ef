"""Pictures people upload: read by their content, made small, and written anew, so that nothing but pixels is kept."""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

LARGEST_FILE = 512 * 1024
"""Bytes of an upload."""

_KINDS = ("PNG", "WEBP", "JPEG")
_MOST_PIXELS = 16_000_000
"""Beyond it a file of some bytes could ask for gigabytes of memory."""

_SMALLEST = 16


class NotAPicture(Exception):
    """The bytes cannot be used; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Written:
    """A picture as PNG."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """Return what its address holds, so that other bytes have another address."""
        return hashlib.sha256(self.content).hexdigest()[:20]


def written_anew(upload: bytes, *, width: int, height: int, is_square: bool = False) -> Written:
    """Return an uploaded PNG, WebP or JPEG as PNG, at most so many pixels wide and high; square with clear sides.

    Only the first frame and no metadata is kept. Raises NotAPicture, also for SVG: it is a program that a
    browser runs, and no well-kept library takes all of that out.
    """
    if len(upload) > LARGEST_FILE:
        raise NotAPicture(f"The file has more than {LARGEST_FILE // 1024} KB, the most it may have.")
    if upload.lstrip()[:5].lower() in (b"<?xml", b"<svg ", b"<svg>"):
        raise NotAPicture("SVG can hold scripts and is not taken. Save the logo as PNG, 80 pixels high or more.")
    image = _opened(upload)
    # The clear margin around a logo would stand between it and the edge of the page.
    drawn = image.getchannel("A").getbbox()
    image = image.crop(drawn) if drawn else image
    if min(image.size) < _SMALLEST:
        raise NotAPicture(f"The picture is {image.width} x {image.height} pixels; {_SMALLEST} is the least each way.")
    image.thumbnail((width, height), Image.Resampling.LANCZOS)
    if is_square:
        side = max(image.size)
        field = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        field.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
        image = field
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return Written(out.getvalue(), image.width, image.height)


def _opened(upload: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(upload), formats=_KINDS) as found:
            if found.width * found.height > _MOST_PIXELS:
                raise NotAPicture(f"The picture has {found.width} x {found.height} pixels, which is far too many.")
            # A new image: colour profiles, comments and positions of the old one stay behind.
            pixels = found.convert("RGBA")
            plain = Image.new("RGBA", pixels.size)
            plain.paste(pixels)
            return plain
    except Image.DecompressionBombError as error:
        # Raised from the header alone, before a pixel is unpacked.
        raise NotAPicture(f"The picture has far more than {_MOST_PIXELS:,} pixels. Save it smaller.") from error
    except UnidentifiedImageError as error:
        raise NotAPicture("This is no picture we can read. Save it as PNG or WebP.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise NotAPicture("The picture is damaged. Save it once more as PNG or WebP.") from error
