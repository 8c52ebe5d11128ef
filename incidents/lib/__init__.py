"""Named tools without a subject of their own: no models, no rooms."""
