"""The room of WHAT it means, as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from experiments.model_names import mark_names


class AnalysisConfig(AppConfig):
    """The room under its name at the desk."""

    name = "analysis"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        """Marks the names of its models and fields for translation."""
        mark_names(self)
