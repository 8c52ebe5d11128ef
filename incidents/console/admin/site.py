"""Django's admin, for superusers: its door is that of the console, so that no second factor is walked around."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

LEFT_OUT = frozenset({"account", "mfa", "usersessions", "socialaccount"})
"""Apps whose rows hold secrets of second factors and sessions: nobody reads or changes them here."""


class SuperuserSite(admin.AdminSite):
    """The admin site of this installation."""

    site_header = "Status page: repair"
    site_title = "Status page"
    index_title = "Never needed during an incident"

    def has_permission(self, request: HttpRequest) -> bool:
        """Let superusers in, nobody else."""
        return request.user.is_active and bool(getattr(request.user, "is_superuser", False))

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """Lead to the door of the console; who is signed in and no superuser is refused there."""
        return redirect_to_login(request.GET.get("next", reverse("admin:index")), reverse("console:sign_in"))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Let nobody store what the admin answers."""
        return super().admin_view(never_cache(view), cacheable)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register models, but those of the library for accounts."""
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        offered = [model for model in models if model._meta.app_label not in LEFT_OUT]
        if offered:
            super().register(offered, admin_class, **options)
