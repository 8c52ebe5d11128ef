"""The signing key of an installation that was given none: made once, kept beside the data."""

import os
import secrets
import tempfile
from pathlib import Path


def kept_secret_key(folder: Path) -> str:
    """Return the key kept in the folder, making it (and the folder) first where there is none.

    Only the owner can read the file. Two processes that start at once get the same key: linking a finished
    file into place succeeds for one of them only, and nobody ever reads half a key.
    """
    path = folder / "secret-key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=folder, prefix=".secret-key-")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text().strip()
