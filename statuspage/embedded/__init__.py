"""Everything on one machine with one command: web server, Celery worker and schedule under one supervisor.

The parent process (`manage.py run`) holds the lock, prepares the data and supervises. Its one child answers
requests and runs the background threads, because Celery's in-process broker reaches its own process only.
"""
