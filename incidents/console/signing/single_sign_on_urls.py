"""What the library answers when single sign-on does not work; connecting accounts by hand is not offered."""

from allauth.socialaccount import views
from django.urls import path

urlpatterns = [
    path("cancelled", views.login_cancelled, name="socialaccount_login_cancelled"),
    path("failed", views.login_error, name="socialaccount_login_error"),
    path("unknown", views.signup, name="socialaccount_signup"),
]
