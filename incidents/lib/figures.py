"""Figures as a language writes them."""

from decimal import Decimal

from babel.numbers import format_percent

from incidents.lib.languages import locale


def percent(figure: str) -> str:
    """Return "99.94%" as the language spoken writes it, with the same digits ("99,94 %")."""
    spoken = locale()
    if spoken is None:
        return figure
    digits = figure.removesuffix("%")
    decimals = "0" * len(digits.partition(".")[2])
    pattern = spoken.percent_formats[None].pattern.replace("#,##0", f"0.{decimals}" if decimals else "0")
    return format_percent(Decimal(digits) / 100, format=pattern, locale=spoken)
