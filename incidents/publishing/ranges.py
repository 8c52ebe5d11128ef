"""Part of an address: a list of errors by their codes, "400-499" or "other"."""

from django.urls import register_converter

from incidents.guide.contents import OTHER


class RangeOfCodes:
    """A path converter of Django."""

    regex = rf"[1-5]00-[1-5]99|{OTHER}"

    def to_python(self, value: str) -> str:
        """Return the name as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name as it stands."""
        return value


register_converter(RangeOfCodes, "codes")
