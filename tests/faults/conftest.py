"""The fixtures of publishing, for faults too."""

from tests.publishing.conftest import library, reader

__all__ = ["library", "reader"]
