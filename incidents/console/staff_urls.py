"""Addresses about people and programs that work here, and the doors they come in by."""

from django.urls import path

from incidents.console.routing import by_method
from incidents.console.views import exports, history, invitations, people, set_up, tokens

_MEMBER = "people/<int:number>"
_ONE = "tokens/<int:number>"

urlpatterns = [
    path("history", by_method(get=history.index), name="history"),
    path("history.csv", by_method(get=history.export), name="history_export"),
    path("people", by_method(get=people.index), name="people"),
    path("people/invitations", by_method(get=people.invite, post=people.create), name="invitations"),
    path("people/invitations/<int:number>/withdrawal", by_method(post=people.withdraw), name="invitation_withdraw"),
    path(_MEMBER, by_method(get=people.edit, post=people.update), name="member"),
    path(f"{_MEMBER}/end", by_method(get=people.remove, post=people.destroy), name="member_end"),
    path("tokens", by_method(get=tokens.index, post=tokens.create), name="tokens"),
    path("tokens/new", by_method(get=tokens.new), name="token_new"),
    path(f"{_ONE}/successor", by_method(post=tokens.rotate), name="token_rotate"),
    path(f"{_ONE}/withdrawal", by_method(post=tokens.withdraw), name="token_withdraw"),
    path("invitation/<slug:token>", by_method(get=invitations.show, post=invitations.create), name="accept"),
    path("set-up/<slug:token>", by_method(get=set_up.show, post=set_up.create), name="set_up"),
    path("exports/<slug:page>/audit.csv", by_method(get=exports.audit), name="audit_file"),
    path("exports/<slug:page>/subscribers.csv", by_method(get=exports.subscribers), name="subscribers_file"),
]
