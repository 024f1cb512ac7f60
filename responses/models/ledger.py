"""The ledger of who was given which arm."""

from typing import ClassVar

from django.db import models
from django.db.models import Value

from experiments.models import DesignVersion
from experiments.randomisation import stratum_said
from responses.models.participant import Mode


class AllocationHead(models.Model):
    """Where an allocation list stands: its next position and the digest of its last ledger row."""

    version = models.ForeignKey(DesignVersion, models.PROTECT, related_name="+")
    randomisation = models.CharField(max_length=32)
    mode = models.CharField(max_length=9, choices=Mode)
    stratum = models.TextField(blank=True)
    next_position = models.PositiveBigIntegerField(default=0)
    # The block that the last position lay in, so that the next one is found without the whole list.
    block = models.PositiveBigIntegerField(default=0)
    block_start = models.PositiveBigIntegerField(default=0)
    digest = models.BinaryField(max_length=32)
    # How many of its rows took over the position of somebody who was never exposed.
    reused = models.PositiveBigIntegerField(default=0, db_default=0)
    # What minimisation looks back on: by "gender=woman" and so on, how many of each arm have it.
    tally = models.JSONField(db_default=Value({}, models.JSONField()), default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "randomisation", "mode", "stratum"], name="one_head_per_list"
            )
        ]

    def __str__(self) -> str:
        stratum = stratum_said(self.stratum) or "·"
        return f"{self.randomisation} {self.mode} {stratum} @{self.next_position}"


class Allocation(models.Model):
    """One row of the ledger; append-only. It names no participant: they hold its `key`."""

    key = models.UUIDField(unique=True)
    version = models.ForeignKey(DesignVersion, models.PROTECT, related_name="+")
    randomisation = models.CharField(max_length=32)
    mode = models.CharField(max_length=9, choices=Mode)
    stratum = models.TextField(blank=True)
    position = models.PositiveBigIntegerField()
    # Which of the participant's vignettes, for decks; else 1.
    draw = models.PositiveSmallIntegerField(default=1, db_default=1)
    block = models.PositiveBigIntegerField()
    arm = models.CharField(max_length=200)
    # Keyed hash of the participant and the key: shows a swap of two links, and names nobody.
    holder = models.BinaryField(max_length=32)
    # The exact fraction, such as 1/6.
    probability = models.TextField()
    # The position whose row this one marks as released, since it takes over its place in the list.
    releases = models.PositiveBigIntegerField(null=True)
    # What the draw went by, such as gender=woman&age_group=2 under minimisation; else empty.
    covariates = models.TextField(blank=True, db_default="")
    allocated_at = models.DateTimeField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering: ClassVar = ["version", "randomisation", "mode", "stratum", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "randomisation", "mode", "stratum", "position"],
                name="one_allocation_per_position",
            )
        ]

    def __str__(self) -> str:
        return f"{stratum_said(self.stratum) or '·'} @{self.position}: {self.arm}"
