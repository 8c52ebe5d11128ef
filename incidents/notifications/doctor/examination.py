"""The whole examination, in the order in which things are mended."""

from collections.abc import Iterator

from incidents.notifications.doctor.domain import examine_domain
from incidents.notifications.doctor.findings import Finding
from incidents.notifications.doctor.installation import examine_installation
from incidents.notifications.doctor.records import Records
from incidents.notifications.doctor.relay import examine_relay
from incidents.notifications.doctor.returning import examine_returning


def examine(records: Records) -> Iterator[Finding]:
    """Yield everything there is to say; nothing is changed and no mail is sent."""
    yield from examine_installation()
    yield from examine_relay()
    yield from examine_domain(records)
    yield from examine_returning()
