"""Components in the admin: rows to look at, and "Set status" through the verb."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from incidents.console.admin.read_only import ReadOnlyAdmin
from incidents.console.admin.verbs import acting_user, ask_then_act
from incidents.console.forms.component import StatusForm
from incidents.lib.clock import now
from incidents.timeline.models import Component


@admin.register(Component)
class ComponentAdmin(ReadOnlyAdmin):
    """Components with their states."""

    list_display = ("name", "page", "group", "status", "visibility", "archived_at")
    list_filter = ("page", "status", "visibility")
    list_select_related = ("page", "group")
    search_fields = ("name", "code")
    actions = ("set_status",)

    def has_set_status_permission(self, request: HttpRequest) -> bool:
        """Let in whoever may change components."""
        return request.user.has_perm("incidents.change_component")

    @admin.action(description="Set status", permissions=["set_status"])
    def set_status(self, request: HttpRequest, rows: QuerySet[Component]) -> HttpResponse | None:
        """Set one state on each chosen component, outside any incident."""
        return ask_then_act(
            self,
            request,
            rows.select_related("page"),
            action="set_status",
            title="Set status",
            button="Set status",
            make_form=StatusForm,
            act=lambda component, form: component.set_status(
                form.cleaned_data["status"], by=acting_user(request), at=now()
            ),
        )
