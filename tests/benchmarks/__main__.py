"""Runs every measurement and prints its lines as they come."""

from tests.benchmarks.ground import empty_installation, mail_sink


def main() -> None:
    """Print ratios; takes about a minute."""
    with mail_sink() as sink, empty_installation(sink):
        # Models can be imported only in a Django that was set up.
        from tests.benchmarks import measures

        for measure in (
            measures.index_against_history,
            measures.posting_against_subscribers,
            lambda: measures.delivery_against_bare_loop(sink),
        ):
            for line in measure():
                print(line, flush=True)


if __name__ == "__main__":
    main()
