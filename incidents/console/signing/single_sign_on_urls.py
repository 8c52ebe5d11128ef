"""To the identity provider and back; connecting accounts by hand is not offered. The names are the library's."""

from django.urls import path
from django.views.decorators.cache import cache_control

from incidents.console.routing import by_method
from incidents.console.views import single_sign_on

_private = cache_control(no_store=True, private=True)

urlpatterns = [
    path(
        "oidc/sso/login/",
        _private(by_method(get=single_sign_on.door, post=single_sign_on.leave)),
        name="openid_connect_login",
    ),
    path(
        "oidc/sso/login/callback/",
        _private(by_method(get=single_sign_on.come_back)),
        name="openid_connect_callback",
    ),
    path("cancelled", _private(by_method(get=single_sign_on.turned_back)), name="socialaccount_login_cancelled"),
]
