"""The front as this installation runs it: with the threads that keep it current."""

import sys

from django.conf import settings

from incidents.publishing.follower import Follower
from incidents.publishing.front import Application, Front
from incidents.publishing.library import the_library
from incidents.publishing.opening import open_library

SWITCH_SECONDS = 0.0005
"""How long one thread may compute before another gets its turn (Python's own is 0.005).

With four threads busy in Django a reader would otherwise wait 20 ms for each step.
"""


def front_of(behind: Application) -> Application:
    """Return `behind` with published paths answered in front of it, following disk and database from now on."""
    sys.setswitchinterval(SWITCH_SECONDS)
    library = the_library()
    front = Front(behind, library, at_once=settings.WEB_THREADS)
    open_library(library)
    Follower(library).start()
    return front
