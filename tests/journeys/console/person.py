"""Somebody at the console with a browser; counts taps, clicks and shortcuts, as the budgets of the console do."""

from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page as Tab

SECONDS_PER_ACTION = 1.2
SECONDS_OF_TYPING = 12


class Person:
    """A signed-in member of staff."""

    def __init__(self, context: BrowserContext, address: str, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
        self.user = user
        self.context = context
        self.tab: Tab = context.new_page()
        self.address = address
        self.actions = 0

    @property
    def seconds(self) -> float:
        """What the actions so far cost, with the typing, by the keystroke-level model."""
        return self.actions * SECONDS_PER_ACTION + SECONDS_OF_TYPING

    def open(self, path: str) -> None:
        """Follow a link from elsewhere, such as a mail: one action."""
        self.actions += 1
        self.tab.goto(f"{self.address}{path}")

    def tap(self, role: Any, name: str) -> None:
        self.actions += 1
        self.tab.get_by_role(role, name=name, exact=True).first.click()

    def choose(self, phase: str) -> None:
        self.actions += 1
        self.tab.locator(".step", has_text=phase).click()

    def press(self, keys: str) -> None:
        self.actions += 1
        self.tab.keyboard.press(keys)

    def write(self, text: str) -> None:
        self.tab.get_by_label("Text", exact=True).fill(text)

    def said(self) -> str:
        """Return what stands in the text."""
        return self.tab.get_by_label("Text", exact=True).input_value()

    def keeps(self, *said: str) -> AbstractContextManager[Any]:
        """Wait at the end of the block until the server has kept a draft in which all of that stands."""
        return self.tab.expect_response(
            lambda answer: (
                "/console/drafts/" in answer.url
                and answer.ok
                and all(words in (answer.request.post_data or "") for words in said)
            )
        )

    def wait_for_caret(self, place: int) -> None:
        """Wait until the text has the focus and the caret stands at `place` in it; a script sees to that."""
        text = self.tab.get_by_label("Text", exact=True).element_handle()
        self.tab.wait_for_function(
            "([text, place]) => text === document.activeElement"
            " && text.selectionStart === place && text.selectionEnd === place",
            arg=[text, place],
        )

    def public(self, path: str) -> str:
        """Return what readers see at `path`."""
        answer = self.tab.request.get(f"{self.address}{path}")
        assert answer.status == 200
        return answer.text()
