"""Where a host name leads, as this machine's name servers tell it."""

from dataclasses import dataclass

from incidents.lib.resolving import resolve

_PORT = 443
_SECONDS = 2.5


@dataclass(frozen=True, slots=True)
class Leading:
    """The addresses of a host, and of the one it should lead to as well; empty where there are none."""

    addresses: tuple[str, ...]
    wanted: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Say whether both lead to the same place."""
        return bool(self.addresses) and set(self.addresses) <= set(self.wanted)


def leading_of(host: str, *, like: str) -> Leading:
    """Return where `host` leads and where `like` does; takes five seconds at most."""
    return Leading(_addresses(host), _addresses(like))


def _addresses(host: str) -> tuple[str, ...]:
    try:
        return tuple(sorted(set(resolve(host, _PORT, seconds=_SECONDS))))
    except (OSError, UnicodeError):
        return ()
