"""Who saw and said what: participants, what they sent, and the ledger of who was given which arm.

Participant pages read and write these rows by one hand-written statement each (arrival,
submission, allocation); the models hold the schema, the constraints and what the desk lists.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from experiments.models import DesignVersion, Study
from experiments.modes import ModeCode


class Mode(models.TextChoices):
    """Whether a participant counts: only live ones are the study's data."""

    LIVE = ModeCode.LIVE, _("live")
    PILOT = ModeCode.PILOT, _("pilot")
    REHEARSAL = ModeCode.REHEARSAL, _("rehearsal")


class State(models.TextChoices):
    """How far a participant came; each ends in exactly one of the last two or stays answering."""

    ANSWERING = "answering", _("answering")
    REFUSED = "refused", _("refused")
    COMPLETED = "completed", _("completed")


class Participant(models.Model):
    """One person in one study, with the answers given so far and the link to their allocations.

    `assignments` maps a randomisation's code to its ledger key, arm, levels and probability. It
    is the only link from a person to the ledger.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    study = models.ForeignKey(Study, models.PROTECT, related_name="participants")
    version = models.ForeignKey(DesignVersion, models.PROTECT, related_name="participants")
    mode = models.CharField(max_length=9, choices=Mode)
    # Keyed hash of the cookie's token, which is the resume code too; the token is kept nowhere.
    token_hash = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(max_length=9, choices=State, default=State.ANSWERING)
    revision = models.PositiveIntegerField(default=0)
    page = models.CharField(max_length=32)
    language = models.CharField(max_length=16)
    answers = models.JSONField(default=dict)
    assignments = models.JSONField(default=dict)
    # True while the page they are on shows the vignette and was not yet served.
    awaits_exposure = models.BooleanField(default=False)
    entered_at = models.DateTimeField(db_default=Now())
    consented_at = models.DateTimeField(null=True)
    exposed_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(db_default=Now())
    completion_code = models.CharField(max_length=16, blank=True)
    # The number of the first look whose cut holds them: from then on their arm is no secret.
    first_look = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "completion_code"],
                condition=~Q(completion_code=""),
                name="one_participant_per_completion_code",
            ),
            models.CheckConstraint(
                condition=Q(state=State.COMPLETED, completed_at__isnull=False)
                | (~Q(state=State.COMPLETED) & Q(completed_at__isnull=True)),
                name="completed_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REFUSED, consented_at__isnull=True)
                | (~Q(state=State.REFUSED) & Q(consented_at__isnull=False)),
                name="refused_or_consented",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("study"),
                F("mode"),
                F("completed_at"),
                F("id"),
                condition=Q(state=State.COMPLETED),
                name="completes_in_order",
            ),
            models.Index(fields=["study", "mode", "state"], name="participants_by_state"),
        ]

    def __str__(self) -> str:
        return self.reference.hex[:8]


class Submission(models.Model):
    """One page that a participant sent; append-only, which a trigger holds."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="submissions")
    # The revision of the participant that this submission made.
    revision = models.PositiveIntegerField()
    page = models.CharField(max_length=32)
    language = models.CharField(max_length=16)
    answers = models.JSONField(default=dict)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participant", "revision"], name="one_submission_per_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page} r{self.revision}"


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

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "randomisation", "mode", "stratum"], name="one_head_per_list"
            )
        ]

    def __str__(self) -> str:
        return f"{self.randomisation} {self.mode} {self.stratum or '·'} @{self.next_position}"


class Allocation(models.Model):
    """One row of the ledger; append-only. It names no participant: they hold its `key`."""

    key = models.UUIDField(unique=True)
    version = models.ForeignKey(DesignVersion, models.PROTECT, related_name="+")
    randomisation = models.CharField(max_length=32)
    mode = models.CharField(max_length=9, choices=Mode)
    stratum = models.TextField(blank=True)
    position = models.PositiveBigIntegerField()
    block = models.PositiveBigIntegerField()
    arm = models.CharField(max_length=200)
    # Keyed hash of the participant and the key: shows a swap of two links, and names nobody.
    holder = models.BinaryField(max_length=32)
    # The exact fraction, such as 1/6.
    probability = models.CharField(max_length=32)
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
        return f"{self.stratum or '·'} @{self.position}: {self.arm}"


class ExportRecord(models.Model):
    """One export that was asked for; one that unblinded a collecting study is a deviation."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="exports")
    mode = models.CharField(max_length=9, choices=Mode)
    unblinded = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    actor = models.CharField(max_length=150)
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
