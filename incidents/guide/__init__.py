"""The error guide: what a developer's error means, and whether it is us."""
