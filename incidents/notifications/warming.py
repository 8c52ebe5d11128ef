"""Warming up: what the first mail of an outage would wait for is read when a worker starts."""

import gc
from functools import cache

from django.template.loader import get_template

from incidents.lib.languages import OFFERED
from incidents.notifications.mail.letters import FOLDER
from incidents.notifications.models import MailKind
from incidents.subscriptions.links import paths_of
from incidents.timeline.own_words import STARTED, in_language

PARTS = ("subject.txt", "body.txt", "body.html")

YOUNG_AT_MOST = 20_000
"""Objects made and not freed between two searches for garbage: a claim alone makes thousands, all of them needed."""


@cache
def warm_up() -> None:
    """Read the addresses, the languages and the templates of mails, once.

    That takes half a second, and on a busy machine longer than a lease: nothing may be leased meanwhile.
    """
    paths_of("", 0)
    for language in OFFERED:
        in_language(STARTED, language)
    for kind in (MailKind.INCIDENT_OPENED, MailKind.INCIDENT_UPDATED, MailKind.INCIDENT_RESOLVED, FOLDER):
        for part in PARTS:
            get_template(f"email/{kind}/{part}")


def spare_what_stays() -> None:
    """Leave out of every search for garbage what lasts as long as the process: a fifth of a worker's time went there.

    For processes that do nothing but tasks.
    """
    gc.freeze()
    gc.set_threshold(YOUNG_AT_MOST, 20, 20)
