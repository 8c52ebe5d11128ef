"""The models of the error guide."""

from incidents.guide.models.entry import Entry, EntryState, FormerSlug
from incidents.guide.models.link import EntryLink, LinkVerdict
from incidents.guide.models.unmatched import UnmatchedText

__all__ = ["Entry", "EntryLink", "EntryState", "FormerSlug", "LinkVerdict", "UnmatchedText"]
