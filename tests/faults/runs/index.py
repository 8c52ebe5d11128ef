"""Every fault by its name, with the installations it is done to."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.case import Case
from tests.faults.report import Report
from tests.faults.runs import broker, hooks, memory, people, processes, refusals, updates

BOTH = ("postgres", "sqlite")


@dataclass(frozen=True)
class Fault:
    """A fault and where it is done."""

    run: Callable[[Case], Report]
    kinds: tuple[str, ...] = ("postgres",)
    small: int = 400
    """Subscribers in the test."""
    is_quick: bool = False
    """Done in seconds and beside other work: `make test` does it too."""

    @property
    def name(self) -> str:
        """The name on the command line."""
        return self.run.__name__

    @property
    def story(self) -> str:
        """What is done, in a sentence or two."""
        return " ".join((self.run.__doc__ or "").split())


FAULTS = {
    fault.name: fault
    for fault in [
        Fault(processes.killed_all_the_time, BOTH),
        Fault(processes.killed_at_any_speed, BOTH),
        Fault(processes.killed_once, BOTH, is_quick=True),
        Fault(processes.pool_child_killed),
        Fault(processes.terminated),
        Fault(processes.two_beats, BOTH),
        Fault(broker.broker_killed),
        Fault(broker.broker_flushed),
        Fault(broker.broker_frozen),
        Fault(broker.broker_full),
        Fault(broker.broker_restarted),
        Fault(refusals.senders_refused),
        Fault(refusals.unknown_mailboxes, is_quick=True),
        Fault(refusals.temporary_refusals),
        Fault(refusals.content_refused, is_quick=True),
        Fault(updates.many_updates, BOTH),
        Fault(updates.retracted),
        Fault(updates.relay_gone),
        Fault(updates.relay_silent),
        Fault(updates.slow_relay),
        Fault(updates.storm),
        Fault(updates.poison, is_quick=True),
        Fault(people.left_in_the_middle, BOTH),
        Fault(people.letters, is_quick=True),
        Fault(memory.restored, BOTH, is_quick=True),
        Fault(memory.journal_full),
        Fault(memory.imported_again),
        Fault(hooks.endpoints_hang, small=80),
        Fault(hooks.endpoints_refuse),
        Fault(hooks.endpoints_flood),
    ]
}
