"""Returned messages as mail systems write them."""

from tests.build import NOON

SAID_NO = "smtp; 550 5.1.1 <sam@example.com>: no such user here"


def dsn(
    to: str,
    *,
    recipient: str = "sam@example.com",
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = SAID_NO,
    blocks: str = "",
    original: str = "",
) -> bytes:
    """Return a delivery report as Postfix writes it (RFC 3464), with the fields given."""
    fields = {
        "Final-Recipient": f"rfc822; {recipient}" if recipient else "",
        "Original-Recipient": f"rfc822;{original}" if original else "",
        "Action": action,
        "Status": status,
        "Diagnostic-Code": diagnostic,
    }
    block = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return report(to, "delivery-status", f"Reporting-MTA: dns; mail.example.com\n\n{blocks or block}")


def arf(to: str, quoted: str, *, feedback: str = "abuse", fields: str = "") -> bytes:
    """Return a complaint (RFC 5965) about a mail whose header is `quoted`."""
    block = f"Feedback-Type: {feedback}\nUser-Agent: SomeISP/1.0\nVersion: 1\n{fields}"
    return report(to, "feedback-report", block, quoted)


def report(to: str, kind: str, block: str, quoted: str = "Subject: Partial outage\n") -> bytes:
    """Return a multipart/report addressed to `to`."""
    return f"""Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mail.example.com (Mail Delivery System)
Date: {NOON:%a, %d %b %Y %H:%M:%S} +0000
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind};
\tboundary="4F2A.1700/mail.example.com"

This is a MIME-encapsulated message.

--4F2A.1700/mail.example.com
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--4F2A.1700/mail.example.com
Content-Description: Delivery report
Content-Type: message/{kind}

{block}
--4F2A.1700/mail.example.com
Content-Description: Undelivered Message
Content-Type: message/rfc822

{quoted}
The body.

--4F2A.1700/mail.example.com--
""".replace("\n", "\r\n").encode()
