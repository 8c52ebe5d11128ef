"""At the door: does the role of who asks allow this act here, and are the components it names theirs?"""

import time
from collections.abc import Iterator
from itertools import chain

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from incidents.console.drafting import concerned, named_in
from incidents.console.duties import DUTIES, About, Duty, Right
from incidents.lib.codes import may_be_code
from incidents.staff.standing import Standing
from incidents.timeline.models import Affected, Component, Draft, HeldPost, Page


def admit(request: HttpRequest, page: Page, standing: Standing) -> frozenset[str] | None:
    """Return the codes of the components that forms may offer, None for every one.

    Raises PermissionDenied where the role or the limit of the membership does not allow the act, or the address has no
    duty at all; Http404 where it names a component that is not theirs.
    """
    right = right_at(request)
    if right is None or not standing.role.covers(right.least):
        raise PermissionDenied
    if standing.components is None or right.about == About.NOTHING:
        return None
    if right.about == About.PAGE:
        raise PermissionDenied
    if not standing.reaches(_components_named(request, page)):
        raise Http404
    return standing.components


def is_to_prove_again(request: HttpRequest) -> bool:
    """Say whether the address asks for the password again: the last proof of this session is too old."""
    duty = _duty_at(request)
    if duty is None or not duty.asks_again:
        return False
    proofs = [float(one["at"]) for one in get_authentication_records(request, request.user)]
    is_fresh = bool(proofs) and time.time() - proofs[-1] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return not is_fresh and bool(get_reauthentication_flows(request.user))


def right_at(request: HttpRequest) -> Right | None:
    """Return what the address and method of a request take; None where they are for nobody."""
    duty = _duty_at(request)
    return duty.right(request.method) if duty else None


def _duty_at(request: HttpRequest) -> Duty | None:
    found = request.resolver_match
    return DUTIES.get(str(found.url_name)) if found else None


def _components_named(request: HttpRequest, page: Page) -> set[str]:
    """Return the codes of components on `page` that the address, its incident, its draft or the form names."""
    code = str(request.resolver_match.kwargs.get("code", "")) if request.resolver_match else ""
    # What is taken back goes to the draft that the form names, and that of an update has the code of its incident.
    codes = {code, *filter(may_be_code, request.POST.getlist("draft"))}
    of_incidents = Affected.objects.filter(incident__code__in=codes, incident__page=page)
    named = {
        code,
        *of_incidents.values_list("component__code", flat=True),
        *named_in(dict(request.POST.lists())),
        *chain.from_iterable(map(concerned, Draft.objects.filter(page=page, code__in=codes))),
        *_held(request, page),
    }
    return set(Component.objects.on(page).filter(code__in=named).values_list("code", flat=True))


def _held(request: HttpRequest, page: Page) -> Iterator[str]:
    """Yield the components of the held post that the address names."""
    found = request.resolver_match
    if found is None or not str(found.url_name).startswith("held"):
        return
    for post in HeldPost.objects.filter(page=page, pk=int(found.kwargs.get("number", 0))):
        yield from post.concerned()
