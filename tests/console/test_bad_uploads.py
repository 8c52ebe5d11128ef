"""Uploads that are no logo, or would take the machine with them: refused in words, at little cost."""

import struct
import time
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from incidents.timeline.models import Page
from incidents.timeline.models.page_picture import PagePicture
from tests.build import a_logo
from tests.console.filling import form_at


def words(answer: Any) -> str:
    return str(answer.content.decode())


def put_logo(ada: Client, upload: bytes) -> Any:
    shown = form_at(ada, "/console/page/look", action="/console/page/look/logo")
    return ada.post("/console/page/look/logo", {**shown, "file": SimpleUploadedFile("logo.png", upload, "image/png")})


def a_flood_of_pixels(width: int, height: int) -> bytes:
    """Return a PNG of some hundred bytes that says it is that large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "upload",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"MZ\x90\x00" + b"\0" * 2_000,
        b"GIF89a<script>alert(1)</script>",
        b"",
        a_logo()[:60],
    ],
)
def test_b087_an_upload_that_is_no_picture_is_refused(page: Page, ada: Client, upload: bytes) -> None:
    assert put_logo(ada, upload).status_code == 422
    assert not PagePicture.objects.exists()


def test_b087_a_picture_of_very_many_pixels_is_refused_before_they_are_unpacked(page: Page, ada: Client) -> None:
    begun = time.process_time()
    answer = put_logo(ada, a_flood_of_pixels(30_000, 30_000))
    assert answer.status_code == 422
    assert "far more than 16,000,000 pixels" in words(answer)
    assert time.process_time() - begun < 1
    assert "5000 x 5000 pixels" in words(put_logo(ada, a_flood_of_pixels(5_000, 5_000)))
    assert not PagePicture.objects.exists()


def test_b087_a_file_of_fifty_megabytes_is_refused_by_its_size(page: Page, ada: Client) -> None:
    begun = time.process_time()
    answer = put_logo(ada, a_logo() + b"\0" * 50_000_000)
    assert answer.status_code == 422
    assert "more than 512 KB" in words(answer)
    assert time.process_time() - begun < 3
    assert not PagePicture.objects.exists()
