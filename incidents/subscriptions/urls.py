"""Public addresses of consent; tokens are signed and may hold a colon."""

from django.urls import path

from incidents.subscriptions import views

urlpatterns = [
    path("subscribe", views.subscribe, name="subscribe"),
    path("subscribe/expectation", views.subscribe_expectation, name="subscribe_expectation"),
    path("<language:language>/subscribe", views.subscribe),
    path("<language:language>/subscribe/expectation", views.subscribe_expectation),
    path("subscribe/confirm/<str:token>", views.subscribe_confirm, name="subscribe_confirm"),
    path("subscription/<str:token>", views.subscription_manage, name="subscription_manage"),
    path("unsubscribe/<str:token>", views.unsubscribe, name="unsubscribe"),
]
