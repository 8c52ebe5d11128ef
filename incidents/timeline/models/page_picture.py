"""PagePicture: the bytes of a page's logo, found by their digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import models

from incidents.lib.pictures import NotAPicture, written_anew
from incidents.timeline.looks import Logo, Look, PicturePlace
from incidents.timeline.models.event import Actor
from incidents.timeline.models.page import Page
from incidents.timeline.refusals import UnusablePicture

_WIDTH, _HEIGHT = 640, 128
"""Pixels a logo has at most: twice what a page shows, for sharp screens."""

_ICON = 96
"""Pixels of an icon: what the sharpest tabs ask for."""


class PagePicture(models.Model):
    """A picture a page shows or showed. Former ones stay: a mail may still name them."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="pictures")
    digest = models.CharField(max_length=20)
    content = models.BinaryField()
    """PNG, written by us."""
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "digest"], name="picture_once_per_page")]

    def __str__(self) -> str:
        return self.digest

    @classmethod
    def put(cls, *, page: Page, place: str, upload: bytes, by: Actor, at: datetime) -> PagePicture:
        """Show an uploaded picture as the logo (`place`: PicturePlace) from now on. Raises UnusablePicture."""
        is_icon = place == PicturePlace.ICON
        width, height = (_ICON, _ICON) if is_icon else (_WIDTH, _HEIGHT)
        try:
            written = written_anew(upload, width=width, height=height, is_square=is_icon)
        except NotAPicture as problem:
            raise UnusablePicture(str(problem), field=PicturePlace(place).value) from problem
        with page.locked():
            fresh = Page.objects.get(pk=page.pk)
            picture, _ = cls.objects.get_or_create(
                page=page, digest=written.digest, defaults={"content": written.content, "added_at": at}
            )
            logo = Logo(written.digest, written.width, written.height)
            page.dress(_with(fresh, place, logo), by=by, at=at)
        return picture

    @classmethod
    def take_away(cls, *, page: Page, place: str, by: Actor, at: datetime) -> Page:
        """Show no picture there from now on."""
        with page.locked():
            return page.dress(_with(Page.objects.get(pk=page.pk), PicturePlace(place).value, None), by=by, at=at)


def _with(page: Page, place: str, logo: Logo | None) -> Look:
    if place == PicturePlace.LOGO:
        return replace(page.look, logo=logo)
    return replace(page.look, icon=logo) if place == PicturePlace.ICON else replace(page.look, logo_dark=logo)
