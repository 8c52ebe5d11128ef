"""Why the guide refuses: each reason has a name and a sentence a person can act on."""

from incidents.timeline.refusals import Refused


class NotFinished(Refused):
    """An entry readers are to see lacks its title, its cause or its solution."""


class SlugTaken(Refused):
    """Another entry has, or once had, that address."""


class UnusableSlug(Refused):
    """The address has other signs than small letters, digits and hyphens, or means something else."""


class UnusableCode(Refused):
    """The code of an error is no word."""


class UnusableMessage(Refused):
    """A message would match nearly everything."""


class TextTooLarge(Refused):
    """What was pasted is longer than anybody reads."""


class NothingToRead(Refused):
    """What was pasted has no words."""


class TooManyKept(Refused):
    """Very many unknown errors were handed in today."""
