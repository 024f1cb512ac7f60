"""What is varied, and who gets what: factors, levels, randomisations, arms."""

from typing import ClassVar

from django.db import models

from experiments.design import Distance, DrawOrder, Method
from experiments.models.codes import choices, code_validator
from experiments.models.study import Study


class Factor(models.Model):
    """What is varied; its first level is the reference."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="factors")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    label = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "code"], name="one_factor_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Level(models.Model):
    """One value of a factor; `text` fills the factor's slot in a vignette."""

    factor = models.ForeignKey(Factor, models.CASCADE, related_name="levels")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator])
    label = models.JSONField(default=dict)
    text = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["factor", "code"], name="one_level_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Randomisation(models.Model):
    """One assignment step; `factors` and `strata` are lists of codes."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="randomisations")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=32, validators=[code_validator], default="main")
    factors = models.JSONField(default=list)
    method = models.CharField(
        max_length=32, choices=choices(Method), default=Method.PERMUTED_BLOCKS.value
    )
    block_sizes = models.JSONField(default=list, blank=True)
    strata = models.JSONField(default=list, blank=True)
    covariates = models.JSONField(default=list, blank=True)
    covariate_weights = models.JSONField(default=list, blank=True)
    distance = models.CharField(
        max_length=32, choices=choices(Distance), default=Distance.RANGE.value
    )
    coin = models.FloatField(default=0.8)
    cluster = models.CharField(max_length=32, blank=True)
    assign_if = models.TextField(blank=True)
    impossible = models.JSONField(default=list, blank=True)
    draws = models.PositiveSmallIntegerField(default=1)
    draw_order = models.CharField(
        max_length=32, choices=choices(DrawOrder), default=DrawOrder.RANDOM.value
    )
    deck_size = models.PositiveSmallIntegerField(default=0)
    deck_interactions = models.BooleanField(default=False)
    reuse_after_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "code"], name="one_randomisation_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Arm(models.Model):
    """One cell of the factorial: level codes in the order of the randomisation's factors."""

    randomisation = models.ForeignKey(Randomisation, models.CASCADE, related_name="arms")
    order = models.PositiveIntegerField(default=0)
    levels = models.JSONField(default=list)
    weight = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["randomisation", "levels"], name="one_arm_per_cell")
        ]

    def __str__(self) -> str:
        return ".".join(self.levels)
