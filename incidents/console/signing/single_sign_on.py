"""Single sign-on by OpenID Connect: it opens accounts that exist, and makes none."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who was not invited does not come in, whoever vouches for them."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - the library's
        """Say that nobody makes an account for themselves."""
        return False
