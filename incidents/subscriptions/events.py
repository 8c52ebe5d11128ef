"""The announcements of consent. They do not know who writes the mails; `incidents.wiring` does."""

from django.dispatch import Signal

link_wanted = Signal()
"""Sent inside the transaction with `request=` (a SubscriptionRequest) when somebody is to get
a link by mail. The receiver keeps the mail in the same transaction, so that none is lost."""
