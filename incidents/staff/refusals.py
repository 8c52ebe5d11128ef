"""Why a verb of this room refuses."""

from incidents.timeline.refusals import Refused


class LastOwner(Refused):
    """Nobody would be left who may choose who works here."""


class OwnMembership(Refused):
    """People do not take rights from themselves by accident."""


class ImpossibleLimit(Refused):
    """The limit to components does not fit the role or the page."""


class UnknownInvitation(Refused):
    """The link is wrong, was used, was withdrawn, or is too old."""


class AlreadyOnStaff(Refused):
    """The address belongs to somebody who works here already."""


class UnknownScope(Refused):
    """A token may not be given that right."""


class TokenIsOver(Refused):
    """The token was withdrawn or has expired."""


class SetUpIsClosed(Refused):
    """Somebody works here already, or the token is not the one in the log."""
