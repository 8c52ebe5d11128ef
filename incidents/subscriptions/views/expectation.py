"""How many messages a selection would have brought: a line of the form, and by itself for script."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from incidents.lib.clock import now
from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.expectation import expected, sentence
from incidents.subscriptions.forms.scope import INCIDENT, ScopeForm, as_initial
from incidents.subscriptions.forms.subscribe import SubscribeForm
from incidents.subscriptions.refusals import NothingChosen
from incidents.subscriptions.views.pages import form_page, incident_named
from incidents.timeline.models import Page
from incidents.timeline.refusals import Refused


@form_page
def subscribe_expectation(request: HttpRequest, page: Page) -> HttpResponse:
    """Return the sentence for the selection in the query, as plain text; nothing for one that cannot be had."""
    incident = incident_named(page, request.GET.get("incident", ""))
    form = SubscribeForm(page=page, incident=incident, initial=as_initial(request.GET))
    # "Only the incidents below" of a subscription: they are told as long as they last.
    is_unknown = form.what_chosen == INCIDENT and incident is None
    words = "" if is_unknown else expectation_of(form, channel=form.chosen_channel, at=now())
    return HttpResponse(words, "text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def expectation_of(form: ScopeForm, *, channel: str, at: datetime) -> str:
    """Return the line for what stands on a form: how much it would have brought, or what is missing to say so.

    A component that is not public is as unknown here as one that never was.
    """
    try:
        wish = form.wish()
    except NothingChosen:
        return gettext("Choose something to see how often you would hear of it.")
    except Refused:
        return ""
    if wish is None:
        return ""
    known = channel if channel in ChannelKind.values else ChannelKind.EMAIL
    return sentence(expected(form.page, wish, channel=known, at=at), channel=known)
