"""The pages people read as Markdown and as JSON, at their addresses with a suffix; see documents/twins."""

from functools import partial

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

_markdown = partial(Family, content_type=MARKDOWN, is_urgent=False, is_spoken=True)
_json = partial(Family, content_type=JSON, headers=FROM_ANYWHERE, is_urgent=False)

_OF_PAGE = (
    _markdown(
        name="index_markdown",
        route="index.md",
        scope=hourly,
        make=lambda readings, _: text.index(readings.index),
        follows_clock=True,
    ),
    _json(
        name="index_json",
        route="index.json",
        scope=hourly,
        make=lambda readings, _: data.index(readings.index),
        follows_clock=True,
    ),
    _markdown(
        name="history_markdown",
        route="history.md",
        address=paths.history_markdown,
        scope=each_page_of_history,
        make=lambda readings, subject: text.history(readings.history(int(subject[0]))),
        follows_clock=True,
    ),
    _markdown(
        name="uptime_markdown",
        route="uptime.md",
        scope=hourly,
        make=lambda readings, _: text.uptime(readings.uptime),
        follows_clock=True,
    ),
    _markdown(
        name="promises_markdown",
        route="promises.md",
        scope=hourly,
        make=lambda readings, _: text.promises(readings.promises),
        follows_clock=True,
    ),
    _json(
        name="promises_json",
        route="promises.json",
        scope=hourly,
        make=lambda readings, _: data.promises(readings.promises),
    ),
)

_OF_INCIDENTS = (
    _markdown(
        name="incident_markdown",
        route="incidents/<slug:code>.md",
        address=lambda code: paths.twin(f"/incidents/{code}", "md"),
        scope=each_lively_incident,
        make=lambda readings, subject: text.incident(readings.incident(*subject), readings.page),
        follows_clock=True,
    ),
    _json(
        name="incident_json",
        route="incidents/<slug:code>.json",
        address=lambda code: paths.twin(f"/incidents/{code}", "json"),
        scope=each_lively_incident,
        make=lambda readings, subject: data.incident(
            readings.incident(*subject), readings.page, errors=readings.errors(*subject)
        ),
    ),
    _markdown(
        name="update_edits_markdown",
        route="incidents/<slug:code>/updates/<slug:update>/edits.md",
        address=lambda code, update: paths.twin(f"/incidents/{code}/updates/{update}/edits", "md"),
        scope=each_edited_update,
        make=lambda readings, subject: text.edits(readings.edits(*subject)),
    ),
    _json(
        name="update_edits_json",
        route="incidents/<slug:code>/updates/<slug:update>/edits.json",
        address=lambda code, update: paths.twin(f"/incidents/{code}/updates/{update}/edits", "json"),
        scope=each_edited_update,
        make=lambda readings, subject: data.edits(readings.edits(*subject)),
    ),
)

_OF_COMPONENTS = (
    _markdown(
        name="component_markdown",
        route="c/<slug:code>.md",
        address=lambda code: paths.twin(f"/c/{code}", "md"),
        scope=each_component,
        make=lambda readings, subject: text.component(readings.component(*subject)),
        follows_clock=True,
    ),
    _json(
        name="component_json",
        route="c/<slug:code>.json",
        address=lambda code: paths.twin(f"/c/{code}", "json"),
        scope=each_component,
        make=lambda readings, subject: data.component(readings.component(*subject)),
        follows_clock=True,
    ),
    _markdown(
        name="group_markdown",
        route="g/<slug:code>.md",
        address=lambda code: paths.twin(f"/g/{code}", "md"),
        scope=each_group,
        make=lambda readings, subject: text.group(readings.group(*subject)),
        follows_clock=True,
    ),
    _json(
        name="group_json",
        route="g/<slug:code>.json",
        address=lambda code: paths.twin(f"/g/{code}", "json"),
        scope=each_group,
        make=lambda readings, subject: data.group(readings.group(*subject)),
        follows_clock=True,
    ),
)

FAMILIES = (*_OF_PAGE, *_OF_INCIDENTS, *_OF_COMPONENTS)
