"""What somebody at the desk does for a participant who asks: who may, and for whom."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from experiments.membership import may, studies_where
from responses.models import Participant, State

# Of whoever answers requests of participants.
PERMISSIONS = ("responses.view_participant", "responses.withdraw_participant")


def may_act(request: HttpRequest, participant: Participant) -> bool:
    """Whether this account can still withdraw them, or correct an answer of theirs."""
    granted = all(may(request.user, each, participant.study_id) for each in PERMISSIONS)
    return participant.state != State.WITHDRAWN and granted


def participant_for(request: HttpRequest, number: int) -> Participant:
    """The participant of that number, with the study.

    Raises PermissionDenied for an account that answers no requests, Http404 for another's study.
    """
    if not request.user.has_perms(PERMISSIONS):
        raise PermissionDenied
    own = studies_where(request.user, *PERMISSIONS)
    rows = Participant.objects.select_related("study").filter(study__in=own)
    return get_object_or_404(rows, pk=number)
