"""What participants said later of an answer of theirs: that it is not right, and what is."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from responses.models.participant import Participant


class Correction(models.Model):
    """A statement that stands beside an answer, which stays as it was sent; append-only.

    Of several about one item the newest is what the participant says now.
    """

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="corrections")
    item = models.CharField(max_length=64)
    # In words, for people: no value that anything computes with.
    stated = models.TextField()
    reason = models.TextField()
    actor = models.CharField(max_length=150)
    noted_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(stated="") & ~Q(reason=""), name="correction_is_told_in_words"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.noted_at:%Y-%m-%d}"
