"""The room of rehearsals, as Django knows it: it has no tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RehearsalConfig(AppConfig):
    """The room under its name at the desk."""

    name = "rehearsal"
    verbose_name = _("Rehearsal")
