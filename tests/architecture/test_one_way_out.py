"""Only incidents.lib opens HTTP connections: no other module imports a client, of ours or of the standard library."""

import ast
from pathlib import Path

import incidents

ROOT = Path(incidents.__file__).parent
CLIENTS = ("urllib3", "urllib.request", "http.client", "requests", "httpx", "aiohttp", "pycurl", "websockets")

ALLOWED = {
    # django-anymail brings its own client to providers the operator chose; its errors are caught here.
    "notifications/channels/anymail.py": {"requests", "requests.RequestException", "requests.Response"},
}


def clients_in(source: str) -> list[str]:
    """Return the HTTP clients that a module imports, also inside functions."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [name for name in names if any(name == client or name.startswith(f"{client}.") for client in CLIENTS)]


def test_no_room_has_an_http_client_of_its_own() -> None:
    found = {}
    for path in ROOT.rglob("*.py"):
        name = str(path.relative_to(ROOT))
        clients = set(clients_in(path.read_text())) - ALLOWED.get(name, set())
        if clients and path.parent != ROOT / "lib":
            found[name] = clients
    assert found == {}


def test_a_client_would_be_noticed() -> None:
    assert clients_in("import urllib.request") == ["urllib.request"]
    assert clients_in("from urllib import request") == ["urllib.request"]
    assert clients_in("def post():\n    import requests") == ["requests"]
    assert clients_in("from http.client import HTTPSConnection") == ["http.client", "http.client.HTTPSConnection"]
    assert clients_in("from urllib.parse import urlsplit\nfrom http import HTTPStatus") == []
