"""Loaders: every object is looked for on the page the person works on, or it does not exist."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from incidents.lib.numbers import whole_number
from incidents.timeline.models import (
    ActionItem,
    Component,
    ComponentGroup,
    HeldPost,
    Incident,
    IncidentTemplate,
    Maintenance,
    Page,
    Postmortem,
    Suspicion,
    Update,
)


def incident_on(page: Page, code: str) -> Incident:
    """Return an incident or maintenance with its phase. Raises Http404."""
    incidents = Incident.objects.on(page).select_related("phase", "page")
    return get_object_or_404(incidents, code=code)


def plain_incident_on(page: Page, code: str) -> Incident:
    """Return an incident that is no maintenance. Raises Http404."""
    incident = incident_on(page, code)
    if incident.is_maintenance:
        raise Http404
    return incident


def suspicion_on(page: Page, code: str) -> Suspicion:
    """Return a suspicion, dismissed or not. Raises Http404, also for what was confirmed."""
    return get_object_or_404(Suspicion.objects.filter(page=page).select_related("phase", "page"), code=code)


def maintenance_on(page: Page, code: str) -> Maintenance:
    """Return a maintenance with its phase. Raises Http404."""
    maintenances = Maintenance.objects.filter(page=page).select_related("phase", "page")
    return get_object_or_404(maintenances, code=code)


def update_on(page: Page, code: str, update: str) -> Update:
    """Return an update that stands. Raises Http404."""
    standing = Update.objects.standing().filter(incident__page=page, incident__code=code)
    rows = standing.select_related("incident__page", "incident__phase", "phase")
    return get_object_or_404(rows, code=update)


def postmortem_of(incident: Incident) -> Postmortem | None:
    """Return the incident's postmortem, None where nobody began one."""
    return Postmortem.objects.filter(incident=incident).select_related("update").first()


def action_on(page: Page, code: str, number: int) -> ActionItem:
    """Return an action item of an incident's postmortem. Raises Http404."""
    actions = ActionItem.objects.filter(postmortem__incident__page=page, postmortem__incident__code=code)
    return get_object_or_404(actions.select_related("postmortem__incident__page"), pk=number)


def held_on(page: Page, number: int) -> HeldPost:
    """Return a post that has not left yet, or has. Raises Http404."""
    return get_object_or_404(HeldPost.objects.filter(page=page).select_related("incident", "page", "by"), pk=number)


def component_on(page: Page, code: str) -> Component:
    """Return a component that is not archived. Raises Http404."""
    living = Component.objects.on(page).living().select_related("group", "page")
    return get_object_or_404(living, code=code)


def group_on(page: Page, code: str) -> ComponentGroup:
    """Return a component group. Raises Http404."""
    return get_object_or_404(page.groups.select_related("page"), code=code)


def template_on(page: Page, number: int) -> IncidentTemplate:
    """Return a template. Raises Http404."""
    return get_object_or_404(page.templates.select_related("page", "phase"), pk=number)


def asked_template(page: Page, asked: str | None, kind: str) -> IncidentTemplate | None:
    """Return the template named in a query string, None where none is. Raises Http404."""
    if not asked:
        return None
    return get_object_or_404(page.templates.filter(kind=kind).select_related("phase"), pk=whole_number(asked))
