"""What is answered where a request failed."""

import json

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from statuspage.failing import failed


def answer(path: str, error: Exception) -> tuple[int, dict[str, str], str]:
    try:
        raise error
    except type(error):
        response = failed(RequestFactory().get(path))
    return response.status_code, dict(response.headers), response.content.decode()


def test_a_database_that_is_away_is_no_fault_of_the_request() -> None:
    status, headers, body = answer("/subscribe", OperationalError("connection refused to secret-host"))
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "10", "no-store")
    assert "does not answer just now" in body
    assert "secret-host" not in body


def test_anything_else_is_a_fault_of_ours() -> None:
    status, headers, body = answer("/subscribe", ZeroDivisionError())
    assert status == 500
    assert "Retry-After" not in headers
    assert "The fault is ours" in body


@pytest.mark.parametrize(("error", "status"), [(OperationalError(), 503), (ZeroDivisionError(), 500)])
def test_programs_get_json_from_any_origin(error: Exception, status: int) -> None:
    told, headers, body = answer("/api/v2/nothing.json", error)
    assert told == status
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(body)["error"]
