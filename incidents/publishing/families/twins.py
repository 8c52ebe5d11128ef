"""The pages people read as Markdown and as JSON, at their addresses with a suffix; see documents/twins."""

from incidents.publishing import paths
from incidents.publishing.documents.twins import data, text
from incidents.publishing.families.api import FROM_ANYWHERE, JSON
from incidents.publishing.family import Family
from incidents.publishing.scopes import (
    each_component,
    each_edited_update,
    each_group,
    each_lively_incident,
    each_page_of_history,
    hourly,
)

MARKDOWN = "text/markdown; charset=utf-8"

_OF_PAGE = (
    Family(
        name="index_markdown",
        route="index.md",
        content_type=MARKDOWN,
        scope=hourly,
        make=lambda readings, _: text.index(readings.index),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="index_json",
        route="index.json",
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=hourly,
        make=lambda readings, _: data.index(readings.index),
        follows_clock=True,
        is_urgent=False,
    ),
    Family(
        name="history_markdown",
        route="history.md",
        address=paths.history_markdown,
        content_type=MARKDOWN,
        scope=each_page_of_history,
        make=lambda readings, subject: text.history(readings.history(int(subject[0]))),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="uptime_markdown",
        route="uptime.md",
        content_type=MARKDOWN,
        scope=hourly,
        make=lambda readings, _: text.uptime(readings.uptime),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="promises_markdown",
        route="promises.md",
        content_type=MARKDOWN,
        scope=hourly,
        make=lambda readings, _: text.promises(readings.promises),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="promises_json",
        route="promises.json",
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=hourly,
        make=lambda readings, _: data.promises(readings.promises),
        is_urgent=False,
    ),
)

_OF_INCIDENTS = (
    Family(
        name="incident_markdown",
        route="incidents/<slug:code>.md",
        address=lambda code: paths.twin(f"/incidents/{code}", "md"),
        content_type=MARKDOWN,
        scope=each_lively_incident,
        make=lambda readings, subject: text.incident(readings.incident(*subject), readings.page),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="incident_json",
        route="incidents/<slug:code>.json",
        address=lambda code: paths.twin(f"/incidents/{code}", "json"),
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=each_lively_incident,
        make=lambda readings, subject: data.incident(readings.incident(*subject), readings.page),
        is_urgent=False,
    ),
    Family(
        name="update_edits_markdown",
        route="incidents/<slug:code>/updates/<slug:update>/edits.md",
        address=lambda code, update: paths.twin(f"/incidents/{code}/updates/{update}/edits", "md"),
        content_type=MARKDOWN,
        scope=each_edited_update,
        make=lambda readings, subject: text.edits(readings.edits(*subject)),
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="update_edits_json",
        route="incidents/<slug:code>/updates/<slug:update>/edits.json",
        address=lambda code, update: paths.twin(f"/incidents/{code}/updates/{update}/edits", "json"),
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=each_edited_update,
        make=lambda readings, subject: data.edits(readings.edits(*subject)),
        is_urgent=False,
    ),
)

_OF_COMPONENTS = (
    Family(
        name="component_markdown",
        route="c/<slug:code>.md",
        address=lambda code: paths.twin(f"/c/{code}", "md"),
        content_type=MARKDOWN,
        scope=each_component,
        make=lambda readings, subject: text.component(readings.component(*subject)),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="component_json",
        route="c/<slug:code>.json",
        address=lambda code: paths.twin(f"/c/{code}", "json"),
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=each_component,
        make=lambda readings, subject: data.component(readings.component(*subject)),
        follows_clock=True,
        is_urgent=False,
    ),
    Family(
        name="group_markdown",
        route="g/<slug:code>.md",
        address=lambda code: paths.twin(f"/g/{code}", "md"),
        content_type=MARKDOWN,
        scope=each_group,
        make=lambda readings, subject: text.group(readings.group(*subject)),
        follows_clock=True,
        is_urgent=False,
        is_spoken=True,
    ),
    Family(
        name="group_json",
        route="g/<slug:code>.json",
        address=lambda code: paths.twin(f"/g/{code}", "json"),
        content_type=JSON,
        headers=FROM_ANYWHERE,
        scope=each_group,
        make=lambda readings, subject: data.group(readings.group(*subject)),
        follows_clock=True,
        is_urgent=False,
    ),
)

FAMILIES = (*_OF_PAGE, *_OF_INCIDENTS, *_OF_COMPONENTS)
