"""A zone on a name server of its own, that answers for what it is told and nothing else (DNS over UDP)."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset


@dataclass
class Names:
    """What the server knows: (name, type) to records as they stand in a zone file; None says nothing at all."""

    known: dict[tuple[str, str], list[str] | None] = field(default_factory=dict)
    port: int = 0

    def text(self, name: str, *texts: str) -> None:
        """Add TXT records."""
        self.known[name, "TXT"] = [" ".join(f'"{piece}"' for piece in re.findall(".{1,200}", text)) for text in texts]

    def resolver(self) -> dns.resolver.Resolver:
        """Return a resolver that asks here."""
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = self.port
        return resolver


class _Handler(socketserver.BaseRequestHandler):
    names: Names

    def handle(self) -> None:
        raw, connection = self.request
        query = dns.message.from_wire(raw)
        question = query.question[0]
        name = str(question.name).rstrip(".").lower()
        kind = question.rdtype.name
        answer = dns.message.make_response(query)
        if (name, kind) in self.names.known:
            records = self.names.known[name, kind]
            if records is None:
                return
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
        elif not any(known == name for known, _ in self.names.known):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        connection.sendto(answer.to_wire(), self.client_address)


@contextmanager
def running_names() -> Iterator[Names]:
    """Give a name server that knows nothing yet; it stops at the end."""
    names = Names()
    handler = type("Handler", (_Handler,), {"names": names})
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), handler) as server:
        names.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield names
        finally:
            server.shutdown()
            thread.join()
