"""Addresses: Django admin at /admin/, everything else is mounted by the incidents app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("incidents.urls")),
]

handler404 = "incidents.publishing.views.not_found"
handler500 = "statuspage.failing.failed"
