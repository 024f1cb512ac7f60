"""The addresses under /api/v1/."""

from django.urls import path

from analysis.api.openapi import openapi
from analysis.api.site import api

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("", api.urls),
]
