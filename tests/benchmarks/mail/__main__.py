"""`python -m tests.benchmarks.mail [quick]`: print every measure as it comes."""

import sys

from tests.benchmarks.mail.ground import own_installation
from tests.servers.finding import ServerMissing
from tests.servers.postfix import port_of, running_sink


def main() -> None:
    """Measure sending, fan-out and memory; a first argument `quick` takes smaller sizes."""
    is_quick = "quick" in sys.argv[1:]
    try:
        with own_installation(), running_sink() as sink:
            # Models can be imported only in a Django that was set up.
            from tests.benchmarks.mail.measures import measured_fan_out, measured_memory, measured_sending

            port = port_of(sink)
            sending = measured_sending(port, messages=4_000 if is_quick else 20_000, rounds=1 if is_quick else 3)
            fan_out = measured_fan_out(recipients=10_000 if is_quick else 100_000)
            memory = measured_memory(port, messages=10_000 if is_quick else 1_000_000)
            for lines in (sending, fan_out, memory):
                for line in lines:
                    print(line, flush=True)
    except ServerMissing as missing:
        raise SystemExit(str(missing)) from missing


if __name__ == "__main__":
    main()
