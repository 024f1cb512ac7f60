"""The WSGI application that granian serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from coprod_site.request_ids import numbered

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coprod_site.settings")

application = numbered(get_wsgi_application(), behind_proxy=settings.BEHIND_PROXY)
