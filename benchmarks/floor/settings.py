"""The floor's settings: the site's own connection to Postgres, and no middleware but CSRF."""

from coprod_site.settings import ALLOWED_HOSTS, DATABASES, SECRET_KEY

__all__ = ["ALLOWED_HOSTS", "DATABASES", "SECRET_KEY"]

MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
ROOT_URLCONF = "benchmarks.floor.views"
USE_I18N = False
USE_TZ = True
