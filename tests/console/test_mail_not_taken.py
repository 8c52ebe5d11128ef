"""A mail that leaves while somebody waits, and is not taken: said in words, and what was done stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from incidents.staff.models import Invitation
from incidents.timeline.models import Page
from tests.build import make_staff
from tests.console.filling import send
from tests.servers.finding import free_port
from tests.servers.mail import MailServer
from tests.servers.provider import Provider, running_provider

INVITE, FORGOTTEN, TRIAL = "/console/people/invitations", "/console/account/forgotten", "/console/page/trials"
INACTIVE = "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: "
REFUSALS = [
    (422, {"ErrorCode": 406, "Message": f"{INACTIVE}bea@example.com, ada@example.com. Inactive recipients are ones"}),
    # Said otherwise than django-anymail expects it, which then takes it for sent.
    (422, {"ErrorCode": 406, "Message": f"{INACTIVE}bea@example.com, ada@example.com"}),
    (422, {"ErrorCode": 300, "Message": "Error parsing 'To': Illegal email address 'bea@example.com'."}),
    (401, {"ErrorCode": 10, "Message": "Bad or missing API token"}),
    (500, "<html>Internal error</html>"),
    (200, "<html>captive portal</html>"),
]


@pytest.fixture
def postmark(settings: Any) -> Iterator[Provider]:
    with running_provider() as provider:
        use_provider(settings, POSTMARK_SERVER_TOKEN="very-secret", POSTMARK_API_URL=provider.url)
        yield provider


def use_provider(settings: Any, **given: str) -> None:
    settings.EMAIL_BACKEND = settings.MAIL_PROVIDER_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.MAIL_IS_KEPT, settings.MAIL_PROVIDER = False, "postmark"
    settings.ANYMAIL = {"IGNORE_UNSUPPORTED_FEATURES": True, "REQUESTS_TIMEOUT": 2, **given}


def invited_by_hand(olga: Client) -> str:
    """Ask somebody in; return what the screen says, which offers a link that works."""
    answer = send(olga, INVITE, email="bea@example.com", role="editor")
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "was not taken" in said
    assert "A link goes to" not in said
    assert "very-secret" not in said
    secret = said.split("/console/invitation/")[1].split('"')[0]
    assert Client().get(f"/console/invitation/{secret}").status_code == 200
    assert Invitation.objects.get().accepted_at is None
    return said


def asked_for_a_password() -> None:
    """Ask for a link as somebody and as nobody: the answers are the same."""
    cache.clear()
    known, unknown = (Client().post(FORGOTTEN, {"email": f"{name}@example.com"}) for name in ("ada", "nobody"))
    assert (
        (known.status_code, known["Location"])
        == (unknown.status_code, unknown["Location"])
        == (302, f"{FORGOTTEN}/sent")
    )


@pytest.mark.parametrize(("status", "body"), REFUSALS)
def test_an_invitation_a_provider_refuses_is_handed_over_by_hand(
    page: Page, olga: Client, postmark: Provider, status: int, body: Any
) -> None:
    postmark.answer(status, body)
    invited_by_hand(olga)


def test_the_words_of_a_provider_are_shown(page: Page, olga: Client, postmark: Provider) -> None:
    postmark.answer(401, {"ErrorCode": 10, "Message": "Bad or missing API token"})
    assert "Bad or missing API token" in invited_by_hand(olga)


def test_an_invitation_a_relay_refuses_is_handed_over_by_hand(
    page: Page, olga: Client, use_smtp_server: MailServer
) -> None:
    use_smtp_server.refuse("bea@example.com", "550 5.1.1 no such user")
    assert "550 5.1.1 no such user" in invited_by_hand(olga)


def test_an_invitation_with_no_relay_behind_its_address_is_handed_over_by_hand(
    page: Page, olga: Client, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert "Connection refused" in invited_by_hand(olga)


@pytest.mark.parametrize(("status", "body"), REFUSALS)
def test_a_forgotten_password_says_the_same_while_the_provider_refuses(
    page: Page, postmark: Provider, status: int, body: Any
) -> None:
    make_staff()
    postmark.usual = (status, body, {})
    asked_for_a_password()
    assert len(postmark.requests) == 1


def test_a_forgotten_password_says_the_same_with_no_relay_behind_its_address(page: Page, settings: Any) -> None:
    make_staff()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    asked_for_a_password()


@pytest.mark.parametrize(("status", "body"), REFUSALS)
def test_a_trial_mail_a_provider_refuses_is_told_in_words(
    page: Page, ada: Client, postmark: Provider, status: int, body: Any
) -> None:
    postmark.answer(status, body)
    answer = ada.post(TRIAL, {"address": "bea@example.com"})
    assert answer.status_code == 200
    assert "The mail was not taken" in answer.content.decode()


def test_a_trial_mail_by_a_provider_that_was_given_no_key_is_told_in_words(
    page: Page, ada: Client, settings: Any
) -> None:
    use_provider(settings)
    answer = ada.post(TRIAL, {"address": "bea@example.com"})
    assert answer.status_code == 200
    assert "POSTMARK_SERVER_TOKEN" in answer.content.decode()
