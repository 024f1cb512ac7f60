"""What the desk calls the roles, and what it says of each."""

from django.utils.translation import gettext_lazy as _

from experiments import roles

ROLE_NAMES = {
    roles.OWNER: _("owner"),
    roles.EDITOR: _("editor"),
    roles.FIELD_MANAGER: _("field manager"),
    roles.ANALYST: _("analyst"),
    roles.DATA_STEWARD: _("data steward"),
    roles.AUDITOR: _("auditor"),
}
ROLE_WORDS = {
    roles.OWNER: _("Does everything in the study, and says who else works on it."),
    roles.EDITOR: _("Builds the study; sees no participants and launches nothing."),
    roles.FIELD_MANAGER: _("Invites, counts, pays and flags participants; reads no answers."),
    roles.ANALYST: _(
        "Reads pooled figures, and a look once it is spent; downloads data as the study's state "
        "lets them out."
    ),
    roles.DATA_STEWARD: _("Finds people by who they are, and erases them; reads no answers."),
    roles.AUDITOR: _("Reads everything that is no secret yet, the logs too; changes nothing."),
}
