"""Index of what the rooms register with Django's admin. Re-exports only."""
