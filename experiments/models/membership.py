"""Who works on which study, and as what."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from experiments.models.study import Study


class Membership(models.Model):
    """One account's role in one study; the role's permissions hold in this study alone."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        ordering: ClassVar = ["study_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "user"], name="one_role_per_study"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.user_id} {self.role_id}"
