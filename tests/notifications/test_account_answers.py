"""What providers say of the account they send for: our fault and never the recipient's, with what to change.

Only wordings that were found, each with its source above it.
"""

import pytest

from incidents.notifications.channels.answers import CONTENT, ENVELOPE, RECIPIENT, Answer, failure_of
from incidents.notifications.channels.contract import Fault, PermanentFailure
from incidents.notifications.channels.http_answers import HttpAnswer, provider_failure
from tests.build import NOON

SENDER, QUOTA, TOO_LARGE = Fault.SENDER, Fault.QUOTA, Fault.CONTENT

AMAZON_UNVERIFIED = "Email address is not verified. The following identities failed the check in region US-EAST-1:"
MAILGUN_TRIAL = "are for test purposes only. Please add your own domain or add the address to authorized recipients"

OVER_SMTP = [
    # Amazon SES: docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html
    (421, "Too many concurrent SMTP connections", ENVELOPE, QUOTA),
    (451, "Temporary service failure", ENVELOPE, QUOTA),
    (454, "Temporary authentication failure", ENVELOPE, QUOTA),
    (530, "Authentication required", ENVELOPE, SENDER),
    (535, "Authentication Credentials Invalid", ENVELOPE, SENDER),
    (535, "Account not subscribed to SES", ENVELOPE, SENDER),
    (552, "Message is too long.", CONTENT, TOO_LARGE),
    (
        554,
        "Access denied: User arn:aws:iam::1:user/x is not authorized to perform ses:SendRawEmail on resource y",
        CONTENT,
        SENDER,
    ),
    # Mailgun: github.com/zonque/AlRide/issues/7, github.com/Monstarrrr/rebutify/issues/162
    (554, f"Sandbox subdomains {MAILGUN_TRIAL} in domain settings.", RECIPIENT, SENDER),
    (554, f"Sandbox subdomains {MAILGUN_TRIAL} in domain settings.", CONTENT, SENDER),
    (421, "Domain x.mailgun.org is not allowed to send: Please activate your Mailgun account.", CONTENT, SENDER),
    # SendGrid: github.com/sahat/hackathon-starter/issues/1083, github.com/mautic/mautic/issues/8721,
    # github.com/sendgrid/docs/issues/6473 and 3947
    (
        550,
        "The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.",
        CONTENT,
        SENDER,
    ),
    (451, "Authentication failed: Maximum credits exceeded", ENVELOPE, QUOTA),
    (550, "Unauthenticated senders not allowed", RECIPIENT, SENDER),
    (535, "Authentication failed: The provided authorization grant is invalid, expired, or revoked", ENVELOPE, SENDER),
    # SMTP2GO, as seen in github.com/gophish/gophish/issues/1701
    (550, "that IP address is not allowed to send", RECIPIENT, SENDER),
    # Google as a relay: github.com/TreeBASE/treebase/issues/273, github.com/Ombi-app/Ombi/issues/1442,
    # github.com/iredmail/iRedMail/issues/264
    (
        550,
        (
            "550-5.7.1 Invalid credentials for relay [192.0.2.1]. The IP address you've\n550-5.7.1 registered in your"
            " G Suite SMTP Relay service doesn't match domain of\n550 5.7.1 the account this email is being sent from."
        ),
        RECIPIENT,
        SENDER,
    ),
    (
        550,
        "5.7.0 Mail relay denied [192.0.2.1]. Invalid credentials for relay for one of the domains",
        RECIPIENT,
        SENDER,
    ),
    (
        550,
        "5.7.1 [192.0.2.1] The IP you're using to send mail is not authorized to send email directly to our servers.",
        CONTENT,
        SENDER,
    ),
    # Microsoft 365: github.com/simonrob/email-oauth2-proxy/issues/193, github.com/motze92/office365-mail/issues/11,
    # github.com/MicrosoftDocs/OfficeDocs-o365seccomp/issues/643, github.com/dougperkes/Visual-Graph-Explorer/issues/1,
    # learn.microsoft.com/en-us/answers/questions/5835651, learn.microsoft.com/en-us/Exchange/mail-flow-best-practices/
    # continuous-error-throttling-smtp-auth-submissions
    (
        535,
        "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
        ENVELOPE,
        SENDER,
    ),
    (550, "5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.", RECIPIENT, SENDER),
    (550, "5.1.8 Access denied, bad outbound sender", RECIPIENT, SENDER),
    (550, "5.7.501 Access denied, spam abuse detected.", RECIPIENT, SENDER),
    (550, "5.7.501 Access denied, spam abuse detected.", CONTENT, SENDER),
    (
        550,
        (
            "5.7.233 - Your message can't be sent because your tenant has exceeded its daily limit for sending email to"
            " external recipients (tenant external recipient rate limit)."
        ),
        CONTENT,
        QUOTA,
    ),
    (550, "5.2.251 Sender throttled due to continuous mailbox full errors.", RECIPIENT, SENDER),
    (550, "5.2.252 Sender throttled due to continuous send as denied errors.", RECIPIENT, SENDER),
    (550, "5.2.253 Sender throttled due to continuous invalid license errors.", RECIPIENT, SENDER),
    (550, "5.2.254 Sender throttled due to continuous too many recipients errors.", RECIPIENT, QUOTA),
    (550, "5.2.255 Sender throttled due to continuous invalid recipients errors.", RECIPIENT, QUOTA),
]

OVER_HTTP = [
    # Amazon SES: docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html, github.com/pm-pmaas/
    # etailors_amazon_ses/issues/117, github.com/GoodDollar/GoodServer/issues/419, github.com/django-ses/django-ses/
    # issues/283, docs.rs/aws-sdk-sesv2 (the names of SendEmailError)
    (400, f"MessageRejected: {AMAZON_UNVERIFIED} test@example.com", SENDER),
    (400, "MailFromDomainNotVerifiedException: Mail FROM domain is not verified", SENDER),
    (400, "MessageRejected: Account is paused", SENDER),
    (400, "MessageRejected: Sending paused for this account. For more information, please check the inbox", SENDER),
    (400, "SendingPausedException: ", SENDER),
    (400, "AccountSuspendedException: ", SENDER),
    (403, "UnrecognizedClientException: The security token included in the request is invalid.", SENDER),
    (429, "TooManyRequestsException: Maximum sending rate exceeded.", QUOTA),
    (400, "Throttling: Daily message quota exceeded.", QUOTA),
    # Postmark: github.com/interval/server/issues/2, postmarkapp.com/support/article/
    # troubleshooting-422-unprocessable-entity-errors
    (
        422,
        (
            "While your account is pending approval, all recipient addresses must share the same domain as the"
            " 'From' address. The domain of the 'From' address is 'x.com', but you are attempting to send email to the"
            " following domain(s): 'y.com'"
        ),
        SENDER,
    ),
    (422, "Invalid 'From' address: 'sender@example.com' is not a verified sender signature.", SENDER),
    # Mailgun: github.com/LaravelRUS/laravel.ru/issues/74, github.com/theoomoregbee/US-visa-appointment-notifier/
    # issues/5, github.com/mailgun/mailgun-java/issues/50
    (400, f"Sandbox subdomains {MAILGUN_TRIAL} in Account Settings.", SENDER),
    (403, f"Domain x.mailgun.org is not allowed to send: Sandbox subdomains {MAILGUN_TRIAL}.", SENDER),
    (
        420,
        "Domain x is not allowed to send: recipient limit exceeded, try again after Mon, 25 Aug 2025 07:00:31 UTC",
        QUOTA,
    ),
    # SendGrid: github.com/sendgrid/sendgrid-nodejs/issues/1032, 998; github.com/christianblais/triggerify/pull/99
    (401, "Maximum credits exceeded", QUOTA),
    (401, "The provided authorization grant is invalid, expired, or revoked", SENDER),
    (403, "The from address does not match a verified Sender Identity. Mail cannot be sent until", SENDER),
    # Brevo: help.brevo.com/hc/en-us/articles/5740111683858, and the words in several public repositories
    (401, "We have detected you are using an unrecognised IP address 192.0.2.1.", SENDER),
    # Resend: github.com/hsharghi/swift-resend/issues/15, github.com/code-with-antonio/
    # nextjs-next-auth-v5-masterclass/issues/35
    (403, "You can only send testing emails to your own email address (a@b.example).", SENDER),
    (403, "The example.com domain is not verified. Please, add and verify your domain", SENDER),
]


@pytest.mark.parametrize(("code", "text", "step", "fault"), OVER_SMTP)
def test_each_answer_of_a_relay_has_a_fault(code: int, text: str, step: str, fault: Fault) -> None:
    failure = failure_of(Answer(code, text, step))
    assert failure.fault == fault
    assert isinstance(failure, PermanentFailure) == (fault == TOO_LARGE)


@pytest.mark.parametrize(("status", "text", "fault"), OVER_HTTP)
def test_each_answer_of_an_interface_has_a_fault(status: int, text: str, fault: Fault) -> None:
    failure = provider_failure(HttpAnswer(status, text, NOON))
    assert failure.fault == fault
    assert not isinstance(failure, PermanentFailure)


@pytest.mark.parametrize(
    ("code", "text", "fix"),
    [
        (552, "Message is too long.", "too large"),
        (554, "Message rejected: Email address is not verified.", "production access"),
        (554, "Access denied: User x is not authorized to perform ses:SendRawEmail on resource y", "may not send"),
        (554, f"Sandbox subdomains {MAILGUN_TRIAL} in domain settings.", "on trial"),
        (421, "Domain x is not allowed to send: Please activate your Mailgun account.", "stopped the sending"),
        (451, "Authentication failed: Maximum credits exceeded", "limit of mails is used up"),
        (550, "Unauthenticated senders not allowed", "correct them in EMAIL_URL"),
        (550, "that IP address is not allowed to send", "allow the address there"),
        (
            535,
            "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled",
            "switch on authenticated SMTP",
        ),
        (550, "5.1.8 Access denied, bad outbound sender", "stopped the sending"),
        (550, "5.2.253 Sender throttled due to continuous invalid license errors.", "no license"),
    ],
)
def test_a_relay_s_answer_says_what_to_change(code: int, text: str, fix: str) -> None:
    assert fix in failure_of(Answer(code, text, ENVELOPE)).sentence


@pytest.mark.parametrize(
    ("status", "text", "fix"),
    [
        (400, f"MessageRejected: {AMAZON_UNVERIFIED} test@example.com", "production access"),
        (400, "SendingPausedException: ", "stopped the sending"),
        (422, "While your account is pending approval, all recipient addresses must share", "on trial"),
        (401, "Maximum credits exceeded", "limit of mails is used up"),
        (401, "We have detected you are using an unrecognised IP address 192.0.2.1.", "allow the address there"),
        (429, "TooManyRequestsException: Maximum sending rate exceeded.", "slow down"),
    ],
)
def test_an_interface_s_answer_says_what_to_change(status: int, text: str, fix: str) -> None:
    assert fix in provider_failure(HttpAnswer(status, text, NOON)).sentence
