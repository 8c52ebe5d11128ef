"""Letters: mails to one person that neither an event nor a request is behind."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from incidents.lib.site import page_address
from incidents.lib.stamps import stamp
from incidents.notifications.mail.rendering import Rendered, render
from incidents.notifications.models import Delivery, MailKind
from incidents.subscriptions.links import manage_path
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import Page

FOLDER = "letter"
"""Of the templates: all letters look the same."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says: a subject, sentences, and where to go."""

    subject: str
    sentences: tuple[str, ...]
    button: str = ""
    url: str = ""


def render_letter(delivery: Delivery, *, language: str) -> Rendered | None:
    """Return the letter of a delivery in `language`, which is active; None where it is no letter."""
    letter = _letter(delivery)
    if letter is None:
        return None
    page = delivery.page
    context = {
        "letter": letter,
        "language": language,
        "page_name": page.name,
        "page_address": page_address(page.host),
        "preheader": letter.sentences[0],
    }
    return render(FOLDER, context, title=letter.subject)


def _letter(delivery: Delivery) -> Letter | None:
    subscriber = delivery.subscriber
    if delivery.kind == MailKind.ALARM:
        return _alarm(delivery)
    if subscriber is None:
        return None
    if delivery.kind == MailKind.PROBE:
        return _probe(delivery.page, subscriber)
    if delivery.kind in {MailKind.ENDPOINT_FAILING, MailKind.ENDPOINT_OFF}:
        return _endpoint(delivery.page, subscriber, is_off=delivery.kind == MailKind.ENDPOINT_OFF)
    return None


def _alarm(delivery: Delivery) -> Letter | None:
    alarm = delivery.alarm
    if alarm is None:
        return None
    words = {"moment": _moment(alarm.raised_at)}
    sentences = [alarm.sentence, alarm.fix, _("Noticed on %(moment)s.") % words]
    if alarm.over_at is not None:
        # The mail may have waited for what it is about: a relay that took nothing.
        sentences.append(_("It has been over since %(moment)s.") % {"moment": _moment(alarm.over_at)})
    url = f"{settings.SITE_URL}{alarm.path}" if alarm.path else ""
    return Letter(alarm.sentence, tuple(part for part in sentences if part), _("Look at it") if url else "", url)


def _probe(page: Page, subscriber: Subscriber) -> Letter:
    words = {"page": page.name, "address": subscriber.shown_address}
    return Letter(
        _("Does %(page)s status still reach you?") % words,
        (
            _("On many days lately the mailbox %(address)s took no mail from %(page)s status.") % words,
            _("This mail finds out whether it works again. If you read it, it does: nothing has to be done."),
            _("If it comes back as well, we stop writing to this address."),
        ),
        _("Your subscription"),
        _manage_url(page, subscriber),
    )


def _endpoint(page: Page, subscriber: Subscriber, *, is_off: bool) -> Letter:
    # Only our own sentence: the words of the other side would tell a stranger what answers inside a network.
    reason = subscriber.disabled_reason.partition(": ")[0]
    words = {"page": page.name, "address": subscriber.address, "reason": reason}
    if is_off:
        subject = _("Your %(page)s status endpoint was switched off")
        sentences = [
            _("%(address)s takes no messages any more, so %(page)s status has stopped sending to it."),
            _("The reason: %(reason)s.") if reason else "",
            _("When it works again, open your subscription and subscribe anew."),
        ]
    else:
        subject = _("Your %(page)s status endpoint fails")
        sentences = [
            _("%(address)s has not taken messages of %(page)s status for more than half an hour."),
            _("It is tried for a day in all, less and less often; then it is switched off."),
        ]
    return Letter(
        subject % words,
        tuple(sentence % words for sentence in sentences if sentence),
        _("Your subscription"),
        _manage_url(page, subscriber),
    )


def _manage_url(page: Page, subscriber: Subscriber) -> str:
    return page_address(page.host) + manage_path(subscriber)


def _moment(at: datetime) -> str:
    """Return a moment in UTC: staff sit anywhere."""
    return stamp(at, ZoneInfo("UTC"))
