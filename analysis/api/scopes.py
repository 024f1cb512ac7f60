"""What each scope of a token needs its owner to be allowed: what the desk asks for the same."""

from django.contrib.auth.models import User

from analysis.models import ApiToken
from experiments.membership import may
from experiments.models import Study
from responses.code_views import VIEW as VIEW_PARTICIPANT
from responses.export.views import EXPORT
from responses.invitation_views import VIEW as VIEW_INVITATION

VIEW_STUDY = "experiments.view_study"
VIEW_LOOK = "analysis.view_look"

NEEDED: dict[str, tuple[str, ...]] = {
    ApiToken.Scope.EXPORT: (EXPORT,),
    ApiToken.Scope.CODEBOOK: (EXPORT,),
    ApiToken.Scope.LOOKS: (VIEW_LOOK, EXPORT),
    ApiToken.Scope.ALLOCATION: (VIEW_LOOK, EXPORT),
    ApiToken.Scope.INVITATIONS: (VIEW_INVITATION,),
    ApiToken.Scope.PANEL: (VIEW_PARTICIPANT,),
}


def missing_permissions(owner: User, scope: str, study: Study | None = None) -> list[str]:
    """The permissions that the scope needs and its owner lacks: in that study, or in every one."""
    if study is None:
        return [each for each in NEEDED[scope] if not owner.has_perm(each)]
    return [each for each in NEEDED[scope] if not may(owner, each, study)]
