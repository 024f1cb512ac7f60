"""The moves that a study made; never edited, which a trigger holds."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from experiments.models.study import DesignVersion, Study


class StudyMove(models.Model):
    """One move of a study: when, by whom, and to which version if it launched one."""

    class Kind(models.TextChoices):
        """Where it led."""

        PILOT = "pilot", _("launched its pilot")
        LAUNCH = "launch", _("launched")
        PAUSE = "pause", _("paused")
        RESUME = "resume", _("resumed")
        CLOSE = "close", _("closed")

    study = models.ForeignKey(Study, models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=6, choices=Kind)
    version = models.ForeignKey(DesignVersion, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    # The account's name, who ran the command, or the look; empty if nobody knows.
    made_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("move")
        ordering: ClassVar = ["study", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.study_id} {self.kind}"
