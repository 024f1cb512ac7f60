"""The room of WHO saw and said what, as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from experiments.model_names import mark_names


class ResponsesConfig(AppConfig):
    """The room under its name at the desk."""

    name = "responses"
    verbose_name = _("Responses")

    def ready(self) -> None:
        """Marks the names of its models and fields for translation."""
        mark_names(self)
