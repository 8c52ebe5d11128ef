"""What tests of channels over HTTP share: a server that takes posts, and the way to it opened."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.hooks import HookServer, running_hook_server


@pytest.fixture
def hooks(settings: Any) -> Iterator[HookServer]:
    """A server that takes posts; requests may go there, and accounts of ours lead there."""
    with running_hook_server() as server:
        settings.OUTBOUND_ALLOWED_ADDRESSES = ["127.0.0.1"]
        settings.TELEGRAM_API_URL = settings.SMS_API_URL = server.url
        settings.TELEGRAM_BOT_TOKEN, settings.SMS_ACCOUNT = "123:token", "ACaccount"
        settings.SMS_TOKEN, settings.SMS_FROM = "sms-token", "+15550100"
        yield server
