"""The channel of an installation without a relay: mail is kept as files the console shows."""

import os
import tempfile
from pathlib import Path
from typing import Self

from incidents.notifications.channels.answers import failure
from incidents.notifications.channels.contract import ChannelDown, Fault, Message


class KeptChannel:
    """Writes each message as a file of its own (RFC 5322, ".eml") into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        """Return the channel; the folder is made with the first message."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Leave nothing open."""

    def send(self, message: Message) -> str:
        """Write the message, whole or not at all. Raises ChannelDown where the disk refuses."""
        target = kept_file(self._folder, message.reference)
        try:
            # For the owner's eyes only: mails carry links that are somebody's right.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self._folder, prefix=".draft-")
            with os.fdopen(handle, "wb") as file:
                file.write(message.content)
            Path(draft).replace(target)
        except OSError as error:
            words = failure(Fault.CONNECTION, f"the folder {self._folder} cannot be written ({error})")
            raise ChannelDown(words.sentence, fault=Fault.CONNECTION) from error
        return f"kept as {target.name}; no relay is set (EMAIL_URL)"


def kept_file(folder: Path, reference: str) -> Path:
    """Return where the message of a delivery is kept."""
    return folder / f"{reference}.eml"
