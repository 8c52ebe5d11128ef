"""The HTML pages people read."""

from incidents.publishing import paths
from incidents.publishing.documents.edits import edits
from incidents.publishing.documents.groups import group
from incidents.publishing.documents.history import history
from incidents.publishing.documents.incident import incident
from incidents.publishing.documents.index import index
from incidents.publishing.documents.month_table import month_table
from incidents.publishing.documents.promises import promises
from incidents.publishing.documents.scorecard import scorecard, scorecard_csv
from incidents.publishing.documents.uptime import component, uptime
from incidents.publishing.documents.uptime_data import uptime_csv, uptime_json
from incidents.publishing.family import Family
from incidents.publishing.negotiation import VARIES_BY_KIND
from incidents.publishing.scopes import (
    each_component,
    each_edited_update,
    each_group,
    each_incident,
    each_older_month_table,
    each_page_of_history,
    hourly,
    hourly_where_told,
    whole_page,
)

IN_ANY_FORM = (VARIES_BY_KIND,)
"""Of a page that has twins (families/twins.py)."""

FAMILIES = (
    Family(
        name="index",
        route="",
        headers=IN_ANY_FORM,
        scope=whole_page,
        make=lambda readings, _: index(readings.index),
        follows_clock=True,
        is_spoken=True,
    ),
    Family(
        name="incident",
        route="incidents/<slug:code>",
        address=paths.incident,
        headers=IN_ANY_FORM,
        scope=each_incident,
        make=lambda readings, subject: incident(
            readings.incident(*subject), readings.page, errors=readings.errors(*subject)
        ),
        follows_clock=True,
        is_spoken=True,
    ),
    Family(
        name="history",
        route="history",
        address=paths.history,
        headers=IN_ANY_FORM,
        scope=each_page_of_history,
        make=lambda readings, subject: history(readings.history(int(subject[0]))),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="month_table_newest",
        route="history/calendar",
        headers=IN_ANY_FORM,
        scope=whole_page,
        make=lambda readings, _: month_table(readings.months(1)),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="month_table",
        route="history/calendar/<int:number>",
        address=paths.month_table,
        headers=IN_ANY_FORM,
        scope=each_older_month_table,
        make=lambda readings, subject: month_table(readings.months(int(subject[0]))),
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="promises",
        route="promises",
        headers=IN_ANY_FORM,
        scope=hourly,
        make=lambda readings, _: promises(readings.promises),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="scorecard",
        route="scorecard",
        scope=hourly_where_told,
        make=lambda readings, _: scorecard(readings.scorecard),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="scorecard_csv",
        route="scorecard.csv",
        content_type="text/csv; charset=utf-8",
        scope=hourly_where_told,
        make=lambda readings, _: scorecard_csv(readings.scorecard),
        follows_clock=True,
        is_urgent=False,
    ),
    Family(
        name="uptime",
        route="uptime",
        headers=IN_ANY_FORM,
        scope=hourly,
        make=lambda readings, _: uptime(readings.uptime),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="uptime_json",
        route="uptime.json",
        content_type="application/json; charset=utf-8",
        headers=(("Access-Control-Allow-Origin", "*"),),
        scope=hourly,
        make=lambda readings, _: uptime_json(readings.uptime),
        follows_clock=True,
        is_urgent=False,
    ),
    Family(
        name="uptime_csv",
        route="uptime.csv",
        content_type="text/csv; charset=utf-8",
        scope=hourly,
        make=lambda readings, _: uptime_csv(readings.uptime),
        follows_clock=True,
        is_urgent=False,
    ),
    Family(
        name="component",
        route="c/<slug:code>",
        address=paths.component,
        headers=IN_ANY_FORM,
        scope=each_component,
        make=lambda readings, subject: component(readings.component(*subject)),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="group",
        route="g/<slug:code>",
        address=paths.group,
        headers=IN_ANY_FORM,
        scope=each_group,
        make=lambda readings, subject: group(readings.group(*subject)),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="update_edits",
        route="incidents/<slug:code>/updates/<slug:update>/edits",
        address=paths.edits,
        headers=IN_ANY_FORM,
        scope=each_edited_update,
        make=lambda readings, subject: edits(readings.edits(*subject)),
        is_urgent=False,
        is_spoken=True,
    ),
)
