"""One run of `manage.py import_errors`: judge, show, ask, take."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from incidents.guide.files.taking_over import ADD, CHANGE, SAME, Plan, look_at, take_over
from incidents.timeline.models import Page
from incidents.timeline.refusals import Refused

ACTOR = "import"

_ALL, _NOTHING, _SOME = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Session:
    """What to import and how to talk about it."""

    text: str
    is_yaml: bool
    page_code: str
    as_drafts: bool
    is_rehearsal: bool
    say: Callable[[str], object]
    agree: Callable[[], bool]

    def run(self, *, at: datetime) -> int:
        """Import and return the exit code. Raises Refused where there is no such page."""
        page = page_called(self.page_code)
        plan = look_at(page, self.text, is_yaml=self.is_yaml, as_drafts=self.as_drafts)
        for line in described(plan):
            self.say(line)
        if not plan.items:
            return _NOTHING
        if not self.is_rehearsal:
            if not self.agree():
                self.say("Nothing was imported.")
                return _NOTHING
            refused = take_over(plan, page=page, by=ACTOR, at=at)
            for one in refused:
                self.say(str(one))
            if refused:
                return _SOME
        return _SOME if plan.problems else _ALL


def described(plan: Plan) -> list[str]:
    """Return what a file would do, in lines."""
    counts = f"{plan.count(ADD)} to add, {plan.count(CHANGE)} to change, {plan.count(SAME)} as they are"
    lines = [f"{counts}, {len(plan.problems)} not taken."]
    lines += [f"  {one.action:<6} {one.contents.slug} ({one.state})" for one in plan.items if one.action != SAME]
    lines += [*(["Not taken:"] if plan.problems else []), *(f"  {one}" for one in plan.problems)]
    return [*lines, *(["To review:"] if plan.notes else []), *(f"  {one}" for one in plan.notes)]


def page_called(code: str) -> Page:
    """Return the page of a code, the default page for "". Raises Refused."""
    pages = Page.objects.filter(code=code) if code else Page.objects.order_by("-is_default", "name")
    page = pages.first()
    if page is None:
        raise Refused(f"There is no page “{code[:40]}”." if code else "There is no page yet.", field="page")
    return page
