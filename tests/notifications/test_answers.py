"""Answers of relays, to whose fault they are: the words of providers as they are seen in logs."""

from datetime import timedelta

import pytest

from incidents.notifications.channels.answers import CONTENT, ENVELOPE, RECIPIENT, Answer, failure_of
from incidents.notifications.channels.contract import Fault, PermanentFailure, TemporaryFailure

R_PERM, R_TEMP = Fault.RECIPIENT_PERMANENT, Fault.RECIPIENT_TEMPORARY
SENDER, QUOTA, C, U = Fault.SENDER, Fault.QUOTA, Fault.CONTENT, Fault.UNSUPPORTED

TABLE = [
    # The codes of the classes
    (550, "5.1.1 User unknown", RECIPIENT, R_PERM),
    (553, "5.1.3 Bad address syntax", RECIPIENT, R_PERM),
    (553, "5.1.2 We weren't able to find the recipient domain", RECIPIENT, R_PERM),
    (550, "5.1.6 Mailbox has moved", RECIPIENT, R_PERM),
    (550, "5.1.10 Null MX", RECIPIENT, R_PERM),
    (550, "5.2.1 Mailbox disabled", RECIPIENT, R_PERM),
    (450, "4.2.1 Try later", RECIPIENT, R_TEMP),
    (452, "4.2.2 Mailbox full", RECIPIENT, R_TEMP),
    (552, "5.2.2 Mailbox full", RECIPIENT, R_TEMP),
    (451, "4.4.1 No answer from host", RECIPIENT, R_TEMP),
    (451, "4.7.1 Greylisted, come back", RECIPIENT, R_TEMP),
    (530, "5.7.0 Authentication required", ENVELOPE, SENDER),
    (535, "5.7.8 Bad credentials", ENVELOPE, SENDER),
    (550, "5.7.26 Unauthenticated mail", CONTENT, SENDER),
    (550, "5.7.60 From differs from authenticated", RECIPIENT, SENDER),
    (553, "5.7.1 Sender address not owned by user", RECIPIENT, SENDER),
    (501, "5.1.8 Bad sender domain", ENVELOPE, SENDER),
    (421, "4.7.0 Too many connections", ENVELOPE, QUOTA),
    (421, "4.7.28 Rate", ENVELOPE, QUOTA),
    (450, "You are sending too fast", RECIPIENT, QUOTA),
    (452, "4.5.3 Too many recipients", RECIPIENT, QUOTA),
    (452, "4.3.1 Insufficient system storage", ENVELOPE, QUOTA),
    (451, "4.3.0 Temporary trouble", RECIPIENT, QUOTA),
    (454, "4.7.0 Temporary authentication failure", ENVELOPE, QUOTA),
    (552, "5.3.4 Message too big", CONTENT, C),
    (552, "5.7.0 Blocked for its content", CONTENT, C),
    (554, "5.7.0 Message rejected", CONTENT, C),
    (500, "Line too long", CONTENT, C),
    (500, "5.5.2 Error: line too long", CONTENT, C),
    (550, "5.6.7 SMTPUTF8 needed", RECIPIENT, U),
    # Nothing but a code
    (550, "No such mailbox", RECIPIENT, R_PERM),
    (550, "", RECIPIENT, R_PERM),
    (450, "", RECIPIENT, R_TEMP),
    (421, "", RECIPIENT, QUOTA),
    (550, "", ENVELOPE, SENDER),
    (554, "", CONTENT, C),
    (451, "", ENVELOPE, QUOTA),
    (554, "Relay access denied", RECIPIENT, SENDER),
    (550, "SPF check failed", RECIPIENT, SENDER),
    (554, "Looks like junk", CONTENT, C),
    # Gmail
    (
        550,
        "550-5.1.1 The account that you tried to reach does not exist. Please try\n550 5.1.1 double-checking - gsmtp",
        RECIPIENT,
        R_PERM,
    ),
    (552, "5.2.2 The email account that you tried to reach is over quota. - gsmtp", RECIPIENT, R_TEMP),
    (450, "4.2.1 The user you are trying to contact is receiving mail at a rate that", RECIPIENT, R_TEMP),
    (550, "5.4.5 Daily user sending limit exceeded. - gsmtp", CONTENT, QUOTA),
    (421, "4.7.28 Our system has detected an unusual rate of unsolicited mail", CONTENT, QUOTA),
    (550, "5.7.28 There is an unusual rate of unsolicited mail originating from your IP", CONTENT, QUOTA),
    (
        550,
        "5.7.26 This mail has been blocked because the sender is unauthenticated. SPF [x] did not pass",
        CONTENT,
        SENDER,
    ),
    (550, "5.7.25 The IP address sending this message does not have a PTR record setup", CONTENT, SENDER),
    (550, "5.7.1 [192.0.2.1] Our system has detected that this message is likely unsolicited mail", CONTENT, SENDER),
    (552, "5.7.0 This message was blocked because its content presents a potential security issue", CONTENT, C),
    (535, "5.7.8 Username and Password not accepted. For more information, go to", ENVELOPE, SENDER),
    (534, "5.7.9 Application-specific password required.", ENVELOPE, SENDER),
    (550, "5.7.0 Mail relay denied", RECIPIENT, SENDER),
    # Outlook, Exchange
    (550, "5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", RECIPIENT, R_PERM),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", RECIPIENT, R_PERM),
    (550, "5.4.1 Recipient address rejected: Access denied. AS(201806281)", RECIPIENT, R_PERM),
    (550, "5.4.310 DNS domain nowhere.example does not exist", RECIPIENT, R_PERM),
    (554, "5.2.2 mailbox full; STOREDRV.Deliver", CONTENT, R_TEMP),
    (432, "4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending", CONTENT, QUOTA),
    (451, "4.7.500 Server busy. Please try again later from [192.0.2.1]", RECIPIENT, QUOTA),
    (
        451,
        "4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation",
        ENVELOPE,
        QUOTA,
    ),
    (550, "5.7.60 SMTP; Client does not have permissions to send as this sender", CONTENT, SENDER),
    (554, "5.2.252 SendAsDenied; status@example.com not allowed to send as boss@example.com", CONTENT, SENDER),
    (552, "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied", CONTENT, SENDER),
    (
        550,
        "5.7.515 Access denied, sending domain example.com does not meet the required authentication level",
        CONTENT,
        SENDER,
    ),
    (
        550,
        "5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Contact your provider (S3140).",
        ENVELOPE,
        SENDER,
    ),
    (550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", RECIPIENT, SENDER),
    (550, "5.7.57 Client not authenticated to send mail", ENVELOPE, SENDER),
    (550, "5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient", CONTENT, C),
    # Yahoo
    (554, "delivery error: dd This user doesn't have a yahoo.com account (x@yahoo.com) [0]", CONTENT, R_PERM),
    (552, "1 Requested mail action aborted, mailbox not found", CONTENT, R_PERM),
    (421, "4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume", ENVELOPE, QUOTA),
    (
        553,
        "5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus",
        ENVELOPE,
        SENDER,
    ),
    (554, "5.7.9 Message not accepted for policy reasons.", CONTENT, SENDER),
    # Postfix
    (
        550,
        "5.1.1 <x@example.com>: Recipient address rejected: User unknown in local recipient table",
        RECIPIENT,
        R_PERM,
    ),
    (450, "4.1.1 <x@example.com>: Recipient address rejected: unverified address", RECIPIENT, R_TEMP),
    (450, "4.2.0 <x@example.com>: Recipient address rejected: Greylisted, see postgrey", RECIPIENT, R_TEMP),
    (553, "5.7.1 <a@example.com>: Sender address rejected: not owned by user b@example.com", RECIPIENT, SENDER),
    (554, "5.7.1 <x@example.com>: Relay access denied", RECIPIENT, SENDER),
    (450, "4.1.8 <a@nowhere.example>: Sender address rejected: Domain not found", RECIPIENT, SENDER),
    (450, "4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]", RECIPIENT, SENDER),
    (504, "5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname", RECIPIENT, SENDER),
    (530, "5.7.0 Must issue a STARTTLS command first", ENVELOPE, SENDER),
    (421, "4.7.0 mx.example.com Error: too many errors", RECIPIENT, QUOTA),
    # Exim
    (550, "Unrouteable address", RECIPIENT, R_PERM),
    (550, "Unknown user", RECIPIENT, R_PERM),
    (550, "relay not permitted", RECIPIENT, SENDER),
    (550, "Sender verify failed", RECIPIENT, SENDER),
    (550, "Administrative prohibition", RECIPIENT, SENDER),
    (552, "message size exceeds maximum permitted", CONTENT, C),
    (550, "maximum allowed line length is 998 octets, got 1200", CONTENT, C),
    # Amazon SES
    (
        554,
        "Message rejected: Email address is not verified. These identities failed the check in region US-EAST-1",
        CONTENT,
        SENDER,
    ),
    (454, "Throttling failure: Maximum sending rate exceeded.", CONTENT, QUOTA),
    (454, "Throttling failure: Daily message quota exceeded.", CONTENT, QUOTA),
    # The other From of mail APIs
    (550, "Sending with a different From than the authenticated address is not allowed", CONTENT, SENDER),
]


@pytest.mark.parametrize(("code", "text", "step", "fault"), TABLE)
def test_each_answer_has_a_fault(code: int, text: str, step: str, fault: Fault) -> None:
    assert failure_of(Answer(code, text, step)).fault == fault


@pytest.mark.parametrize(("code", "text", "step", "fault"), TABLE)
def test_only_what_is_the_recipient_s_fault_or_the_message_s_is_final(
    code: int, text: str, step: str, fault: Fault
) -> None:
    failure = failure_of(Answer(code, text, step))
    assert isinstance(failure, PermanentFailure) == (fault in {R_PERM, C, U})
    assert isinstance(failure, TemporaryFailure) == (fault not in {R_PERM, C, U})


def test_the_relay_s_own_words_are_kept() -> None:
    failure = failure_of(Answer(550, "5.1.1  User\n unknown", RECIPIENT))
    assert failure.sentence == "The mailbox does not exist or takes no mail: 550 5.1.1 User unknown"


def test_words_that_no_database_keeps_are_taken_out_of_them() -> None:
    assert failure_of(Answer(550, "5.1.1 No\0 such\ud800 user", RECIPIENT)).sentence.endswith(
        ": 550 5.1.1 No such user"
    )


def test_an_answer_of_several_lines_is_read_as_one_sentence() -> None:
    failure = failure_of(Answer(550, "550-5.1.1 Does not exist.\n550 5.1.1 Check for typos.", RECIPIENT))
    assert failure.sentence.endswith(": 550 5.1.1 Does not exist. Check for typos.")


@pytest.mark.parametrize(
    ("code", "text", "fix"),
    [
        (550, "5.7.60 From differs from authenticated", "set MAIL_FROM to an address"),
        (550, "5.7.26 Unauthenticated mail", "SPF record"),
        (535, "5.7.8 Bad credentials", "correct them in EMAIL_URL"),
        (530, "5.7.0 Must issue a STARTTLS command first", "use smtp+tls://"),
        (554, "5.7.1 <x@example.com>: Relay access denied", "sign in to it"),
        (553, "5.7.1 [BL21] Connections will not be accepted, Spamhaus", "taken off"),
        (454, "Throttling failure: Daily message quota exceeded.", "limit of mails is used up"),
        (552, "5.3.4 Message too big", "too large"),
    ],
)
def test_the_sentence_says_what_to_change(code: int, text: str, fix: str) -> None:
    assert fix in failure_of(Answer(code, text, ENVELOPE)).sentence


@pytest.mark.parametrize(
    ("text", "is_unknown"),
    [("5.1.1 User unknown", True), ("5.2.1 Mailbox disabled", False), ("5.1.6 Moved", False), ("No such user", True)],
)
def test_an_unknown_user_is_told_from_a_mailbox_that_is_shut(text: str, is_unknown: bool) -> None:
    assert failure_of(Answer(550, text, RECIPIENT)).is_unknown is is_unknown


def test_a_wait_the_relay_asks_for_is_passed_on() -> None:
    failure = failure_of(Answer(451, "4.7.1 Greylisted, please try again in 300 seconds", RECIPIENT))
    assert failure.retry_after == timedelta(seconds=300)
