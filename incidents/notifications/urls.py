"""Addresses for mail systems and providers."""

from django.urls import path

from incidents.notifications import views

urlpatterns = [
    path("bounces/message", views.returned_message, name="returned_message"),
    path("bounces/provider", views.provider_report, name="provider_report"),
]
