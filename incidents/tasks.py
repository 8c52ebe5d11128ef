"""Index of every Celery task, so that workers know them. Re-exports only."""
