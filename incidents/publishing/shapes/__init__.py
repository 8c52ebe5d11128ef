"""What a document is made from: plain frozen facts, read once, with no way back to the database.

Every datetime is aware and in UTC; every date is a day of the page's time zone.
"""

from incidents.publishing.shapes.components import ComponentFacts, GroupFacts, MeterFacts
from incidents.publishing.shapes.documents import (
    CalendarFacts,
    ComponentPageFacts,
    EditsFacts,
    FeedFacts,
    GroupPageFacts,
    HistoryFacts,
    IndexFacts,
    MonthFacts,
    PromiseFacts,
    PromisesFacts,
    RevisionFacts,
    ScorecardFacts,
    SitemapFacts,
    UptimeFacts,
)
from incidents.publishing.shapes.incidents import (
    ActionFacts,
    AffectedFacts,
    ChangeFacts,
    IncidentFacts,
    MoveFacts,
    PhaseFacts,
    PostmortemFacts,
    TranslationFacts,
    UpdateFacts,
)
from incidents.publishing.shapes.page import PageFacts

__all__ = [
    "ActionFacts",
    "AffectedFacts",
    "CalendarFacts",
    "ChangeFacts",
    "ComponentFacts",
    "ComponentPageFacts",
    "EditsFacts",
    "FeedFacts",
    "GroupFacts",
    "GroupPageFacts",
    "HistoryFacts",
    "IncidentFacts",
    "IndexFacts",
    "MeterFacts",
    "MonthFacts",
    "MoveFacts",
    "PageFacts",
    "PhaseFacts",
    "PostmortemFacts",
    "PromiseFacts",
    "PromisesFacts",
    "RevisionFacts",
    "ScorecardFacts",
    "SitemapFacts",
    "TranslationFacts",
    "UpdateFacts",
    "UptimeFacts",
]
