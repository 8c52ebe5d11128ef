"""`/api/v2`: what programs made for Statuspage read, from any origin."""

from incidents.publishing import paths
from incidents.publishing.documents import api
from incidents.publishing.documents.history_months import history_months
from incidents.publishing.family import Family
from incidents.publishing.scopes import each_incident, each_page_of_history, whole_page

JSON = "application/json; charset=utf-8"

FROM_ANYWHERE = (("Access-Control-Allow-Origin", "*"),)
"""Widgets read these from the pages they stand on; nothing in them is for one reader alone."""

FAMILIES = (
    Family(
        name="api_summary",
        route="api/v2/summary.json",
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=whole_page,
        make=lambda readings, _: api.summary(readings.now),
    ),
    Family(
        name="api_status",
        route="api/v2/status.json",
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=whole_page,
        make=lambda readings, _: api.status(readings.now),
    ),
    Family(
        name="api_components",
        route="api/v2/components.json",
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=whole_page,
        make=lambda readings, _: api.components(readings.now),
    ),
    Family(
        name="api_unresolved",
        route="api/v2/incidents/unresolved.json",
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=whole_page,
        make=lambda readings, _: api.unresolved(readings.now),
    ),
    Family(
        name="api_incident",
        route="api/v2/incidents/<slug:code>.json",
        address=paths.record,
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=each_incident,
        make=lambda readings, subject: api.incident(readings.record(*subject)),
    ),
    Family(
        name="api_incidents",
        route="api/v2/incidents.json",
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=whole_page,
        make=lambda readings, _: api.incidents(readings.recent_incidents),
        is_urgent=False,
    ),
    Family(
        name="api_maintenances",
        route="api/v2/scheduled-maintenances.json",
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=whole_page,
        make=lambda readings, _: api.maintenances(readings.recent_maintenances),
        is_urgent=False,
    ),
    Family(
        name="api_upcoming",
        route="api/v2/scheduled-maintenances/upcoming.json",
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=whole_page,
        make=lambda readings, _: api.upcoming_maintenances(readings.now),
        is_urgent=False,
    ),
    Family(
        name="api_active",
        route="api/v2/scheduled-maintenances/active.json",
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=whole_page,
        make=lambda readings, _: api.active_maintenances(readings.now),
        is_urgent=False,
    ),
    Family(
        name="history_months",
        route="history.json",
        address=paths.history_months,
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=each_page_of_history,
        make=lambda readings, subject: history_months(readings.history(int(subject[0])), readings.now),
        follows_clock=True,
        is_urgent=False,
    ),
)
