"""Participants and what they sent."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Now
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from experiments.models import DesignVersion, Study
from experiments.modes import ModeCode


class Mode(models.TextChoices):
    """Whether a participant counts: only live ones are the study's data."""

    LIVE = ModeCode.LIVE, _("live")
    PILOT = ModeCode.PILOT, _("pilot")
    REHEARSAL = ModeCode.REHEARSAL, _("rehearsal")


class State(models.TextChoices):
    """How far a participant came: answering, or exactly one of the others, for good.

    Only withdrawal moves somebody out of another end.
    """

    ANSWERING = "answering", _("answering")
    REFUSED = "refused", _("refused")
    SCREENED_OUT = "screened_out", _("screened out")
    QUOTA_FULL = "quota_full", _("quota full")
    WITHDRAWN = "withdrawn", _("withdrawn")
    COMPLETED = "completed", _("completed")


def _same(one: Q, other: Q) -> Exact:
    """That both hold, or neither, in few words: Postgres reads a check anew with each statement."""
    return Exact(*(ExpressionWrapper(each, BooleanField()) for each in (one, other)))


class Participant(models.Model):
    """One person in one study, with the answers given so far and the link to their allocations.

    `assignments` maps a randomisation's code to its ledger key, arm, levels and probability. It
    is the only link from a person to the ledger.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The index of the lists begins with it.
    study = models.ForeignKey(Study, models.PROTECT, db_index=False, related_name="participants")
    version = models.ForeignKey(DesignVersion, models.PROTECT, related_name="participants")
    mode = models.CharField(max_length=9, choices=Mode)
    # Keyed hash of the cookie's token, which is the resume code too; the token is kept nowhere.
    token_hash = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.ANSWERING)
    revision = models.IntegerField(default=0)
    page = models.CharField(max_length=32)
    language = models.CharField(max_length=16)
    answers = models.JSONField(default=dict)
    assignments = models.JSONField(default=dict)
    # True while the page they are on shows the vignette and was not yet served.
    awaits_exposure = models.BooleanField(default=False)
    # Whether a position of theirs is given again unless they see the vignette in time.
    may_be_released = models.BooleanField(default=False, db_default=False)
    entered_at = models.DateTimeField(db_default=Now())
    consented_at = models.DateTimeField(null=True)
    exposed_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    # The code of the outcome that they came to, whichever it is.
    completion_code = models.CharField(max_length=16, blank=True)
    # Panel parameters by code, but for the one that identifies: that is in PanelIdentity.
    parameters = models.JSONField(default=dict)
    # Of them, those whose values the study lists: few enough to be counted.
    listed = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    # The kind of device that they entered by; empty where no paradata is kept.
    device = models.CharField(max_length=8, blank=True, db_default="")
    # What was shown in an order of their own: code of scale, item or block to codes in that order.
    orders = models.JSONField(default=dict)
    # Items whose answers don't count, since in the end they were not to be shown.
    not_shown = models.JSONField(default=list)
    # Wrong answers to comprehension checks, by item.
    tries = models.JSONField(default=dict)
    # What the quality rules found, by rule; null until they looked.
    flags = models.JSONField(null=True)
    # The revision that they looked at.
    flagged_revision = models.IntegerField(null=True)
    # Keyed hash of the day, the address and the browser: finds duplicates, names nobody.
    fingerprint = models.BinaryField(max_length=32, null=True)
    # Whether the browser that they entered by was somebody else of the study and mode before.
    known_browser = models.BooleanField(default=False, db_default=False)
    # The number of the first look whose cut holds them: from then on their arm is no secret.
    first_look = models.SmallIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "completion_code"],
                condition=~Q(completion_code=""),
                name="one_participant_per_completion_code",
            ),
            models.CheckConstraint(
                condition=_same(Q(state=State.COMPLETED), Q(completed_at__isnull=False)),
                name="completed_has_its_time",
            ),
            models.CheckConstraint(
                condition=_same(Q(state=State.ANSWERING), Q(ended_at__isnull=True)),
                name="ended_has_its_time",
            ),
            models.CheckConstraint(
                condition=Case(
                    When(state=State.REFUSED, then=Q(consented_at__isnull=True)),
                    When(state=State.COMPLETED, then=Q(consented_at__isnull=False)),
                    default=Value(True),
                    output_field=BooleanField(),
                ),
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
            # With the number, so that a list of any of them is read in its order.
            models.Index(fields=["study", "mode", "state", "id"], name="participants_in_order"),
            # Few at any time. It knows no column that a page changes in studies that give no
            # position again: a row that is written there is written to no index.
            models.Index(
                fields=["version", "mode"],
                condition=Q(may_be_released=True),
                name="positions_to_give_again",
            ),
            models.Index(
                fields=["study", "fingerprint"],
                condition=Q(fingerprint__isnull=False),
                name="duplicates_by_fingerprint",
            ),
        ]
        permissions: ClassVar = [
            ("withdraw_participant", "Can withdraw a participant who asks for it"),
            ("mark_participant", "Can mark participants for exclusion"),
        ]

    def __str__(self) -> str:
        return self.reference.hex[:8]


class Submission(models.Model):
    """One page that a participant sent; append-only, which a trigger holds."""

    # Its constraint has an index that begins with it; so in the two tables below.
    participant = models.ForeignKey(
        Participant, models.PROTECT, db_index=False, related_name="submissions"
    )
    # The revision of the participant that this submission made.
    revision = models.IntegerField()
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


class Draft(models.Model):
    """What is typed on a page and not sent yet, as fields; it is gone once the page is sent."""

    participant = models.ForeignKey(
        Participant, models.CASCADE, db_index=False, related_name="drafts"
    )
    page = models.CharField(max_length=32)
    # The participant's revision in which it was typed. It is shown in that one alone, so that a
    # page beats what was saved while it was being stored. None if it is kept whatever the revision:
    # they left it without sending its page, by going back, or it is of before this was noted.
    revision = models.IntegerField(null=True)
    # Field name to the values that it would send.
    fields = models.JSONField(default=dict)
    # Counts up with each saving, so that one that was overtaken on its way is not taken for new.
    number = models.PositiveBigIntegerField(db_default=1)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participant", "page"], name="one_draft_per_page")
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.saved_at:%Y-%m-%d %H:%M}"


class Paradata(models.Model):
    """Timings and device facts of one submission, apart from its answers; append-only.

    A page that was left by going back has its seconds too, and no facts.
    """

    participant = models.ForeignKey(
        Participant, models.PROTECT, db_index=False, related_name="paradata"
    )
    # The revision of the submission, or that the way back made.
    revision = models.IntegerField()
    page = models.CharField(max_length=32)
    # From when the page became theirs (the submission before it) to when it was received.
    seconds = models.DecimalField(max_digits=12, decimal_places=3)
    # What the browser told: device, viewport, changes, visibility, pastes; see paradata.py.
    facts = models.JSONField(default=dict)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participant", "revision"], name="one_paradata_per_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page} r{self.revision}"
