"""Addresses of the console: resources, and what may be done with them."""

from django.urls import path

from incidents.console.routing import by_method
from incidents.console.views import (
    actions,
    components,
    deliveries,
    groups,
    history,
    incidents,
    lists,
    maintenances,
    more,
    now,
    outbox,
    pages,
    postmortems,
    replays,
    sessions,
    subscriber,
    subscribers,
    templates,
    trials,
    update_deliveries,
    updates,
)

app_name = "console"

_INCIDENT = "incidents/<slug:code>"
_UPDATE = f"{_INCIDENT}/updates/<slug:update>"
_ACTION = f"{_INCIDENT}/actions/<int:number>"
_COMPONENT = "components/<slug:code>"
_GROUP = "groups/<slug:code>"
_CHANNEL = "deliveries/channels/<slug:channel>"
_IMPORT = "subscribers/imports/<int:number>"
_SUBSCRIBER = "subscribers/<slug:code>"
_TEMPLATE = "templates/<int:number>"

urlpatterns = [
    path("", by_method(get=now.index), name="now"),
    path("more", by_method(get=more.index), name="more"),
    path("sign-in", sessions.SignIn.as_view(), name="sign_in"),
    path("sign-out", sessions.SignOut.as_view(), name="sign_out"),
    path("sign-in/again", by_method(get=sessions.again), name="again"),
    # Incidents and what is said about them
    path("incidents", by_method(get=incidents.index, post=incidents.create), name="incidents"),
    path("incidents/new", by_method(get=incidents.new), name="incident_new"),
    path("incidents/preview", by_method(post=incidents.preview), name="incident_preview"),
    path(_INCIDENT, by_method(get=incidents.show), name="incident"),
    path(f"{_INCIDENT}/edit", by_method(get=incidents.edit, post=incidents.update), name="incident_edit"),
    path(f"{_INCIDENT}/discard", by_method(get=incidents.discard, post=incidents.destroy), name="incident_discard"),
    path(f"{_INCIDENT}/updates", by_method(post=updates.create), name="updates"),
    path(f"{_INCIDENT}/updates/preview", by_method(post=updates.preview), name="update_preview"),
    path(f"{_INCIDENT}/updates/states", by_method(post=updates.states), name="update_states"),
    path(f"{_INCIDENT}/updates/template/<int:number>", by_method(post=updates.insert), name="update_insert"),
    path(f"{_UPDATE}/edit", by_method(get=updates.edit, post=updates.update), name="update_edit"),
    path(f"{_UPDATE}/edit/preview", by_method(post=updates.preview_edit), name="update_edit_preview"),
    path(f"{_UPDATE}/removal", by_method(get=updates.remove, post=updates.destroy), name="update_remove"),
    path(f"{_UPDATE}/deliveries", by_method(get=update_deliveries.show), name="update_deliveries"),
    path(f"{_UPDATE}/deliveries/figures", by_method(get=update_deliveries.figures), name="update_figures"),
    path(f"{_UPDATE}/deliveries/retry", by_method(post=update_deliveries.retry), name="update_retry"),
    path(f"{_UPDATE}/deliveries/release", by_method(post=update_deliveries.release), name="update_release"),
    path(f"{_UPDATE}/deliveries.csv", by_method(get=update_deliveries.export), name="update_export"),
    path(f"{_INCIDENT}/postmortem", by_method(get=postmortems.show, post=postmortems.update), name="postmortem"),
    path(f"{_INCIDENT}/postmortem/preview", by_method(post=postmortems.preview), name="postmortem_preview"),
    path(f"{_INCIDENT}/postmortem/publication", by_method(post=postmortems.publish), name="postmortem_publish"),
    path(f"{_INCIDENT}/actions", by_method(post=actions.create), name="actions"),
    path(_ACTION, by_method(get=actions.edit, post=actions.update), name="action"),
    path(f"{_ACTION}/state", by_method(post=actions.move), name="action_state"),
    # Maintenance
    path("maintenances", by_method(get=maintenances.index, post=maintenances.create), name="maintenances"),
    path("maintenances/new", by_method(get=maintenances.new), name="maintenance_new"),
    path("maintenances/preview", by_method(post=maintenances.preview), name="maintenance_preview"),
    path("maintenances/<slug:code>/window", by_method(get=maintenances.edit, post=maintenances.update), name="window"),
    path(
        "maintenances/<slug:code>/<slug:name>",
        by_method(get=maintenances.step, post=maintenances.take_step),
        name="maintenance_step",
    ),
    # Components, groups, templates
    path("components", by_method(get=components.index, post=components.create), name="components"),
    path("components/new", by_method(get=components.new), name="component_new"),
    path(_COMPONENT, by_method(get=components.edit, post=components.update), name="component"),
    path(f"{_COMPONENT}/status", by_method(post=components.set_status), name="component_status"),
    path(f"{_COMPONENT}/up", by_method(post=components.move), {"places": -1}, name="component_up"),
    path(f"{_COMPONENT}/down", by_method(post=components.move), {"places": 1}, name="component_down"),
    path(f"{_COMPONENT}/removal", by_method(get=components.remove, post=components.destroy), name="component_remove"),
    path("groups", by_method(post=groups.create), name="groups"),
    path("groups/new", by_method(get=groups.new), name="group_new"),
    path(_GROUP, by_method(get=groups.edit, post=groups.update), name="group"),
    path(f"{_GROUP}/up", by_method(post=groups.move), {"places": -1}, name="group_up"),
    path(f"{_GROUP}/down", by_method(post=groups.move), {"places": 1}, name="group_down"),
    path(f"{_GROUP}/removal", by_method(get=groups.remove, post=groups.destroy), name="group_remove"),
    path("templates", by_method(get=templates.index, post=templates.create), name="templates"),
    path("templates/new", by_method(get=templates.new), name="template_new"),
    path("templates/preview", by_method(post=templates.preview), name="template_preview"),
    path(_TEMPLATE, by_method(get=templates.edit, post=templates.update), name="template"),
    path(f"{_TEMPLATE}/removal", by_method(get=templates.remove, post=templates.destroy), name="template_remove"),
    # The page, its readers, its past
    path("page", by_method(get=pages.edit, post=pages.update), name="page"),
    path("page/choice", by_method(post=pages.choose), name="page_choice"),
    path("page/phases", by_method(post=pages.add_phase), name="phases"),
    path("page/trials", by_method(get=trials.new, post=trials.create), name="trials"),
    path("pages/new", by_method(get=pages.new, post=pages.create), name="page_new"),
    path("subscribers", by_method(get=subscribers.index, post=subscribers.create), name="subscribers"),
    path("subscribers/new", by_method(get=subscribers.new), name="subscriber_new"),
    path("subscribers/export", by_method(post=lists.export), name="subscribers_export"),
    path("subscribers/import", by_method(get=lists.new, post=lists.create), name="import_new"),
    path(_IMPORT, by_method(get=lists.show, post=lists.update), name="import"),
    path(f"{_IMPORT}/run", by_method(post=lists.run), name="import_run"),
    path(f"{_IMPORT}/removal", by_method(post=lists.destroy), name="import_remove"),
    path(_SUBSCRIBER, by_method(get=subscriber.show), name="subscriber"),
    path(f"{_SUBSCRIBER}/reminder", by_method(post=subscriber.remind), name="subscriber_remind"),
    path(f"{_SUBSCRIBER}/pause", by_method(post=subscriber.pause), name="subscriber_pause"),
    path(f"{_SUBSCRIBER}/resumption", by_method(post=subscriber.resume), name="subscriber_resume"),
    path(f"{_SUBSCRIBER}/reactivation", by_method(post=subscriber.reactivate), name="subscriber_reactivate"),
    path(f"{_SUBSCRIBER}/rule", by_method(post=subscriber.set_leaving), name="subscriber_rule"),
    path(f"{_SUBSCRIBER}/removal", by_method(get=subscriber.remove, post=subscriber.destroy), name="subscriber_remove"),
    path(f"{_SUBSCRIBER}/erasure", by_method(get=subscriber.forget, post=subscriber.erase), name="subscriber_erase"),
    path("deliveries", by_method(get=deliveries.index), name="deliveries"),
    path(_CHANNEL, by_method(get=deliveries.show), name="delivery_channel"),
    path(f"{_CHANNEL}/pause", by_method(post=deliveries.pause), name="channel_pause"),
    path(f"{_CHANNEL}/resumption", by_method(post=deliveries.resume), name="channel_resume"),
    path(f"{_CHANNEL}/retry", by_method(post=deliveries.retry), name="channel_retry"),
    path("deliveries/<int:number>/replay", by_method(post=replays.create), name="delivery_replay"),
    path("outbox", by_method(get=outbox.index), name="outbox"),
    path("outbox/<int:number>", by_method(get=outbox.show), name="letter"),
    path("outbox/<int:number>/html", by_method(get=outbox.html), name="letter_html"),
    path("history", by_method(get=history.index), name="history"),
]
