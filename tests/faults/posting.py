"""`python -m tests.faults.posting <word>`: what a killed process does in the fault tests, on a SQLite of its own."""

import os
import sys

import django


def main(word: str) -> None:
    """Prepare a published page, post an update, post each line of the input, or heal what is behind.

    Hold one, release what is held, or print the session of somebody who may post.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")
    django.setup()
    # Models can be imported only in a Django that was set up.
    from django.core.management import call_command

    from incidents.lib.clock import now
    from incidents.publishing.follower import sweep
    from incidents.timeline.models import Incident
    from tests.build import make_component, make_incident, make_page
    from tests.faults.holding import hold_one, prepare_held, release_at_once

    if word == "prepare":
        call_command("migrate", verbosity=0)
        page = make_page(at=now())
        make_incident(page, at=now(), components={make_component(page): "major_outage"})
        sweep()
    elif word == "post":
        incident = Incident.objects.get()
        incident.post_update(body="The second note.", by="ada", at=now(), request_key="one")
    elif word == "post-lines":
        for line in sys.stdin:
            Incident.objects.get().post_update(body=line.strip(), by="ada", at=now())
            print("posted", flush=True)
    elif word == "prepare-held":
        call_command("migrate", verbosity=0)
        print(prepare_held())
    elif word == "hold":
        hold_one()
    elif word == "release":
        release_at_once()
    else:
        heal()


def heal() -> None:
    """Bring disk and pages in line, in as many sweeps as it takes: one makes another release's pages for seconds."""
    from incidents.publishing.follower import Follower
    from incidents.publishing.library import the_library
    from incidents.publishing.renewing import pages_to_renew
    from tests.publishing.published import follow

    library = the_library()
    library.tidy()
    follower = Follower(library)
    follow(follower)
    while pages_to_renew():
        follower.sweep_once()


if __name__ == "__main__":
    main(sys.argv[1])
