"""How many participants are where, counted as they go, and that the workers are alive."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from experiments.models import Study
from responses.models.participant import Mode


class Tally(models.Model):
    """How many participants of a mode have one thing in common; `responses.tallies` says what."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="+")
    mode = models.CharField(max_length=9, choices=Mode)
    kind = models.CharField(max_length=16)
    key = models.TextField()
    people = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "mode", "kind", "key"], name="one_tally")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.people}"


class TallyChange(models.Model):
    """What one statement changed in the tallies; the next fold takes it up and deletes it.

    Rows are added only, and nobody else's row is locked: participants don't wait for each other.
    """

    # No constraint in the database: its check would lock the row of the study.
    study = models.ForeignKey(
        Study, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    mode = models.CharField(max_length=9, choices=Mode)
    # Each as `kind:key`.
    lost = ArrayField(models.TextField(), default=list)
    gained = ArrayField(models.TextField(), default=list)

    def __str__(self) -> str:
        return f"-{self.lost} +{self.gained}"


class Heartbeat(models.Model):
    """When a task that beat asks for every few seconds was last run by a worker."""

    name = models.CharField(max_length=32, primary_key=True)
    beaten_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.name} {self.beaten_at:%Y-%m-%d %H:%M:%S}"
