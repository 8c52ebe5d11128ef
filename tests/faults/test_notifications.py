"""Every fault of notifications, small: nobody is lost, nobody is told twice, whatever breaks.

The quick ones run with every other test; `make faults` does all, with 50,000 subscribers.
"""

import pytest

from tests.faults.case import Case
from tests.faults.runs.index import FAULTS
from tests.faults.workshop import Workshop

PLACES = [
    pytest.param(name, kind, marks=() if fault.is_quick else pytest.mark.long)
    for name, fault in FAULTS.items()
    for kind in fault.kinds
]


@pytest.mark.parametrize(("name", "kind"), PLACES)
def test_every_invariant_holds(shop: Workshop, name: str, kind: str) -> None:
    report = FAULTS[name].run(Case(shop, size=FAULTS[name].small, kind=kind))
    assert report.lines
    assert report.broken == []
