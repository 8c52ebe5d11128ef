"""What the screen of a postmortem shows, whichever view answers with it."""

from typing import Any

from incidents.console.audience import audience
from incidents.console.forms.postmortem import ActionForm, PostmortemForm, PublicationForm
from incidents.console.loading import postmortem_of
from incidents.console.preview import preview_of_text
from incidents.lib.clock import now
from incidents.timeline.models import Incident

SHOW = "console/postmortems/show.html"
NEW_ACTION = "new_%s"
"""Ids of the fields for an action item, apart from those of the text."""


def postmortem_screen(
    incident: Incident, form: PostmortemForm, *, action_form: ActionForm | None = None
) -> dict[str, Any]:
    """Return the draft in `form`, its preview, the action items, and the fields for one more."""
    begun = postmortem_of(incident)
    one_more = action_form or ActionForm(initial={"is_public": True}, auto_id=NEW_ACTION)
    one_more.belong_to("write")
    return {
        "now": now(),
        "incident": incident,
        "postmortem": begun,
        "form": form,
        "publication": PublicationForm(initial={"notify": True}),
        "preview": preview_of_text(str(form["draft"].value() or "")),
        "audience": audience(incident.page, incident=incident),
        "actions": list(begun.actions.all()) if begun else [],
        "action_form": one_more,
    }
