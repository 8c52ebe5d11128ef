"""Mounts the rooms' addresses: console, subscriptions, public pages."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
