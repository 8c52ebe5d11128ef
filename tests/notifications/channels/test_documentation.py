"""The code in docs/webhooks.md does what it says."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from incidents.lib.signing import new_secret, rotated, signed_headers

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "webhooks.md"


def example() -> Any:
    """Return `verify` as it stands in the document."""
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(next(block for block in blocks if "def verify" in block), names)  # noqa: S102 - our own document
    return names["verify"]


def test_the_example_takes_our_signatures_and_no_others() -> None:
    verify, first, body = example(), new_secret(), b'{"incident": {}}'
    living = rotated(first)
    headers = signed_headers(living, reference="e1_abc", body=body, at=datetime.now(tz=UTC))
    assert all(verify(secret, headers, body) for secret in living.split())
    assert not verify(new_secret(), headers, body)
    assert not verify(first, headers, body + b" ")
    old = signed_headers(living, reference="e1_abc", body=body, at=datetime(2020, 1, 1, tzinfo=UTC))
    assert not verify(first, old, body)
