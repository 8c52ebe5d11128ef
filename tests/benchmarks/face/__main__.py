"""`python -m tests.benchmarks.face [quick] [lighthouse] [history] [matrix]`: print every figure as it comes."""

import sys
from itertools import chain

from tests.benchmarks.face.history import measured_history
from tests.benchmarks.face.lighthouse import measured_lighthouse
from tests.benchmarks.face.matrix import measured_matrix


def main() -> None:
    """Measure what is named, Lighthouse where nothing is; each needs a process, and a Django, of its own."""
    asked = sys.argv[1:]
    measures = {"lighthouse": measured_lighthouse, "history": measured_history, "matrix": measured_matrix}
    chosen = [measure for name, measure in measures.items() if name in asked] or [measured_lighthouse]
    for line in chain.from_iterable(measure(is_quick="quick" in asked) for measure in chosen):
        print(line, flush=True)


if __name__ == "__main__":
    main()
