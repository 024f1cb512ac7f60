"""How something ended that was ordered at the desk and takes long: simulations, rehearsals."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Ended(models.Model):
    """The end of one; append-only. One without goes on."""

    class Kind(models.TextChoices):
        """Why it ended."""

        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=9, choices=Kind)
    # Who cancelled it.
    actor = models.CharField(max_length=150, blank=True)
    # Why it failed.
    problem = models.TextField(blank=True)
    ended_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        default_permissions = ()
