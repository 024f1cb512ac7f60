"""What was taken out of the study, and what was erased in it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from experiments.models import Study
from responses.models.participant import Mode


class ExportRecord(models.Model):
    """One export that was asked for; one that unblinded a collecting study is a deviation."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="exports")
    mode = models.CharField(max_length=9, choices=Mode)
    unblinded = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    actor = models.CharField(max_length=150)
    # By their names in `responses.export`; several tables with spaces between.
    format = models.CharField(max_length=16, default="csv", db_default="csv")
    tables = models.CharField(max_length=200, default="participants", db_default="participants")
    exported_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-exported_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unblinded=False) | ~Q(reason=""), name="unblinding_has_a_reason"
            )
        ]
        permissions: ClassVar = [
            ("export_data", "Can download a study's data"),
            ("unblind_export", "Can download the arms of a study that still collects"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.exported_at:%Y-%m-%d}"


class ExportStatement(models.Model):
    """What an export that was made whole holds; append-only.

    `counts` are those of `responses.export.reconciliation`, `rows` those of each table.
    """

    export = models.OneToOneField(ExportRecord, models.PROTECT, related_name="statement")
    counts = models.JSONField()
    rows = models.JSONField()
    stated_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.export_id}: {self.rows}"


class WithdrawnCode(models.Model):
    """The code of somebody who withdrew, by its hash: says whether to pay, and leads to no row."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="+")
    code_hash = models.BinaryField(max_length=32, unique=True)
    # Whether they had come to the end page.
    finished = models.BooleanField()

    def __str__(self) -> str:
        return f"#{self.pk}"


class Erasure(models.Model):
    """That something was erased: when, of which study, by whom, how much; append-only."""

    class Kind(models.TextChoices):
        """Why."""

        WITHDRAWAL = "withdrawal", _("withdrawal")
        REHEARSAL = "rehearsal", _("deletion of a rehearsal")
        RETENTION = "retention", _("erasure of identities")

    study = models.ForeignKey(Study, models.PROTECT, related_name="erasures")
    mode = models.CharField(max_length=9, choices=Mode)
    kind = models.CharField(max_length=16, choices=Kind)
    # "participant", "retention" where it was due, or the name of whoever did it.
    actor = models.CharField(max_length=150)
    # Rows erased by table; whether partial data was kept is `kept`.
    rows = models.JSONField(default=dict)
    kept = models.BooleanField(default=False)
    erased_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-erased_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind="rehearsal") | Q(mode=Mode.REHEARSAL),
                name="only_rehearsals_are_deleted",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["study", "mode", "kind", "id"], name="erasures_in_order")
        ]
        permissions: ClassVar = [("delete_rehearsal", "Can delete the rehearsal of a study")]

    def __str__(self) -> str:
        return f"{self.kind} {self.erased_at:%Y-%m-%d}"


class FlagsBasis(models.Model):
    """Of what a mode's quality flags were computed: while that is so they are not again."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="+")
    mode = models.CharField(max_length=9, choices=Mode)
    # As `responses.quality.refreshing` tells it.
    basis = models.TextField()
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "mode"], name="one_basis_of_flags_per_mode")
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.mode} {self.computed_at:%Y-%m-%d %H:%M}"
