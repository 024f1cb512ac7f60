"""Marks for exclusion, made by hand: who marked whom, when and why. They exclude nobody."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from experiments.models import Study
from responses.models.participant import Mode, Participant


class MarkReason(models.TextChoices):
    """Why somebody is marked for exclusion; `words` say more."""

    TEST = "test", _("a test by the team")
    DUPLICATE = "duplicate", _("took part before")
    INELIGIBLE = "ineligible", _("not of the population")
    AUTOMATED = "automated", _("a program, or fraud")
    CARELESS = "careless", _("answered without care")
    FAULT = "fault", _("a technical fault")
    OTHER = "other", _("another reason")


class Marking(models.Model):
    """One act: participants of a study's mode were marked, or freed of their mark; append-only."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="markings")
    mode = models.CharField(max_length=9, choices=Mode)
    # False: their marks were taken back.
    excludes = models.BooleanField()
    reason = models.CharField(max_length=16, choices=MarkReason, blank=True)
    words = models.TextField()
    actor = models.CharField(max_length=150)
    # How many it held, those included who withdrew since and took their mark along.
    people = models.PositiveIntegerField()
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(excludes=True) & ~Q(reason="") | Q(excludes=False, reason=""),
                name="mark_has_a_reason",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="mark_is_told_in_words"),
        ]

    def __str__(self) -> str:
        return f"{self.reason or '–'} {self.marked_at:%Y-%m-%d}"


class ExclusionMark(models.Model):
    """That a marking held a participant; the newest of theirs counts. Append-only."""

    marking = models.ForeignKey(Marking, models.PROTECT, related_name="marks")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="marks")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["marking", "participant"], name="marked_once_in_an_act")
        ]

    def __str__(self) -> str:
        return f"{self.marking_id}: {self.participant_id}"
