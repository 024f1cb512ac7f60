"""The analysis that the study announces."""

from typing import ClassVar

from django.db import models

from experiments.design import Spending
from experiments.models.codes import choices, code_validator
from experiments.models.study import Study


class Plan(models.Model):
    """The analysis that the design announces; `sample_size` counts eligible completes."""

    study = models.OneToOneField(Study, models.CASCADE, related_name="plan")
    outcome = models.CharField(max_length=32)
    sample_size = models.PositiveIntegerField()
    looks = models.JSONField(default=list)
    alpha = models.FloatField(default=0.05)
    spending = models.CharField(
        max_length=32, choices=choices(Spending), default=Spending.OBRIEN_FLEMING.value
    )
    smallest_effect = models.FloatField(null=True, blank=True)
    covariates = models.JSONField(default=list, blank=True)
    associations = models.JSONField(default=list, blank=True)
    exclusions = models.JSONField(default=list, blank=True)
    post_treatment_exclusions = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return f"plan of {self.study}"


class Contrast(models.Model):
    """One comparison of the plan: a level against another, or the interaction of factors."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="contrasts")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    label = models.JSONField(default=dict)
    factor = models.CharField(max_length=32, blank=True)
    level = models.CharField(max_length=32, blank=True)
    against = models.CharField(max_length=32, blank=True)
    interaction = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "code"], name="one_contrast_per_code")
        ]

    def __str__(self) -> str:
        return self.code
