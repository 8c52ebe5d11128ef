"""Why a subscription is refused: each reason has a name and a sentence a person can act on."""

from incidents.timeline.refusals import Refused


class AddressRefused(Refused):
    """The e-mail address cannot be used; the subclasses say why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="email")


class NoAddress(AddressRefused):
    """Nothing was entered."""


class IncompleteAddress(AddressRefused):
    """The address misses a part, or a part cannot be one."""


class AddressWithIP(AddressRefused):
    """The part after @ is an IP address."""


class AddressTooLong(AddressRefused):
    """A part is longer than RFC 5321 (section 4.5.3.1) allows."""


class InvisibleCharacter(AddressRefused):
    """The address holds a character nobody can see."""


class UnsupportedCharacter(AddressRefused):
    """The address holds quotes, spaces or other characters hardly any mailbox has."""


class SeveralAddresses(AddressRefused):
    """More than one address was entered."""


class AddressWithName(AddressRefused):
    """A name or a link stands around the address."""


class AddressNobodyReads(AddressRefused):
    """The address says itself that nobody reads it."""


class NothingChosen(Refused):
    """Only some components were wanted, but none was ticked."""


class ChoiceGone(Refused):
    """A chosen component or incident is not on this page (any more)."""


class IncidentOver(Refused):
    """There is nothing left to hear about the incident."""


class TooManyRequests(Refused):
    """Somebody's network asked too often within the hour."""


class LinkRefused(Refused):
    """The link is no link of ours, of another kind, or was replaced."""


class LinkExpired(LinkRefused):
    """The confirmation link is older than it may be."""


class NotSubscribed(LinkRefused):
    """The link is genuine, but the subscription it stands for has ended."""


class DomainTakesNoMail(AddressRefused):
    """The domain says that it takes no mail, or has no place for it."""


class UnknownChannel(Refused):
    """The page does not offer this way of being told."""


class SuppressedAddress(Refused):
    """Its owner left, complained or was erased, and only the owner can come back."""


class AlreadySubscribed(Refused):
    """Staff add somebody who is there already."""


class NotReadable(Refused):
    """A file cannot be read as a table of addresses; the sentence names the line where it can."""


class UnknownTimeZoneName(Refused):
    """Nothing in the IANA database is called that."""


class UnknownMailLanguage(Refused):
    """Mail is not written in that language."""


class AddressNotRepeated(Refused):
    """An address several people read is ended by typing it, and something else was typed."""


class NoEvidence(Refused):
    """Somebody is to be added without a confirmation, and nothing says how they agreed."""
