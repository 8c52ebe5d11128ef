"""What a command says where the database is away or empty: one sentence instead of a trace."""

import re

from django.db import DatabaseError, OperationalError, ProgrammingError

_HAS_NO_TABLES = re.compile(r"no such (?:table|column)|(?:relation|column) .* does not exist", re.DOTALL)


def complaint_about(error: DatabaseError) -> str:
    """Return what to do about `error`, "" where it is none of the database being away, busy or not prepared."""
    words = " ".join(str(error).split())
    if isinstance(error, OperationalError | ProgrammingError) and _HAS_NO_TABLES.search(words):
        return "The database has no tables of this program yet, or those of another release: run `manage.py migrate`."
    if isinstance(error, OperationalError):
        return f"The database does not answer. Look at DATABASE_URL, and whether its server runs. It said: {words}"
    return ""
