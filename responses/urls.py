"""The addresses of a participant's pages."""

from django.urls import path

from responses import views

app_name = "responses"

urlpatterns = [
    path("<slug:slug>/", views.welcome, name="welcome"),
    path("<slug:slug>/resume/", views.resume, name="resume"),
    path("<slug:slug>/<slug:page>/", views.page, name="page"),
]
