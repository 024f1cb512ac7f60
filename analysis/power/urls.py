"""The addresses of the pages on power, under /admin/power/."""

from django.contrib import admin
from django.urls import path

from analysis.power import views

urlpatterns = [
    path("<slug:slug>/", admin.site.admin_view(views.power), name="power"),
]
