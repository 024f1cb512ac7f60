"""Who may enter: panel identities, invitations, places of quotas."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from experiments.models import Study
from responses.models.participant import Mode, Participant


class PanelIdentity(models.Model):
    """The id by which a panel knows somebody: one participant in a study's mode.

    After a withdrawal the value is erased and the participant cut off; the keyed hash stays, so
    that nobody enters again with it.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=9, choices=Mode)
    value_hash = models.BinaryField(max_length=32)
    value = models.TextField(blank=True)
    participant = models.OneToOneField(
        Participant, models.SET_NULL, null=True, related_name="panel_identity"
    )
    arrived_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "panel identities"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "mode", "value_hash"], name="one_participant_per_panel_id"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Invitation(models.Model):
    """A personal link that admits one participant."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="invitations")
    # What the researcher calls the person; erased when they withdraw.
    label = models.CharField(max_length=200, blank=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    participant = models.OneToOneField(
        Participant, models.SET_NULL, null=True, related_name="invitation"
    )
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True)
    # How often they were put on a list to be invited again, and when last.
    reminded = models.PositiveSmallIntegerField(default=0, db_default=0)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "label"],
                condition=~Q(label=""),
                name="one_invitation_per_label",
            )
        ]

    def __str__(self) -> str:
        return self.label or f"#{self.pk}"


class Reminding(models.Model):
    """One list of invited people to be invited again; append-only, and without their labels."""

    class Whom(models.TextChoices):
        """Whom it holds."""

        NOT_BEGUN = "not_begun", _("invited, and not begun")
        NOT_FINISHED = "not_finished", _("begun, and not finished")

    class Links(models.TextChoices):
        """Which links it holds: the database has none of those that were sent."""

        LABELS = "labels", _("none: their labels alone")
        KEPT = "kept", _("those of the file that you kept")
        NEW = "new", _("new ones: links that were sent stop working")

    study = models.ForeignKey(Study, models.PROTECT, related_name="remindings")
    whom = models.CharField(max_length=12, choices=Whom)
    links = models.CharField(max_length=8, choices=Links)
    people = models.PositiveIntegerField()
    actor = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.whom} {self.made_at:%Y-%m-%d}"


class QuotaCell(models.Model):
    """The lock under which the places of one cell of a quota are counted."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=9, choices=Mode)
    quota = models.CharField(max_length=32)
    cell = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "mode", "quota", "cell"], name="one_row_per_quota_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.quota} {self.cell or '·'} {self.mode}"


class QuotaPlace(models.Model):
    """A place in a cell, held until `leased_until`, for good (null) by who completed."""

    cell = models.ForeignKey(QuotaCell, models.PROTECT, related_name="places")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="places")
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cell", "participant"], name="one_place_per_cell")
        ]
        # Those held now, beside many that are kept.
        indexes: ClassVar = [
            models.Index(
                fields=["cell", "leased_until"],
                condition=Q(leased_until__isnull=False),
                name="leased_places",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cell_id}: {self.participant_id}"
