"""A trial mail: sent over the way the settings name, and told with the other side's exact words."""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from incidents.lib.codes import new_code
from incidents.lib.site import page_address
from incidents.notifications.channels.contract import Message, SendFailure
from incidents.notifications.delivering import channel_from_settings
from incidents.notifications.mail.identity import mail_domain
from incidents.notifications.mail.message import Envelope, MessageTemplate
from incidents.notifications.mail.rendering import Rendered
from incidents.notifications.mail.return_path import return_address
from incidents.timeline.models import Page


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: `words` are the other side's own, with what to change where it refused."""

    was_taken: bool
    words: str


def send_trial(*, address: str, page: Page | None, at: datetime) -> Trial:
    """Send one mail to a cleaned address, now and past all queues."""
    name = page.name if page else "Your"
    place = page_address(page.host if page else "")
    context = {"language": "en", "page_name": name, "page_address": place, "title": f"Trial mail from {name} status"}
    rendered = Rendered(
        subject=str(context["title"]),
        text=render_to_string("email/trial/body.txt", context),
        html=render_to_string("email/trial/body.html", context | {"preheader": "It arrived."}),
    )
    template = MessageTemplate.make(rendered, page_name=name, at=at)
    content = template.fill(Envelope(f"trial.{new_code()}@{mail_domain()}", address))
    try:
        with channel_from_settings() as channel:
            return Trial(was_taken=True, words=channel.send(Message("trial", return_address(0), address, content)))
    except SendFailure as failure:
        return Trial(was_taken=False, words=failure.sentence)
