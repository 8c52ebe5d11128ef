"""Roles: what somebody may do on a page, each more than the one before."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """From reading along to running the place."""

    VIEWER = "viewer", "Viewer"
    RESPONDER = "responder", "Responder"
    EDITOR = "editor", "Editor"
    OWNER = "owner", "Owner"

    def covers(self, least: Role) -> bool:
        """Say whether this role may do what `least` may."""
        order = list(Role)
        return order.index(self) >= order.index(least)


MEANINGS = {
    Role.VIEWER: "Sees everything but the addresses of subscribers; changes nothing.",
    Role.RESPONDER: "Reports incidents, posts updates, sets states of components, starts and ends maintenance.",
    Role.EDITOR: "Also edits components, templates and the look of the page, plans ahead, sees subscribers.",
    Role.OWNER: "Also chooses who works here, makes tokens, and changes the settings and the readers of the page.",
}
"""What each role means, in a sentence for those who give it."""
