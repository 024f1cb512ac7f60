"""The site: settings, addresses, Celery, and the servers that `make run` brings with it."""

from coprod_site.celery import app as celery_app

__all__ = ["celery_app"]
