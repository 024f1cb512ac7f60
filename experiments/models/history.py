"""What a study's rows said after each change; never edited, which a trigger holds."""

from functools import cached_property
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from experiments import design
from experiments.design import Design
from experiments.models.study import Study


class Way(models.TextChoices):
    """How a change was made."""

    FORM = "form", _("in a form")
    IMPORT = "import", _("by a study file at the desk")
    LOAD = "load", _("by load_study")
    COPY = "copy", _("copied from another study")
    BACK = "back", _("taken back")
    # Nobody noted who made it: before there was a history, or by a program past it.
    FOUND = "found", _("found so")


class Edit(models.Model):
    """One change to a study's rows: who, when, how, and the whole design that they made then."""

    # The history of a draft that is deleted stays, so nothing of the database holds this.
    study = models.ForeignKey(Study, models.DO_NOTHING, related_name="history", db_constraint=False)
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField(db_default=Now())
    # The account's name, or who ran the command; empty if nobody knows.
    made_by = models.CharField(max_length=150, blank=True)
    way = models.CharField(max_length=8, choices=Way)
    # The study that was copied, or the number of the change that was gone back to.
    source = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    canonical_json = models.TextField()

    class Meta:
        verbose_name = _("change")
        ordering: ClassVar = ["study_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "number"], name="one_edit_per_number"),
            models.CheckConstraint(condition=Q(number__gt=0), name="edit_counts_from_one"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.study_id} change {self.number}"

    @cached_property
    def design(self) -> Design:
        """The design that the rows made; a draft's may have problems."""
        return design.from_json(self.canonical_json)
