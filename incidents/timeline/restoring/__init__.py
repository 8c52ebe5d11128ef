"""The timeline's verbs for history that was made elsewhere.

Importers hand over records; each verb checks one, brings the page's row in line with it in one
transaction, keeps its code and its times, and never notifies anybody. Told twice, nothing
happens the second time.
"""

from incidents.timeline.restoring.components import judge_component, judge_group, restore_component, restore_group
from incidents.timeline.restoring.doors import ImplausibleTime, UnusableCode, WrittenHere, checked_page, is_code
from incidents.timeline.restoring.incidents import restore_incident, restore_incidents
from incidents.timeline.restoring.judging import Judgement, judge_incident, stories
from incidents.timeline.restoring.pages import restore_page
from incidents.timeline.restoring.records import (
    Outcome,
    RestoredChange,
    RestoredComponent,
    RestoredGroup,
    RestoredIncident,
    RestoredPage,
    RestoredUpdate,
)

__all__ = [
    "ImplausibleTime",
    "Judgement",
    "Outcome",
    "RestoredChange",
    "RestoredComponent",
    "RestoredGroup",
    "RestoredIncident",
    "RestoredPage",
    "RestoredUpdate",
    "UnusableCode",
    "WrittenHere",
    "checked_page",
    "is_code",
    "judge_component",
    "judge_group",
    "judge_incident",
    "restore_component",
    "restore_group",
    "restore_incident",
    "restore_incidents",
    "restore_page",
    "stories",
]
