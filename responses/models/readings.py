"""Who read who somebody is: the log of every reading of identities."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from experiments.models import Study


class IdentityReading(models.Model):
    """One reading of panels' ids or of invitations' labels, by whom and of how many; append-only.

    It names none of them, so that it tells nothing of who has withdrawn since.
    """

    class Way(models.TextChoices):
        """Where they were read."""

        PANEL_LIST = "panel_list", _("a panel's list was checked")
        PANEL_STATUS = "panel_status", _("a panel asked for somebody")
        INVITATIONS = "invitations", _("the list of who was invited")
        PARTICIPANT = "participant", _("one participant")
        PAY_LIST = "pay_list", _("a pay list")
        REMINDERS = "reminders", _("a list to invite again")

    study = models.ForeignKey(Study, models.PROTECT, related_name="identity_readings")
    way = models.CharField(_("what was read"), max_length=16, choices=Way)
    people = models.PositiveIntegerField(_("people"))
    # The name of the account, or of the shell's user.
    actor = models.CharField(max_length=150)
    read_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("reading of identities")
        verbose_name_plural = _("readings of identities")
        ordering: ClassVar = ["-read_at", "-id"]

    def __str__(self) -> str:
        return f"{self.way} {self.read_at:%Y-%m-%d}"
