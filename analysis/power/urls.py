"""The addresses of the pages on power, under /admin/power/."""

from django.contrib import admin
from django.urls import path

from analysis.power import views

desk = admin.site.admin_view

urlpatterns = [
    path("<slug:slug>/", desk(views.power), name="power"),
    path("<slug:slug>/simulate/", desk(views.order), name="power_order"),
    path("<slug:slug>/<int:number>/", desk(views.simulation), name="power_simulation"),
    path("<slug:slug>/<int:number>/json/", desk(views.download), name="power_download"),
    path("<slug:slug>/<int:number>/cancel/", desk(views.cancel), name="power_cancel"),
]
