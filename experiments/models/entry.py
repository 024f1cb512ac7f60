"""The ways in and out: panel parameters, quotas, endings."""

from typing import ClassVar

from django.db import models

from experiments.design import Outcome
from experiments.models.codes import choices, code_validator
from experiments.models.study import Study


class Parameter(models.Model):
    """A value that the study's link brings."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="parameters")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    name = models.CharField(max_length=64)
    identifies = models.BooleanField(default=False)
    required = models.BooleanField(default=False)
    values = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "code"], name="one_parameter_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Quota(models.Model):
    """Places by answers; its items are crossed."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="quotas")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    items = models.JSONField(default=list, blank=True)
    lease_minutes = models.PositiveIntegerField(default=30)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "code"], name="one_quota_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Limit(models.Model):
    """The places of one cell of a quota."""

    quota = models.ForeignKey(Quota, models.CASCADE, related_name="limits")
    order = models.PositiveIntegerField(default=0)
    cell = models.JSONField(default=list, blank=True)
    places = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return " × ".join(map(str, self.cell)) or "·"


class Ending(models.Model):
    """What is said at an outcome, and where the panel wants its people back."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="endings")
    order = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=16, choices=choices(Outcome))
    title = models.JSONField(default=dict, blank=True)
    body = models.JSONField(default=dict, blank=True)
    redirect = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "outcome"], name="one_ending_per_outcome")
        ]

    def __str__(self) -> str:
        return self.outcome

    @property
    def code(self) -> str:
        """What the desk calls it, as it calls other parts by their codes."""
        return self.outcome
