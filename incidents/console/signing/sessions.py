"""Other sessions end when the password or a second factor changes: whoever had it before is out."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.http import HttpRequest


def end_other_sessions(*, request: HttpRequest, user: User, **_signal: Any) -> None:
    """End every session of `user` but the one of this request."""
    here = request.session.session_key
    for session in UserSession.objects.filter(user=user).exclude(session_key=here):
        session.end()
