"""Why a reader's word is not taken: each reason has a name and a sentence a person can act on."""

from incidents.timeline.refusals import Refused


class ReportsNotTaken(Refused):
    """The page does not ask its readers."""


class NothingToReport(Refused):
    """There is no such component or incident for readers, or it is over."""


class TooManyReports(Refused):
    """Very much comes from one network within the hour."""
