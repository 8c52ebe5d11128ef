"""`python -m tests.benchmarks.page [quick] [sqlite] [many]`: print every measure as it comes."""

import sys
from itertools import chain

from tests.benchmarks.page.busy import measured_while_busy
from tests.benchmarks.page.many import measured_many
from tests.benchmarks.page.publishing import measured_publishing
from tests.benchmarks.page.serving import measured_serving


def main() -> None:
    """Measure serving, alone and beside a busy Django, then publishing; `quick` takes smaller sizes.

    With `sqlite`, publishing alone, on SQLite instead of PostgreSQL; with `many`, publishing of very many components
    alone, which else is left out.
    """
    asked = sys.argv[1:]
    is_quick = "quick" in asked
    if "sqlite" in asked:
        for line in measured_publishing(is_quick=is_quick, on_sqlite=True):
            print(line, flush=True)
        return
    everything = (measured_serving, measured_while_busy, measured_publishing)
    measures = (measured_many,) if "many" in asked else everything
    for line in chain.from_iterable(measure(is_quick=is_quick) for measure in measures):
        print(line, flush=True)


if __name__ == "__main__":
    main()
