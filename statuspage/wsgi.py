"""WSGI entry point: `granian --interface wsgi statuspage.wsgi:application`.

The front answers published paths by itself; Django stands behind it for everything else.
"""

import os

from django.core.wsgi import get_wsgi_application

from statuspage.readable_requests import readable_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")

behind = readable_only(get_wsgi_application())

# Only now: these read models, which Django allows once it is set up.
from statuspage.checks import refuse_dangerous_settings  # noqa: E402
from statuspage.front import front_of  # noqa: E402

refuse_dangerous_settings()

application = front_of(behind)
