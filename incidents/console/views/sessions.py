"""Coming in and going out."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import LoginView, LogoutView
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from incidents.console.answers import UNPROCESSABLE
from incidents.console.forms.sign_in import SignInForm


class SignIn(LoginView):
    """The door; afterwards only screens of the console are opened by `next`."""

    authentication_form = SignInForm
    template_name = "registration/sign_in.html"
    next_page = "console:now"
    redirect_authenticated_user = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer so that nothing of it is stored."""
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response  # type: ignore[return-value]

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show the form again, with a status that says so."""
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Return `next` where it leads to a screen of the console, else nothing."""
        asked = request or self.request
        wanted = asked.POST.get("next", asked.GET.get("next", ""))
        return wanted if _is_own_screen(wanted) else ""


class SignOut(LogoutView):
    """The way out, by POST only."""

    next_page = "console:sign_in"


def _is_own_screen(address: str) -> bool:
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return False
    try:
        return resolve(urlsplit(address).path).namespace == "console"
    except (Resolver404, ValueError):
        return False
