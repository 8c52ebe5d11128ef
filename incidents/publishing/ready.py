"""A document made ready to be sent: every header list is built once, when the document comes into memory."""

from email.utils import formatdate

from incidents.publishing.headers import CACHE_CONTROL, with_own
from incidents.publishing.negotiation import VARIES_BY_KIND
from incidents.publishing.published import Published

Headers = list[tuple[str, str]]


class Form:
    """One packing of a document: what to send for 200, for HEAD and for 304."""

    __slots__ = ("body", "etag", "headers", "short_headers")

    def __init__(self, body: bytes, etag: str, headers: Headers, short_headers: Headers) -> None:
        self.body = body
        self.etag = etag
        self.headers = headers
        self.short_headers = short_headers


class Ready:
    """A document in all its packings. `forms` has a key for each of "", "br" and "gzip"."""

    __slots__ = ("document", "forms", "has_twins", "is_moved", "modified_at", "size")

    def __init__(self, document: Published) -> None:
        self.document = document
        self.has_twins = VARIES_BY_KIND in document.headers
        """Whether who asks for Markdown or JSON at its address gets that."""
        self.is_moved = bool(document.moved_to)
        """Whether it only leads to where it is now."""
        self.modified_at = document.made_at.timestamp()
        bodies = {"": document.body, "br": document.brotli, "gzip": document.gzip}
        self.size = sum(map(len, bodies.values()))
        plain = self._form("", document.body)
        self.forms = {name: self._form(name, body) if body else plain for name, body in bodies.items()}

    def _form(self, packing: str, body: bytes) -> Form:
        # A strong validator names bytes, so each packing has its own.
        etag = f'"{self.document.etag}{"-" + packing if packing else ""}"'
        validators = [("ETag", etag), ("Last-Modified", formatdate(self.modified_at, usegmt=True))]
        usual = [pair for pair in with_own(self.document.headers) if pair != VARIES_BY_KIND]
        by = ["Accept"] * self.has_twins + ["Accept-Encoding"] * bool(self.document.brotli or self.document.gzip)
        varies = [("Vary", ", ".join(by))] if by else []
        packed = [("Content-Encoding", packing)] if packing else []
        cache = next((value for name, value in usual if name == "Cache-Control"), CACHE_CONTROL)
        open_to = [pair for pair in usual if pair[0].startswith("Access-Control")]
        return Form(
            body=body,
            etag=etag,
            headers=[
                ("Content-Type", self.document.content_type),
                ("Content-Length", str(len(body))),
                *validators,
                *packed,
                *varies,
                *usual,
            ],
            short_headers=[*validators, ("Cache-Control", cache), *varies, *open_to],
        )
