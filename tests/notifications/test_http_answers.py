"""Answers over HTTP, to whose fault they are."""

from datetime import timedelta

import pytest

from incidents.notifications.channels.contract import Fault
from incidents.notifications.channels.http_answers import HttpAnswer, endpoint_failure, provider_failure
from tests.build import NOON

R_PERM, R_TEMP = Fault.RECIPIENT_PERMANENT, Fault.RECIPIENT_TEMPORARY
SENDER, QUOTA, C, DOWN = Fault.SENDER, Fault.QUOTA, Fault.CONTENT, Fault.CONNECTION


@pytest.mark.parametrize(
    ("status", "text", "fault"),
    [
        (402, "Sending to at least one recipient failed", R_PERM),
        (402, "Message failed: 552 5.7.0 This message was blocked because its content presents", C),
        (402, "550 5.1.1 The email account that you tried to reach does not exist", R_PERM),
        (402, "550 5.7.26 unauthenticated", SENDER),
        (402, "Payment required: your plan has expired", SENDER),
        (402, "", SENDER),
        (429, "Account over quota", QUOTA),
        (429, "", QUOTA),
        (400, "Sending with a different From than the grant is not allowed", SENDER),
        (400, "The from address does not match a verified Sender Identity", SENDER),
        (400, "Daily sending limit reached", QUOTA),
        (401, "Invalid API key", SENDER),
        (403, "Forbidden", SENDER),
        (404, "No such domain", SENDER),
        (413, "", C),
        (422, "InactiveRecipient: You tried to send to a recipient that has been marked as inactive", R_PERM),
        (400, "The 'To' number +1555 is not a valid phone number", R_PERM),
        (400, "Body is malformed", C),
        (400, "Failed to parse JSON", C),
        (422, "The 'From' address you supplied is not a Sender Signature. Please add it to be able to use it", SENDER),
        (422, "While your account is pending approval, all 'To' addresses must share the domain of 'From'", SENDER),
        (422, "The from.email domain must be verified in your account to send emails. #MS42207", SENDER),
        (422, "Invalid `from` field. The email address needs to follow the `email@example.com` format.", SENDER),
        (400, "Your account is not yet activated. Please contact us to activate it", SENDER),
        (400, "You are not authorized to perform this action", SENDER),
        (400, "Add the address to authorized recipients in Account Settings", SENDER),
        (400, "to parameter is not a valid address. please check documentation", R_PERM),
        (400, "email is not valid in to", R_PERM),
        (400, '{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email"}', R_PERM),
        (422, "Error parsing 'To': Illegal email domain 'nowhere' in address", R_PERM),
        (500, "", DOWN),
        (503, "Service unavailable", DOWN),
        (301, "", SENDER),
    ],
)
def test_each_answer_of_a_provider_has_a_fault(status: int, text: str, fault: Fault) -> None:
    assert provider_failure(HttpAnswer(status, text, NOON)).fault == fault


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (410, R_PERM),
        (404, R_TEMP),
        (401, R_TEMP),
        (500, R_TEMP),
        (301, R_TEMP),
        (308, R_TEMP),
        (429, QUOTA),
        (502, QUOTA),
        (504, QUOTA),
    ],
)
def test_each_answer_of_an_endpoint_has_a_fault(status: int, fault: Fault) -> None:
    assert endpoint_failure(HttpAnswer(status, "", NOON)).fault == fault


def test_an_endpoint_that_is_gone_ends_at_once() -> None:
    assert endpoint_failure(HttpAnswer(410, "", NOON)).is_unknown


def test_what_was_said_is_kept_on_one_line_and_short() -> None:
    sentence = endpoint_failure(HttpAnswer(500, "<html>\n" + "oh " * 500, NOON)).sentence
    assert sentence.startswith(
        "The endpoint does not take messages right now: HTTP 500 Internal Server Error “<html> oh"
    )
    assert len(sentence) < 420


def test_a_redirect_says_what_to_do() -> None:
    assert "enter the new address" in endpoint_failure(HttpAnswer(308, "", NOON)).sentence


def test_a_different_from_says_what_to_change() -> None:
    assert "set it to an address of the account" in provider_failure(HttpAnswer(400, "different From", NOON)).sentence


def test_a_fault_of_the_provider_is_its_own_whatever_it_says() -> None:
    assert provider_failure(HttpAnswer(500, "SendingPausedException", NOON)).fault == DOWN


def test_a_wait_is_read_from_header_and_words() -> None:
    assert endpoint_failure(HttpAnswer(429, "", NOON, {"Retry-After": "120"})).retry_after == timedelta(seconds=120)
    assert provider_failure(HttpAnswer(429, '{"retry_after": 3}', NOON)).retry_after == timedelta(seconds=3)
