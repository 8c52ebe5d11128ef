"""`python -m tests.benchmarks.face [quick] [lighthouse] [matrix]`: print every figure as it comes."""

import sys
from itertools import chain

from tests.benchmarks.face.lighthouse import measured_lighthouse
from tests.benchmarks.face.matrix import measured_matrix


def main() -> None:
    """Measure both unless one is named; one run sets up one Django, so both at once go in two processes."""
    asked = sys.argv[1:]
    both = {"lighthouse": measured_lighthouse, "matrix": measured_matrix}
    chosen = [measure for name, measure in both.items() if name in asked] or list(both.values())
    for line in chain.from_iterable(measure(is_quick="quick" in asked) for measure in chosen):
        print(line, flush=True)


if __name__ == "__main__":
    main()
