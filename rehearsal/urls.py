"""The addresses of a study's rehearsal, all under /admin/rehearsal/."""

from django.contrib import admin
from django.urls import path

from rehearsal import views

desk = admin.site.admin_view

urlpatterns = [
    path("<slug:slug>/delete/", desk(views.deletion), name="rehearsal_delete"),
]
