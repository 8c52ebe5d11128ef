"""Static files under names that carry a hash of their content, and under plain names where none were collected."""

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Serves hashed names after `collectstatic`, and plain names before it or for files added since.

    Django's own storage makes every page fail until `collectstatic` was run; an installation must show its
    page in any state.
    """

    def stored_name(self, name: str) -> str:
        """Return the hashed name from the manifest, or the name as given."""
        stored: str = self.hashed_files.get(self.hash_key(self.clean_name(name)), name)
        return stored

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress what readers load. The 200 files of the admin and of htmx cost seconds at each start."""
        ours = [path for path in paths if not path.startswith(("admin/", "django_htmx/"))]
        yield from super().compress_files(ours)
