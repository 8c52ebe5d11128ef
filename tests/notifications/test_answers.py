"""Answers of relays, to whose fault they are."""

import pytest

from incidents.notifications.channels.answers import CONTENT, ENVELOPE, RECIPIENT, Answer, failure_of, fault_of
from incidents.notifications.channels.contract import Fault, PermanentFailure, TemporaryFailure

TABLE = [
    (550, "5.1.1 User unknown", RECIPIENT, Fault.RECIPIENT_PERMANENT),
    (553, "5.1.3 Bad address syntax", RECIPIENT, Fault.RECIPIENT_PERMANENT),
    (550, "5.1.10 Null MX", RECIPIENT, Fault.RECIPIENT_PERMANENT),
    (550, "5.2.1 Mailbox disabled", RECIPIENT, Fault.RECIPIENT_PERMANENT),
    (550, "No such mailbox", RECIPIENT, Fault.RECIPIENT_PERMANENT),
    (450, "4.2.1 Try later", RECIPIENT, Fault.RECIPIENT_TEMPORARY),
    (452, "4.2.2 Mailbox full", RECIPIENT, Fault.RECIPIENT_TEMPORARY),
    (552, "5.2.2 Mailbox full", RECIPIENT, Fault.RECIPIENT_TEMPORARY),
    (451, "4.4.1 No answer from host", RECIPIENT, Fault.RECIPIENT_TEMPORARY),
    (451, "4.7.1 Greylisted, come back", RECIPIENT, Fault.RECIPIENT_TEMPORARY),
    (530, "5.7.0 Authentication required", ENVELOPE, Fault.SENDER),
    (535, "5.7.8 Bad credentials", ENVELOPE, Fault.SENDER),
    (550, "5.7.26 Unauthenticated mail", CONTENT, Fault.SENDER),
    (550, "5.7.60 From differs from authenticated", RECIPIENT, Fault.SENDER),
    (553, "5.7.1 Sender address not owned by user", RECIPIENT, Fault.SENDER),
    (554, "Relay access denied", RECIPIENT, Fault.SENDER),
    (550, "SPF check failed", RECIPIENT, Fault.SENDER),
    (501, "5.1.8 Bad sender domain", ENVELOPE, Fault.SENDER),
    (421, "4.7.0 Too many connections", ENVELOPE, Fault.QUOTA),
    (450, "You are sending too fast", RECIPIENT, Fault.QUOTA),
    (452, "4.5.3 Too many recipients", RECIPIENT, Fault.QUOTA),
    (451, "4.3.0 Temporary trouble", RECIPIENT, Fault.QUOTA),
    (454, "4.7.0 Temporary authentication failure", ENVELOPE, Fault.QUOTA),
    (552, "5.3.4 Message too big", CONTENT, Fault.CONTENT),
    (552, "5.7.0 Blocked for its content", CONTENT, Fault.CONTENT),
    (554, "Looks like junk", CONTENT, Fault.CONTENT),
    (550, "5.6.7 SMTPUTF8 needed", RECIPIENT, Fault.UNSUPPORTED),
]


@pytest.mark.parametrize(("code", "text", "step", "fault"), TABLE)
def test_each_answer_has_a_fault(code: int, text: str, step: str, fault: Fault) -> None:
    assert fault_of(Answer(code, text, step)) == fault


def test_the_relay_s_own_words_are_kept() -> None:
    failure = failure_of(Answer(550, "5.1.1  User\n unknown", RECIPIENT))
    assert isinstance(failure, PermanentFailure)
    assert failure.sentence == "The mailbox does not exist or takes no mail: 550 5.1.1 User unknown"


@pytest.mark.parametrize("text", ["5.7.26 Unauthenticated", "4.7.28 Rate limit"])
def test_what_is_not_the_recipient_s_fault_is_never_final(text: str) -> None:
    assert isinstance(failure_of(Answer(550, text, RECIPIENT)), TemporaryFailure)
