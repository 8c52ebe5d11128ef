"""The announcements of consent. They do not know who writes the mails; `incidents.wiring` does."""

from django.dispatch import Signal

link_wanted = Signal()
"""Sent inside the transaction with `request=` (a SubscriptionRequest) when somebody is to get
a link by mail. The receiver keeps the mail in the same transaction, so that none is lost."""

erasing = Signal()
"""Sent inside the transaction with `subscriber=` before the row of somebody goes for good. Receivers
remove the address from what they keep."""

journal_failed = Signal()
"""Sent with `reason=` (words) when a leave could not be written to the suppression journal: the
database alone knows of it. Receivers tell staff; what they raise is logged and stops nobody."""

journal_mended = Signal()
"""Sent when lines that were missing from the journal have been written."""
