"""What comes in from other status pages, and the demonstration page."""
