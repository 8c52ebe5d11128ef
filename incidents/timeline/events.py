"""The announcements of the timeline. It does not know who listens; `incidents.wiring` does."""

from django.dispatch import Signal

recording = Signal()
"""Sent inside the transaction with `event=`. A receiver that raises refuses the change:
this is where an update is rendered for rehearsal, so that what cannot be read cannot be posted."""

recorded = Signal()
"""Sent after commit with `event_id=` and `page_id=`. It only wakes; the row is the truth."""
