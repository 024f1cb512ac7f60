"""The addresses of a study's rehearsal, all under /admin/rehearsal/."""

from django.contrib import admin
from django.urls import path

from rehearsal import views

desk = admin.site.admin_view

urlpatterns = [
    path("<slug:slug>/", desk(views.rehearsal), name="rehearsal"),
    path("<slug:slug>/delete/", desk(views.deletion), name="rehearsal_delete"),
    path("<slug:slug>/<int:number>/", desk(views.run), name="rehearsal_run"),
    path("<slug:slug>/<int:number>/report.md", desk(views.report), name="rehearsal_report"),
    path("<slug:slug>/<int:number>/cancel/", desk(views.cancel), name="rehearsal_cancel"),
]
