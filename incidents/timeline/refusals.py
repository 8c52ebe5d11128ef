"""Why a verb refuses: each reason has a name and a sentence a person can act on."""


class Refused(Exception):
    """Nothing was changed; `sentence` says what is wrong and what to do, `field` where."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class EmptyText(Refused):
    """A text that must say something is blank after cleaning."""


class TextTooLong(Refused):
    """A text is longer than its limit."""


class DuplicateName(Refused):
    """The page has another living thing of that name in the same place."""


class UnknownTimeZone(Refused):
    """The time zone is not in the IANA database."""


class UnknownLanguage(Refused):
    """The language is not among those pages are offered in."""


class UnknownPhase(Refused):
    """The page has no such phase, or it belongs to the other kind of incident."""


class UnknownChoice(Refused):
    """The value is not among those offered."""


class UnusableAddress(Refused):
    """A host name or web address that cannot be served or linked."""


class TooFaint(Refused):
    """A colour is not readable on the grounds of the page."""


class UnusablePicture(Refused):
    """An upload is no picture, or too large a one."""


class UnusableAccess(Refused):
    """A password or a list of networks that would keep everybody out, or nobody."""


class ForeignComponent(Refused):
    """A component, group or template belongs to another page or was archived."""


class UnknownStatus(Refused):
    """The component state does not exist."""


class ResolvedBeforeStart(Refused):
    """An incident cannot end before its impact began."""


class WindowEndsBeforeItStarts(Refused):
    """A maintenance or correction window must end after it starts."""


class TimeInTheFuture(Refused):
    """Something that happened cannot be dated after now."""


class ImplausibleTime(Refused):
    """A year nobody means, or a window nobody plans."""


class BeforeTheStart(Refused):
    """An update is dated before the incident it tells of began."""


class WrongPhase(Refused):
    """The verb does not apply to the phase the incident or maintenance is in."""


class RequestKeyReused(Refused):
    """The same request key came with different content."""


class UnknownRecurrence(Refused):
    """The recurrence is not a rule of RFC 5545, or has no next date."""


class AlreadyRemoved(Refused):
    """The update or component was removed before."""


class CannotBeRendered(Refused):
    """The update cannot be turned into a mail or a feed, so it is not published."""


class BlankLeft(Refused):
    """A prepared text still asks for something that nobody wrote."""


class NothingToInsert(Refused):
    """A variable of a prepared text has nothing to stand for."""


class UnknownPlaceholder(Refused):
    """A template names a variable that does not exist."""


class NotYours(Refused):
    """Somebody else has to do this."""


class AlreadyHeld(Refused):
    """Somebody is about to do the same; it can be done only once."""


class TooLate(Refused):
    """What is published cannot be taken back any more."""
