"""Rehearsals that were ordered at the desk: who comes, of which truth, and how it ended.

The room of rehearsals has no tables, so they are kept here; nothing of it is ever edited.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from analysis.ended import Ended
from experiments.models import Study


class RehearsalRun(models.Model):
    """A rehearsal that was ordered; append-only."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="rehearsals")
    n = models.PositiveIntegerField()
    # What is true of the people, as it was typed (YAML).
    truth = models.TextField()
    seed = models.BigIntegerField()
    # Within how many minutes they come; null at full speed.
    minutes = models.FloatField(null=True)
    # The site's own address, as it was ordered by, and the language that its report is to have.
    site = models.CharField(max_length=300)
    language = models.CharField(max_length=16)
    code_version = models.CharField(max_length=64)
    # The name of the account, which stays when the account goes.
    ordered_by = models.CharField(max_length=150)
    ordered_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(n__gt=0), name="rehearsals_have_people"),
        ]
        default_permissions = ()
        permissions: ClassVar = [("rehearse_study", "Can rehearse a study")]

    def __str__(self) -> str:
        return f"{self.study_id} {self.ordered_at:%Y-%m-%d} {self.n}"


class RehearsalEnd(Ended):
    """How a rehearsal ended, with its report."""

    run = models.OneToOneField(RehearsalRun, models.PROTECT, related_name="end")
    # Whether the platform carried it; null without a report.
    holds = models.BooleanField(null=True)
    verdict = models.TextField(blank=True)
    # The `analysis.cells.Section`s of the report, in the language of the order; and as Markdown.
    sections = models.JSONField(default=list)
    markdown = models.TextField(blank=True)

    class Meta(Ended.Meta):
        ordering: ClassVar = ["run"]

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind}"
