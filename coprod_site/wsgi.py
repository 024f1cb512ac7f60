"""The WSGI application that granian serves."""

import os

import django
from django.conf import settings

from coprod_site.content_kinds import with_plain_kinds
from coprod_site.reckoner import Reckoner
from coprod_site.request_ids import Application, numbered
from coprod_site.whole_requests import whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coprod_site.settings")
django.setup(set_prefix=False)

# The handler needs Django to be set up, as `get_wsgi_application` would.
from coprod_site.handler import Handler  # noqa: E402


def served_by(handler: Handler) -> Application:
    """The WSGI application whose requests that handler answers."""
    return numbered(with_plain_kinds(whole(handler)), behind_proxy=settings.BEHIND_PROXY)


application = served_by(Handler(Reckoner()))
