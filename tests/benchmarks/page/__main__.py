"""`python -m tests.benchmarks.page [quick]`: print every measure as it comes."""

import sys
from itertools import chain

from tests.benchmarks.page.publishing import measured_publishing
from tests.benchmarks.page.serving import measured_serving


def main() -> None:
    """Measure serving, then publishing; a first argument `quick` takes smaller sizes."""
    is_quick = "quick" in sys.argv[1:]
    for line in chain(measured_serving(is_quick=is_quick), measured_publishing(is_quick=is_quick)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
