"""Lists of subscribers: read, judged, taken over, written out."""
