"""Reports in the languages of providers, and their signatures."""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SIGNING = "a-signing-key"
_SENDGRIDS_KEY = ec.generate_private_key(ec.SECP256R1())
_SENDGRIDS_PUBLIC_KEY = b64encode(
    _SENDGRIDS_KEY.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
).decode()

ADDRESSES = {
    "mailersend": f"key@?signing_secret={SIGNING}",
    "mailgun": f"key@mg.example.com?webhook_signing_key={SIGNING}",
    "mailjet": "key:secret@",
    "resend": f"key@?signing_secret=whsec_{b64encode(SIGNING.encode()).decode()}",
    "sendgrid": f"key@?tracking_webhook_verification_key={_SENDGRIDS_PUBLIC_KEY.replace('+', '%2B')}",
    "ses": "key:secret@eu-west-1",
}
"""What follows the name of a provider in EMAIL_URL, where a key alone does not do."""


def _of_mailersend(body: bytes) -> dict[str, str]:
    return {"Signature": hmac.new(SIGNING.encode(), body, hashlib.sha256).hexdigest()}


def _of_sendgrid(body: bytes) -> dict[str, str]:
    stamp, name = str(int(time.time())), "X-Twilio-Email-Event-Webhook"
    signature = _SENDGRIDS_KEY.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {f"{name}-Timestamp": stamp, f"{name}-Signature": b64encode(signature).decode()}


def _of_resend(body: bytes) -> dict[str, str]:
    stamp = str(int(time.time()))
    signature = hmac.new(SIGNING.encode(), f"x.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {"svix-id": "x", "svix-timestamp": stamp, "svix-signature": f"v1,{b64encode(signature).decode()}"}


def _of_amazon(body: bytes) -> dict[str, str]:
    return {"x-amz-sns-message-type": "Notification", "x-amz-sns-message-id": "x"}


_SIGNATURES: dict[str, Callable[[bytes], dict[str, str]]] = {
    "mailersend": _of_mailersend,
    "sendgrid": _of_sendgrid,
    "resend": _of_resend,
    "ses": _of_amazon,
}


def signature(name: str, body: bytes) -> dict[str, str]:
    """Return the headers by which a provider vouches for a body; none for those that do not."""
    return _SIGNATURES[name](body) if name in _SIGNATURES else {}


def variations(report: Any, instead: list[Any]) -> Iterator[Any]:
    """Yield the report with each of its parts, and all of it, replaced by each of the values in turn."""
    yield from instead
    parts = report.items() if isinstance(report, dict) else enumerate(report) if isinstance(report, list) else ()
    for name, part in parts:
        for other in variations(part, instead):
            copy = report.copy()
            copy[name] = other
            yield copy


def hard_bounce(name: str, *, mark: str, to: str) -> Any:
    """Return the report that the mailbox `to` does not exist; `mark` is the signed name of the delivery."""
    reports: dict[str, Callable[[str, str], Any]] = {
        "brevo": _brevo,
        "mailersend": _mailersend,
        "mailgun": _mailgun,
        "mailjet": _mailjet,
        "postmark": _postmark,
        "resend": _resend,
        "sendgrid": _sendgrid,
        "ses": _ses,
        "sparkpost": _sparkpost,
    }
    return reports[name](mark, to)


_WORDS = "smtp; 550 5.1.1 No such user"
_SECOND, _INSTANT = 1795262400, "2026-11-22T00:00:00Z"


def _brevo(mark: str, to: str) -> Any:
    custom = json.dumps({"delivery": mark})
    return {"event": "hard_bounce", "email": to, "ts_event": _SECOND, "reason": _WORDS, "X-Mailin-custom": custom}


def _mailersend(mark: str, to: str) -> Any:
    mail = {"message": {"id": "y"}, "recipient": {"email": to}, "tags": [mark]}
    bounce = {"object": "recipient_bounce", "reason": _WORDS}
    data = {"id": "x", "type": "hard_bounced", "morph": bounce, "email": mail}
    return {"type": "activity.hard_bounced", "created_at": _INSTANT, "data": data}


def _mailgun(mark: str, to: str) -> Any:
    stamp, token = str(int(time.time())), "0123"
    vouched = hmac.new(SIGNING.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    event = {
        "event": "failed",
        "severity": "permanent",
        "timestamp": float(_SECOND),
        "recipient": to,
        "delivery-status": {"code": 550, "message": "5.1.1 No such user"},
        "user-variables": {"delivery": mark},
        "message": {"headers": {"message-id": "x"}},
    }
    return {"signature": {"timestamp": stamp, "token": token, "signature": vouched}, "event-data": event}


def _mailjet(mark: str, to: str) -> Any:
    payload = json.dumps({"delivery": mark})
    return {
        "event": "bounce",
        "email": to,
        "time": _SECOND,
        "comment": _WORDS,
        "error": "user unknown",
        "Payload": payload,
    }


def _postmark(mark: str, to: str) -> Any:
    said = {"Email": to, "BouncedAt": _INSTANT, "Details": _WORDS, "MessageID": "x"}
    return {"RecordType": "Bounce", "Type": "HardBounce", "Metadata": {"delivery": mark}, **said}


def _resend(mark: str, to: str) -> Any:
    header = {"name": "X-Metadata", "value": json.dumps({"delivery": mark})}
    bounce = {"message": _WORDS, "type": "Permanent", "subType": "General"}
    data = {"email_id": "x", "to": [to], "headers": [header], "bounce": bounce}
    return {"type": "email.bounced", "created_at": _INSTANT, "data": data}


def _sendgrid(mark: str, to: str) -> Any:
    said = {"email": to, "timestamp": _SECOND, "reason": _WORDS, "sg_event_id": "x", "sg_message_id": "x"}
    return [{"event": "bounce", "delivery": mark, **said}]


def _ses(mark: str, to: str) -> Any:
    header = {"name": "X-Metadata", "value": json.dumps({"delivery": mark})}
    bounced = [{"emailAddress": to, "diagnosticCode": _WORDS}]
    told = {
        "notificationType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": bounced},
        "mail": {"destination": [to], "headers": [header]},
    }
    return {"Type": "Notification", "MessageId": "x", "Timestamp": _INSTANT, "Message": json.dumps(told)}


def _sparkpost(mark: str, to: str) -> Any:
    event = {
        "type": "bounce",
        "rcpt_to": to,
        "timestamp": str(_SECOND),
        "bounce_class": "10",
        "raw_reason": _WORDS,
        "rcpt_meta": {"delivery": mark},
        "message_id": "x",
    }
    return [{"msys": {"message_event": event}}]
