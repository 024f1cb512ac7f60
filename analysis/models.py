"""Looks: what was analysed, of whom, under which plan, by which code, with which result."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from experiments.models import DesignVersion, Study
from responses.models import Mode


class Look(models.Model):
    """One spent look; append-only, which a trigger holds.

    Its cut is the participants of the study and mode whose `first_look` is at most its number.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="looks")
    mode = models.CharField(max_length=9, choices=Mode)
    # The place in the plan plus the looks before it that the plan does not announce.
    number = models.PositiveSmallIntegerField()
    # Which look of the plan it is, from 1; null for one that the plan does not announce.
    planned = models.PositiveSmallIntegerField(null=True)
    # The version whose plan governs.
    version = models.ForeignKey(DesignVersion, models.PROTECT, related_name="+")
    final = models.BooleanField()
    n = models.PositiveIntegerField()
    # The information at which it was spent: n over the planned participants.
    fraction = models.FloatField()
    cut_digest = models.CharField(max_length=64)
    plan_digest = models.CharField(max_length=64)
    code_version = models.CharField(max_length=64)
    libraries = models.JSONField(default=dict)
    results = models.JSONField(default=dict)
    spent_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["study", "mode", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "mode", "number"], name="one_look_per_number"),
            models.UniqueConstraint(fields=["study", "mode", "planned"], name="planned_looks_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="looks_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.mode} {self.number}"
