"""Where mail systems and providers hand bounces over. Without a secret the addresses are not there."""

import logging
from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from incidents.lib.clock import now
from incidents.lib.numbers import whole_number
from incidents.notifications.bounces.freshness import is_stale
from incidents.notifications.bounces.reports import READ_LIMIT
from incidents.notifications.bounces.taking import take_mail
from incidents.notifications.models import Taken

BODY_LIMIT = 25 * 1024 * 1024
"""Octets a message may have at all; of a smaller one everything beyond READ_LIMIT is passed over."""

_CHUNK = 64 * 1024

_UNREADABLE = (KeyError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError)
_ITS_PACKAGES = ("anymail.", "botocore.")
"""Packages of the extra whose own errors mean the same; they are known by name, because they need not be there."""

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def returned_message(request: HttpRequest) -> HttpResponse:
    """Take in one returned message as it stands (RFC 5322), e.g. from an alias that pipes into curl.

    `?recipient=` names the address it was sent to. 204 is taken in, whatever it was; 503 asks to
    bring it again in a moment.
    """
    if not settings.BOUNCE_SECRET:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.BOUNCE_SECRET}"):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    if whole_number(request.META.get("CONTENT_LENGTH") or "0", most=BODY_LIMIT) is None:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    raw = _beginning(request)
    if not raw.strip():
        return HttpResponse("The body is to be a message.\n", content_type="text/plain", status=HTTPStatus.BAD_REQUEST)
    taken = take_mail(raw, recipient=request.GET.get("recipient", ""), at=now())
    if taken == Taken.LATER:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "5"})
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def provider_report(request: HttpRequest) -> HttpResponseBase:
    """Take in what the provider reports; anymail checks its secret and signature and reads its language.

    How old a signature is it does not look at. Where it lacks a key or a package, the address is not there.
    """
    if not (settings.MAIL_PROVIDER_WEBHOOK and settings.PROVIDER_WEBHOOK_SECRET):
        raise Http404
    try:
        if settings.MAIL_PROVIDER == "mailgun" and is_stale(request.body, at=now()):
            return _unsigned()
        answer: HttpResponseBase = import_string(settings.MAIL_PROVIDER_WEBHOOK).as_view()(request)
    except RequestDataTooBig:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except SuspiciousOperation:
        return _unsigned()
    except ImproperlyConfigured as error:
        log.error("reports of %s cannot be taken in: %s", settings.MAIL_PROVIDER, error)
        raise Http404 from error
    except Exception as error:
        if not (isinstance(error, _UNREADABLE) or type(error).__module__.startswith(_ITS_PACKAGES)):
            raise
        return _no_report(error)
    return answer


def _unsigned() -> HttpResponse:
    return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Basic"})


def _no_report(error: Exception) -> HttpResponse:
    log.warning("a report of %s cannot be read (%r)", settings.MAIL_PROVIDER, error)
    words = f"This is no report of {settings.MAIL_PROVIDER}.\n"
    return HttpResponse(words, content_type="text/plain", status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _beginning(request: HttpRequest) -> bytes:
    """Return the beginning of the body, and read the rest away so that the sender can finish."""
    raw = bytearray()
    for chunk in iter(partial(request.read, _CHUNK), b""):
        raw += chunk[: max(0, READ_LIMIT - len(raw))]
    return bytes(raw)
