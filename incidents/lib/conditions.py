"""Conditions whose constants are part of the statement, so that an index with that condition is used.

SQLite proves that such an index has all rows of a query only from conditions that stand in both word for word
(sqlite.org/partialindex.html, section 3). Values that are handed over beside the statement prove nothing, and the
whole table is read. PostgreSQL is handed the same statement either way.
"""

from django.db.models import BooleanField, F, Func


def is_one_of(field: str, *constants: str) -> Func:
    """Return the condition that a text column has one of some constants, as `Q(field__in=[...])` is written."""
    return _condition(f"%(expressions)s IN ({', '.join(map(_literal, constants))})", field)


def is_exactly(field: str, constant: str) -> Func:
    """Return the condition that a text column is a constant, as `Q(field=...)` is written."""
    return _condition(f"%(expressions)s = {_literal(constant)}", field)


def is_not(field: str, constant: str) -> Func:
    """Return the condition that a text column is not a constant, as `~Q(field=...)` is written."""
    return _condition(f"NOT (%(expressions)s = {_literal(constant)})", field)


def _condition(template: str, field: str) -> Func:
    return Func(F(field), template=template, output_field=BooleanField())


def _literal(constant: str) -> str:
    return "'" + constant.replace("'", "''").replace("%", "%%") + "'"
