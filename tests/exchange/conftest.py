"""The captured public data, where it lies beside the checkout."""

import os
from pathlib import Path

import pytest
from django.conf import settings

# The progress bar would fill the report of every failing test.
os.environ.setdefault("TQDM_DISABLE", "1")


def captured(name: str) -> Path:
    folder = Path(settings.BASE_DIR).parent / "shared" / "data" / name
    if not folder.is_dir():
        pytest.skip(f"the captured data ../shared/data/{name} is not beside the checkout")
    return folder


@pytest.fixture
def github() -> Path:
    """1,028 single-incident documents."""
    return captured("github-2010-2021-v2-incidents")


@pytest.fixture
def discord() -> Path:
    """The nine documents of one page."""
    return captured("discord-2019-v2")
