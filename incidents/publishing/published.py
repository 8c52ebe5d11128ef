"""A published document as it travels between database, disk and memory."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

import brotli

_MAGIC = b"statuspage document 1 "
_DIGEST_LENGTH = 64
_SMALLEST_WORTH_PACKING = 300
BROTLI_QUALITY = 5
"""5 costs 0.9 ms for a first page, 11 costs 295 ms for 12 % less; publishing must not wait for that."""
GZIP_LEVEL = 6


LOCATION = "Location"
"""The header that makes a document a signpost: answered with 301, and nothing to read."""


class NotADocument(Exception):
    """The bytes are no whole document: cut off, empty or something else."""


@dataclass(frozen=True, slots=True)
class Published:
    """Bytes and everything needed to send them. `brotli` and `gzip` are empty where they save nothing."""

    path: str
    content_type: str
    body: bytes
    etag: str
    """Without quotes."""
    page_seq: int
    generation: int
    made_at: datetime
    """Aware, in UTC, whole seconds; later than that of any former version of the path."""
    brotli: bytes = b""
    gzip: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    is_gone: bool = False

    @property
    def moved_to(self) -> str:
        """Where readers are led instead, for good; "" for a document that is here."""
        return next((value for name, value in self.headers if name == LOCATION), "")


def etag_of(body: bytes) -> str:
    """Return the strong validator of a body, without quotes."""
    return hashlib.sha256(body).hexdigest()[:32]


def packed(body: bytes, content_type: str) -> tuple[bytes, bytes]:
    """Return the body as brotli and as gzip, each empty where it is not worth it."""
    if len(body) < _SMALLEST_WORTH_PACKING or not _is_text(content_type):
        return b"", b""
    smaller = brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    # mtime=0: the same body must give the same bytes on every node.
    zipped = gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0)
    return (smaller if len(smaller) < len(body) else b""), (zipped if len(zipped) < len(body) else b"")


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0]
    return kind.startswith("text/") or kind.endswith(("json", "xml", "javascript"))


def to_record(document: Published) -> bytes:
    """Return the document as one checksummed run of bytes, all its forms together."""
    about = {
        "path": document.path,
        "content_type": document.content_type,
        "etag": document.etag,
        "page_seq": document.page_seq,
        "generation": document.generation,
        "made_at": document.made_at.isoformat(),
        "headers": document.headers,
        "is_gone": document.is_gone,
        "lengths": [len(document.body), len(document.brotli), len(document.gzip)],
    }
    rest = b"".join((json.dumps(about).encode(), b"\n", document.body, document.brotli, document.gzip))
    return b"".join((_MAGIC, hashlib.sha256(rest).hexdigest().encode(), b"\n", rest))


def from_record(record: bytes) -> Published:
    """Return the document of a record. Raises NotADocument unless every byte is as it was written."""
    start = len(_MAGIC) + _DIGEST_LENGTH + 1
    digest, rest = record[len(_MAGIC) : start - 1], record[start:]
    if not record.startswith(_MAGIC) or hashlib.sha256(rest).hexdigest().encode() != digest:
        raise NotADocument
    head, _, bodies = rest.partition(b"\n")
    about = json.loads(head)
    body, smaller, zipped = about.pop("lengths")
    return Published(
        **{
            **about,
            "made_at": datetime.fromisoformat(about["made_at"]),
            "headers": tuple((name, value) for name, value in about["headers"]),
        },
        body=bodies[:body],
        brotli=bodies[body : body + smaller],
        gzip=bodies[body + smaller : body + smaller + zipped],
    )
