"""The analysis that the study announces."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from experiments.design import (
    Direction,
    Equivalence,
    Estimator,
    Family,
    Monitoring,
    Multiplicity,
    Spending,
    StandardErrors,
    Stopping,
)
from experiments.models.codes import choices, code_validator
from experiments.models.study import Study


def _word(words: type[StrEnum], default: StrEnum) -> "models.CharField[str, str]":
    return models.CharField(
        max_length=32, choices=choices(words), default=default.value, blank=not default.value
    )


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
    spending_parameter = models.FloatField(null=True, blank=True)
    monitoring = _word(Monitoring, Monitoring.GROUP_SEQUENTIAL)
    estimator = _word(Estimator, Estimator.DIFFERENCE)
    standard_errors = _word(StandardErrors, StandardErrors.HC2)
    multiplicity = _word(Multiplicity, Multiplicity.HOLM)
    outcome_sd = models.FloatField(null=True, blank=True)
    equivalence = _word(Equivalence, Equivalence.NONE)
    equivalence_alpha = models.FloatField(default=0.05)
    equivalence_multiplicity = _word(Multiplicity, Multiplicity.NONE)
    futility = models.FloatField(null=True, blank=True)
    harm_level = models.FloatField(null=True, blank=True)
    harm_direction = _word(Direction, Direction.LOWER)
    stopping = _word(Stopping, Stopping.RECOMMEND)
    replan_at = models.FloatField(null=True, blank=True)
    most_participants = models.PositiveIntegerField(null=True, blank=True)

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
    family = _word(Family, Family.PRIMARY)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "code"], name="one_contrast_per_code")
        ]

    def __str__(self) -> str:
        return self.code
