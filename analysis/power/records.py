"""What was simulated of a study's design: what was ordered, what was counted, how it ended.

Nothing of it is ever edited, which a trigger holds.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from analysis.ended import Ended
from experiments.models import Study


class Simulation(models.Model):
    """A simulation of a study's whole design that was ordered; append-only.

    Its studies are numbered from 0, and so are the batches that they are done in.
    """

    # Those of a draft that is deleted stay, so nothing of the database holds this.
    study = models.ForeignKey(
        Study, models.DO_NOTHING, related_name="simulations", db_constraint=False
    )
    # Of the whole design; what is kept of it lacks its pictures.
    design_digest = models.CharField(max_length=64)
    canonical_json = models.TextField()
    # `analysis.power.assumptions.Assumptions`.
    assumed = models.JSONField()
    seed = models.BigIntegerField()
    repeats = models.PositiveIntegerField()
    # The studies of a batch, and how many batches that makes.
    together = models.PositiveIntegerField()
    batches = models.PositiveIntegerField()
    code_version = models.CharField(max_length=64)
    # The name of the account, which stays when the account goes.
    ordered_by = models.CharField(max_length=150)
    ordered_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(repeats__gt=0, together__gt=0, batches__gt=0),
                name="simulations_have_studies",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.study_id} {self.ordered_at:%Y-%m-%d} {self.repeats}"


class SimulationBatch(models.Model):
    """What was counted over one batch of a simulation's studies; append-only."""

    simulation = models.ForeignKey(Simulation, models.PROTECT, related_name="done")
    number = models.PositiveIntegerField()
    # `analysis.power.counts.Counts`.
    counts = models.JSONField()
    code_version = models.CharField(max_length=64)
    done_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["simulation", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["simulation", "number"], name="one_batch_per_number"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.simulation_id} {self.number}"


class SimulationEnd(Ended):
    """How a simulation ended."""

    simulation = models.OneToOneField(Simulation, models.PROTECT, related_name="end")

    class Meta(Ended.Meta):
        ordering: ClassVar = ["simulation"]

    def __str__(self) -> str:
        return f"{self.simulation_id} {self.kind}"
