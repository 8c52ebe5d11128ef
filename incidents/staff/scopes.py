"""What a token may be good for. Each has something in this product that asks for it."""

from django.db import models


class Scope(models.TextChoices):
    """One right of a program."""

    READ_PAGE = "page:read", "Read a private page, its feeds and its API"
    READ_AUDIT = "audit:read", "Read the audit log"
    READ_SUBSCRIBERS = "subscribers:read", "Read the list of subscribers"
