"""The fixtures of publishing, for faults too, and what faults of notifications share."""

from collections.abc import Iterator

import pytest

from tests.faults.workshop import Workshop, workshop
from tests.publishing.conftest import library, reader

__all__ = ["library", "reader", "shop"]


@pytest.fixture(scope="session")
def shop() -> Iterator[Workshop]:
    """Databases to run faults on: the servers start with the first."""
    with workshop() as one:
        yield one
