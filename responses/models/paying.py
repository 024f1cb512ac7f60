"""Lists of those who are to be paid, kept so that nobody is paid twice."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from experiments.models import Study
from responses.models.participant import Mode, Participant


class PayList(models.Model):
    """One list of a study's mode, by its number there; append-only."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="pay_lists")
    mode = models.CharField(max_length=9, choices=Mode)
    number = models.PositiveIntegerField()
    # The parameter of the link, and its value, that the list holds alone; empty for everybody.
    parameter = models.CharField(max_length=32, blank=True)
    value = models.CharField(max_length=200, blank=True)
    # What each is paid, as it was written, such as 1.50 GBP.
    amount = models.CharField(max_length=40, blank=True)
    people = models.PositiveIntegerField()
    actor = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "mode", "number"], name="one_pay_list_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.number}"


class Payment(models.Model):
    """That somebody stands in a list: in one at most. Append-only."""

    pay_list = models.ForeignKey(PayList, models.PROTECT, related_name="payments")
    participant = models.OneToOneField(Participant, models.PROTECT, related_name="payment")

    class Meta:
        ordering: ClassVar = ["participant"]

    def __str__(self) -> str:
        return f"{self.pay_list_id}: {self.participant_id}"
