"""The site's settings with the migrations of a release that is not there yet."""

from coprod_site.settings import *  # noqa: F403
from coprod_site.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.next_release"]
