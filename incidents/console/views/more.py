"""More: everything that is not needed at 3 AM."""

from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import answer


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List the other screens, the pages to choose between, and the way out."""
    return answer(request, "console/more.html", "more", {})
