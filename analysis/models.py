"""Looks: what was analysed, of whom, under which plan, by which code; and what became of them.

And the tokens by which programs read over the API. Simulations are in `analysis.power.records`,
rehearsals in `analysis.rehearsal_records`.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from analysis.power.records import Simulation, SimulationBatch, SimulationEnd
from analysis.rehearsal_records import RehearsalEnd, RehearsalRun
from experiments.models import DesignVersion, Study
from responses.models import ExportRecord, Mode

__all__ = [
    "ApiToken",
    "Bundle",
    "Look",
    "LookEvent",
    "OrderedLook",
    "RehearsalEnd",
    "RehearsalRun",
    "Replanning",
    "Simulation",
    "SimulationBatch",
    "SimulationEnd",
]


class OrderedLook(models.Model):
    """A look that somebody ordered though the plan does not announce it; append-only.

    It takes everybody who is eligible when it runs. Once the study's last look is due it is void.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="ordered_looks")
    mode = models.CharField(max_length=9, choices=Mode)
    reason = models.TextField()
    # The name of the account, which stays when the account goes.
    ordered_by = models.CharField(max_length=150)
    ordered_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["study", "mode", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="ordering_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.mode} {self.ordered_at:%Y-%m-%d}"


class Look(models.Model):
    """One spent look; append-only, which a trigger holds.

    Its cut is the participants of the study and mode whose `first_look` is at most its number.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="looks")
    mode = models.CharField(max_length=9, choices=Mode)
    # The place in the plan plus the looks before it that the plan does not announce.
    number = models.PositiveSmallIntegerField()
    # Which look of the plan it is, from 1; null for one that the plan does not announce.
    planned = models.PositiveSmallIntegerField(null=True)
    # Who ordered it, for one that the plan does not announce.
    order = models.OneToOneField(OrderedLook, models.PROTECT, null=True, related_name="look")
    # The version whose plan governs.
    version = models.ForeignKey(DesignVersion, models.PROTECT, related_name="+")
    final = models.BooleanField()
    n = models.PositiveIntegerField()
    # The information at which it was spent: n over the planned participants.
    fraction = models.FloatField()
    cut_digest = models.CharField(max_length=64)
    plan_digest = models.CharField(max_length=64)
    code_version = models.CharField(max_length=64)
    libraries = models.JSONField(default=dict)
    results = models.JSONField(default=dict)
    spent_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["study", "mode", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "mode", "number"], name="one_look_per_number"),
            models.UniqueConstraint(fields=["study", "mode", "planned"], name="planned_looks_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="looks_count_from_one"),
            models.CheckConstraint(
                condition=Q(planned=None) ^ Q(order=None), name="looks_are_planned_or_ordered"
            ),
        ]
        permissions: ClassVar = [
            ("order_look", "Can order a look that the plan does not announce"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.mode} {self.number}"


class Replanning(models.Model):
    """The sample size of a study and mode, fixed anew from the pooled SD of `n`; append-only."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="replannings")
    mode = models.CharField(max_length=9, choices=Mode)
    n = models.PositiveIntegerField()
    # Of all arms together; null if the outcome did not vary.
    pooled_sd = models.FloatField(null=True)
    sample_size = models.PositiveIntegerField()
    replanned_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["study", "mode"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "mode"], name="replanned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.mode} {self.sample_size}"


class LookEvent(models.Model):
    """One event of the looks of a study and mode, in a chain of digests; append-only.

    `number` is the look's, `actor` the name of an account, empty for the schedule.
    """

    class Kind(models.TextChoices):
        """What happened."""

        ORDERED = "ordered", _("ordered")
        SPENT = "spent", _("spent")
        OPENED = "opened", _("opened")
        FAILED = "failed", _("failed")
        RETRIED = "retried", _("run again")
        PAUSED = "paused", _("recruitment paused")
        REPLANNED = "replanned", _("sample size fixed anew")
        ERASED = "erased", _("rehearsal deleted")

    study = models.ForeignKey(Study, models.PROTECT, related_name="look_events")
    mode = models.CharField(max_length=9, choices=Mode)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=9, choices=Kind)
    number = models.PositiveSmallIntegerField(null=True)
    actor = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["study", "mode", "position"]
        constraints: ClassVar = [
            # Two events can't follow the same one, whatever the lock did.
            models.UniqueConstraint(
                fields=["study", "mode", "position"], name="one_event_per_position"
            ),
            models.CheckConstraint(
                condition=~Q(kind="erased") | Q(mode=Mode.REHEARSAL),
                name="only_looks_of_rehearsals_are_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.mode} {self.position} {self.kind}"


class Bundle(models.Model):
    """A replication bundle that was asked for, and how far its making is.

    Whose it is, of which mode and which tables, its record says.
    """

    class Step(models.TextChoices):
        """What is made now, in this order; or how it ended."""

        WAITING = "waiting", _("waits for a worker")
        DATA = "data", _("data and ledger")
        CODEBOOK = "codebook", _("codebook and designs")
        LOOKS = "looks", _("looks and their plots")
        PACKING = "packing", _("packing")
        MADE = "made", _("made")
        FAILED = "failed", _("failed")

    export = models.OneToOneField(ExportRecord, models.PROTECT, related_name="bundle")
    # Whether a worker makes it and the desk keeps it; else who ran the command has the file.
    at_desk = models.BooleanField(default=False)
    # One of `analysis.bundle.licence`.
    licence = models.CharField(max_length=16)
    step = models.CharField(max_length=8, choices=Step, default=Step.WAITING)
    # Since when it is at this step, as its page says; its lock says who makes it.
    told_at = models.DateTimeField(db_default=Now())
    # How many workers began it: one that is killed leaves it to the next.
    starts = models.PositiveSmallIntegerField(default=0)
    # Why it failed, and what to do.
    problem = models.TextField(blank=True)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.export_id} {self.step}"


class ApiToken(models.Model):
    """What lets a program read over the API in its owner's name; only its secret's hash is kept.

    It reaches the named studies by the named scopes, and never more than its owner may just then.
    """

    class Scope(models.TextChoices):
        """What may be read."""

        EXPORT = "export", _("data")
        CODEBOOK = "codebook", _("codebook")
        LOOKS = "looks", _("spent looks")
        ALLOCATION = "allocation", _("allocation")
        INVITATIONS = "invitations", _("invitations")
        PANEL = "panel", _("status by the panel's id")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    # What it is for, in its owner's words.
    name = models.CharField(max_length=100)
    # The part of the token that is no secret, by which it is found and named.
    public_id = models.CharField(max_length=10, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    studies = models.ManyToManyField(Study, related_name="+")
    scopes = models.JSONField(default=list)
    # The name of the account, or of the shell's user, who made it.
    made_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    # To the minute.
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.public_id} {self.name}"
