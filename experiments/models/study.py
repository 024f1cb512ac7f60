"""The study, where it stands, and the designs of it that were launched."""

from functools import cached_property
from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from experiments import design
from experiments.design import Access, Design, Randomisation, Withdrawal
from experiments.expansion import dealt, expanded
from experiments.models.codes import choices, code_validator


class Status(models.TextChoices):
    """Where a study stands; `launch` holds the moves between them."""

    DRAFT = "draft", _("draft")
    PILOT = "pilot", _("pilot")
    LIVE = "live", _("live")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("closed")


class Study(models.Model):
    """One survey experiment."""

    slug = models.CharField(max_length=32, unique=True, validators=[code_validator])
    title = models.JSONField(default=dict)
    question = models.JSONField(default=dict, blank=True)
    languages = models.JSONField(default=list)
    debriefing = models.JSONField(default=dict, blank=True)
    access = models.CharField(max_length=16, choices=choices(Access), default=Access.OPEN.value)
    withdrawal = models.CharField(
        max_length=16, choices=choices(Withdrawal), default=Withdrawal.ERASE.value
    )
    paradata = models.BooleanField(default=True)
    fingerprint = models.BooleanField(default=True)
    release_free_text = models.BooleanField(default=False)
    identities_kept_days = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT, editable=False)
    live_version = models.ForeignKey(
        "DesignVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )
    pilot_version = models.ForeignKey(
        "DesignVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )
    # The seed is drawn at the first launch; nobody sees it until the study closes.
    seed_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    seed_encrypted = models.TextField(blank=True, editable=False)
    seed_revealed = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    launched_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        ordering: ClassVar = ["slug"]
        permissions: ClassVar = [("launch_study", "Can launch, pause, resume and close a study")]

    def __str__(self) -> str:
        return self.slug

    @property
    def editable(self) -> bool:
        """Whether its rows may be edited at the desk: while it is a draft or a pilot."""
        return self.status in (Status.DRAFT, Status.PILOT)


class DesignVersion(models.Model):
    """A design that was launched; never edited, which a trigger holds."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    canonical_json = models.TextField()
    # Of its checks that a plan may exclude by, the expected answer by the item's code. The database
    # counts completes by it, and reads no whole design for each of them.
    checks = models.GeneratedField(
        expression=Func(F("canonical_json"), function="coprod_checks"),
        output_field=models.JSONField(),
        db_persist=True,
    )
    reason = models.TextField(blank=True)
    # Launched for the pilot: the plan of a mode is that of the first version launched for it.
    pilot = models.BooleanField(default=False, editable=False)
    launched_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["study", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "number"], name="one_version_per_number"),
            models.CheckConstraint(condition=Q(number__gt=0), name="version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} v{self.number}"

    @cached_property
    def written(self) -> Design:
        """The frozen design as the researcher wrote it, read from its JSON."""
        return design.from_json(self.canonical_json)

    @cached_property
    def design(self) -> Design:
        """The same as participants meet it, decks dealt out."""
        return expanded(self.written)

    def as_written(self, randomisation: str) -> Randomisation:
        """The randomisation of that code as it was written: a deck, if it is one of its draws."""
        if randomisation in (decks := dealt(self.written)):
            return decks[randomisation].deck
        return next(each for each in self.written.randomisations if each.code == randomisation)
