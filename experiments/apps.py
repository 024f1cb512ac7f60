"""The room of WHAT is asked, as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from experiments.model_names import mark_names


class ExperimentsConfig(AppConfig):
    """The room under its name at the desk."""

    name = "experiments"
    verbose_name = _("Experiments")

    def ready(self) -> None:
        """Marks the names of its models and fields for translation, and guards second factors."""
        mark_names(self)
        # Models are there only now.
        from experiments.second_factors import keep_second_factors_secret  # noqa: PLC0415

        keep_second_factors_secret()
