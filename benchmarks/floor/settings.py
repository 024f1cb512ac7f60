"""The floor's settings: the site's own connection to Postgres, and no middleware but CSRF."""

from coprod_site.settings import ALLOWED_HOSTS, DATABASES, DB_PREPARED, SECRET_KEY

__all__ = ["ALLOWED_HOSTS", "DATABASES", "DB_PREPARED", "SECRET_KEY"]

# Django's own way to have what the site asks for by `responses.planned`.
DATABASES["default"]["OPTIONS"]["server_side_binding"] = DB_PREPARED
MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
ROOT_URLCONF = "benchmarks.floor.views"
USE_I18N = False
USE_TZ = True
