"""The addresses of a participant's pages."""

from django.urls import path

from responses import views, withdrawal_views
from responses.about import about
from responses.welcome import welcome

app_name = "responses"

urlpatterns = [
    path("<slug:slug>/", welcome, name="welcome"),
    path("<slug:slug>/resume/", views.resume, name="resume"),
    path("<slug:slug>/withdraw/", withdrawal_views.withdraw, name="withdraw"),
    path("<slug:slug>/withdraw/done/", withdrawal_views.withdrawn, name="withdrawn"),
    # With a hyphen, which no page's code has: it takes no page's address, of old versions neither.
    path("<slug:slug>/about-study/", about, name="about"),
    path("<slug:slug>/image/<slug:name>/", views.image, name="image"),
    path("<slug:slug>/<slug:page>/", views.page, name="page"),
    path("<slug:slug>/<slug:page>/draft/", views.draft, name="draft"),
]
