"""The room of WHO saw and said what, as Django knows it."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as apps_of_now
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from experiments.model_names import mark_names


class ResponsesConfig(AppConfig):
    """The room under its name at the desk."""

    name = "responses"
    verbose_name = _("Responses")

    def ready(self) -> None:
        """Marks the names of its models and fields for translation, and who waits once migrated."""
        mark_names(self)
        post_migrate.connect(_mark_who_waits, sender=self)


def _mark_who_waits(*, apps: Any = apps_of_now, **_told: Any) -> None:
    """After an update: a release that knows no mark may have allocated, also after a way back."""
    known = {field.name for field in apps.get_model("responses", "participant")._meta.fields}
    if "may_be_released" in known:
        # Models are there only now.
        from responses.ledger.reuse import mark_who_waits  # noqa: PLC0415

        mark_who_waits()
