"""The addresses of the site: participants' under /s/, the desk's /admin/, programs' /api/."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from analysis.bundle.views import bundle_file, bundle_page
from coprod_site.fresh_login import fresh_login_page, login_page
from coprod_site.health import healthz, readyz
from coprod_site.measured import metrics
from coprod_site.second_factor import second_factor_page
from responses.crowds import limits_logins
from responses.export.codebook.views import codebook_page
from responses.export.views import export_file, export_page

urlpatterns = [
    # The first, since most of all requests are for one of them.
    path("s/", include("responses.urls")),
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("admin/power/", include("analysis.power.urls")),
    path("admin/rehearsal/", include("rehearsal.urls")),
    path("admin/bundle/<slug:slug>/", admin.site.admin_view(bundle_page), name="bundle"),
    path(
        "admin/bundle/<slug:slug>/<int:number>/",
        admin.site.admin_view(bundle_file),
        name="bundle_file",
    ),
    path("admin/codebook/<slug:slug>/", admin.site.admin_view(codebook_page), name="codebook"),
    path("admin/export/<slug:slug>/", admin.site.admin_view(export_page), name="export"),
    path(
        "admin/export/<slug:slug>/<int:number>/",
        admin.site.admin_view(export_file),
        name="export_file",
    ),
    path("admin/again/", limits_logins(fresh_login_page), name="fresh_login"),
    path("admin/language/", set_language, name="set_language"),
    path("admin/second-factor/", limits_logins(second_factor_page), name="second_factor"),
    # Before the admin's own, which has the same address.
    path("admin/login/", limits_logins(login_page)),
    path("admin/", admin.site.urls),
    path("api/v1/", include("analysis.api.urls")),
]

handler400 = "responses.error_pages.bad_request"
handler403 = "responses.error_pages.permission_denied"
handler404 = "responses.error_pages.not_found"
handler500 = "responses.error_pages.server_error"
