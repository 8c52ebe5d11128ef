"""`python -m tests.servers.identity PORT FOLDER RETURN`: an OpenID Connect provider (django-oauth-toolkit).

A Django project of its own in one file. `RETURN` is where it may lead people back to. While the file `mood` in the
folder names a path and a behaviour, requests below that path meet it: see `Moods`.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import include, path

from tests.servers.identity.people import CLIENT, PASSWORD, PEOPLE, SECRET

PORT, FOLDER, RETURN = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
HERE = f"http://127.0.0.1:{PORT}"
SLOW_SECONDS = 60

LOGIN = """<!doctype html><title>Provider</title><h1>Provider</h1><form method="post">{% csrf_token %}
{{ form }}<input type="hidden" name="next" value="{{ next }}"><button>Prove it</button></form>"""
# The library's own asks other sites for its looks.
FRAME = "<!doctype html><title>Provider</title>{% block content %}{% endblock %}"


class Moods:
    """Middleware: slow, broken, talking nonsense, or leading on to a provider behind this one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        prefix, _, mood = self._said().partition(" ")
        if not mood or not request.path.startswith(prefix):
            return self.get_response(request)
        if mood == "slow":
            time.sleep(SLOW_SECONDS)
        answers: dict[str, Callable[[], HttpResponse]] = {
            "broken": lambda: HttpResponse("Traceback: it broke", status=500),
            "nonsense": lambda: HttpResponse("<h1>Under construction</h1>"),
            "refusing": lambda: JsonResponse({"error": "invalid_client"}, status=401),
            "another": lambda: JsonResponse({"issuer": "https://another.example"}),
            "bare": lambda: JsonResponse({"issuer": f"{HERE}/o"}),
            "behind": lambda: self._behind(request),
            "basic": lambda: self._basic(request),
        }
        return answers.get(mood, lambda: self.get_response(request))()

    @staticmethod
    def _said() -> str:
        try:
            return (FOLDER / "mood").read_text()
        except FileNotFoundError:
            return ""

    def _behind(self, request: HttpRequest) -> HttpResponse:
        if request.get_host().startswith("127."):
            return HttpResponseRedirect(f"http://localhost:{PORT}{request.get_full_path()}")
        return self.get_response(request)

    def _basic(self, request: HttpRequest) -> HttpResponse:
        said = json.loads(self.get_response(request).content)
        return JsonResponse({**said, "token_endpoint_auth_methods_supported": ["client_secret_basic"]})


def a_key() -> str:
    """Return a private key as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def configure() -> None:
    """Set Django up."""
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    templates = {"registration/login.html": LOGIN, "oauth2_provider/base.html": FRAME}
    settings.configure(
        SECRET_KEY="of the provider" * 4,
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "provider.sqlite3"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            f"{__name__}.Moods",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        ("django.template.loaders.locmem.Loader", templates),
                        "django.template.loaders.app_directories.Loader",
                    ],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SESSION_COOKIE_NAME="provider",
        CSRF_COOKIE_NAME="provider-csrf",
        LOGIN_URL="/login/",
        USE_TZ=True,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_ISS_ENDPOINT": f"{HERE}/o",
            "OIDC_RSA_PRIVATE_KEY": a_key(),
            "OAUTH2_VALIDATOR_CLASS": "tests.servers.identity.saying.Saying",
            "SCOPES": {"openid": "Who you are", "profile": "Your name", "email": "Your address"},
        },
    )
    django.setup()


def fill() -> None:
    """Make the tables, the people and the one site that may ask."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    for name in PEOPLE:
        User.objects.create_user(name, password=PASSWORD)
    Application.objects.create(
        name="Status page",
        client_id=CLIENT,
        client_secret=SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=RETURN,
        algorithm=Application.RS256_ALGORITHM,
    )


if __name__ == "__main__":
    configure()
    fill()

    from django.contrib.auth.views import LoginView
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.servers.basehttp import run

    urlpatterns = [
        path("login/", LoginView.as_view(), name="login"),
        path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    ]
    run("127.0.0.1", PORT, WSGIHandler(), threading=True)
