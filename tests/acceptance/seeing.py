"""What people with other eyes see: greyscale, and three deficiencies of colour vision."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image

Matrix = tuple[float, ...]

MACHADO: dict[str, Matrix] = {
    "protan": (0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998),
    "deutan": (0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
    "tritan": (1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900),
}
"""Full deficiency, for linear RGB: Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of
Color Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (2009), table for severity 1.0."""


def _linear(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> int:
    part = min(1.0, max(0.0, part))
    return round(255 * (part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


LINEAR = [_linear(value) for value in range(256)]


def grey(picture: Image.Image) -> Image.Image:
    """Return a picture as paper from an office printer shows it."""
    return picture.convert("L")


def _with(matrix: Matrix) -> Callable[[Image.Image], Image.Image]:
    def seen(picture: Image.Image) -> Image.Image:
        # Screens of this product have few colours: each is turned once.
        palette: dict[tuple[int, ...], tuple[int, ...]] = {}
        source = picture.convert("RGB")
        pixels = list(source.get_flattened_data())
        for colour in set(pixels):
            linear = [LINEAR[value] for value in colour]
            rows = (matrix[0:3], matrix[3:6], matrix[6:9])
            palette[colour] = tuple(_encoded(sum(a * b for a, b in zip(row, linear, strict=True))) for row in rows)
        result = Image.new("RGB", source.size)
        result.putdata([palette[colour] for colour in pixels])
        return result.convert("L")

    return seen


EYES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "grey": grey,
    **{name: _with(matrix) for name, matrix in MACHADO.items()},
}


def picture_of(screenshot: bytes) -> Image.Image:
    """Return a screenshot as a picture."""
    return Image.open(BytesIO(screenshot)).convert("RGB")


def cores(strip: Image.Image, *, days: int) -> Image.Image:
    """Return a picture one pixel wide for each day: the column in which its bar stands, where no gap is."""
    narrow = Image.new("RGB", (days, strip.height))
    for day in range(days):
        column = int((day + 0.4) * strip.width / days)
        narrow.paste(strip.crop((column, 0, column + 1, strip.height)), (day, 0))
    return narrow


def heights(narrow: Image.Image) -> list[int]:
    """Return how tall the bar of each day stands, in pixels: rows from its top to the lower edge.

    The upper left corner is ground, because the oldest days of the stage were quiet. A pixel that differs from the
    ground by a tenth of the range counts.
    """
    ground, found = narrow.getpixel((0, 0)), []
    for day in range(narrow.width):
        column = narrow.crop((day, 0, day + 1, narrow.height)).tobytes()
        tops = [y for y, value in enumerate(column) if abs(value - int(ground)) > 25]  # type: ignore[arg-type]
        found.append(narrow.height - tops[0] if tops else 0)
    return found
