"""Coming in and going out."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.cache import patch_cache_control

from incidents.console.access import CHOSEN_PAGE
from incidents.console.answers import UNPROCESSABLE
from incidents.console.forms.sign_in import SignInForm
from incidents.console.kept import FIELD, SESSION_KEY, carry_text, unsealed
from incidents.console.routing import wanted_screen
from incidents.timeline.models import Page


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
        return wanted_screen(asked.POST.get("next", asked.GET.get("next", "")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Carry the text along through a mistyped password."""
        kept = self.request.POST.get(FIELD, "")
        return super().get_context_data(kept=kept, single_sign_on=settings.SINGLE_SIGN_ON, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Ask for the second factor where there is one, then go where the person wanted.

        What they were writing when their session ended waits in the session meanwhile.
        """
        wanted = reverse("console:again") if carry_text(self.request) else self.get_success_url()
        login = Login(user=form.get_user(), redirect_url=wanted)
        response: HttpResponse = perform_password_login(self.request, {}, login)
        return response


class SignOut(LogoutView):
    """The way out, by POST only."""

    next_page = "console:sign_in"


def again(request: HttpRequest) -> HttpResponse:
    """Show the form that was sent without a session, with its text; nothing of it is acted on.

    The view the form was sent to shows it: `attempt` does not act on kept fields, and the view lets in staff only.
    """
    kept = unsealed(request.session.get(SESSION_KEY, ""))
    if kept is None:
        return redirect("console:now")
    found = resolve(kept.path)
    _work_on_its_page(request, str(found.kwargs.get("code", "")))
    messages.warning(request, "You are signed in again. Nothing was sent yet: check your text, then send it.")
    request.method = "POST"
    request.resolver_match = found
    request.POST = kept.fields  # type: ignore[assignment]
    response: HttpResponse = found.func(request, **found.kwargs)
    if response.status_code == UNPROCESSABLE:
        response.status_code = 200
    return response


def _work_on_its_page(request: HttpRequest, code: str) -> None:
    """Choose the page of the incident the text is about; the choice went with the old session."""
    page = Page.objects.filter(incidents__code=code).first()
    if page is not None:
        request.session[CHOSEN_PAGE] = page.code
