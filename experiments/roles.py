"""The roles that somebody can have in a study, and what each may do; docs/roles.md shows the table.

A permission is named as Django names it: the room, a dot, what may be done to which rows. What is
secret while a study collects is secret from every role: `responses.blinding` asks for none.
"""

from collections.abc import Iterable

OWNER, EDITOR, FIELD_MANAGER = "owner", "editor", "field manager"
ANALYST, DATA_STEWARD, AUDITOR = "analyst", "data steward", "auditor"

# Rooms whose permissions hold in one study, by a membership in it.
STUDY_ROOMS = frozenset({"experiments", "responses", "analysis"})
# The one permission of theirs that belongs to no study: an account has it by itself or not at all.
ADD_STUDY = "experiments.add_study"
CHANGE_MEMBERS = "experiments.change_membership"

PARTS = (
    *("factor", "level", "randomisation", "arm", "scale", "option", "subscale", "page", "item"),
    *("block", "image", "plan", "contrast", "parameter", "quota", "limit", "ending"),
)


def _rows(room: str, rows: Iterable[str], *acts: str) -> frozenset[str]:
    return frozenset(f"{room}.{act}_{row}" for row in rows for act in acts)


READ_STUDY = _rows("experiments", ("study", "designversion", *PARTS), "view")
EDIT_STUDY = _rows("experiments", PARTS, "add", "change", "delete") | {"experiments.change_study"}
OWN_TOKENS = _rows("analysis", ("apitoken",), "view", "add", "change")
READ_PEOPLE = frozenset({"responses.view_participant", "responses.view_invitation"})
READ_LOG = frozenset(
    {
        "experiments.view_membership",
        "responses.view_exportrecord",
        "responses.view_erasure",
        "responses.view_identityreading",
    }
)
FIELD = READ_PEOPLE | {
    "responses.add_invitation",
    "responses.change_participant",
    "responses.mark_participant",
}
REHEARSE = frozenset({"analysis.rehearse_study", "responses.delete_rehearsal"})
STEWARDSHIP = frozenset(
    {
        "responses.withdraw_participant",
        "responses.view_panelidentity",
        "responses.add_paylist",
    }
)

ROLES: dict[str, frozenset[str]] = {
    OWNER: READ_STUDY
    | EDIT_STUDY
    | OWN_TOKENS
    | FIELD
    | STEWARDSHIP
    | READ_LOG
    | REHEARSE
    | {
        "experiments.launch_study",
        "experiments.delete_study",
        CHANGE_MEMBERS,
        "responses.view_submission",
        "responses.export_data",
        "responses.unblind_export",
        "analysis.view_look",
        "analysis.order_look",
    },
    EDITOR: READ_STUDY | EDIT_STUDY | REHEARSE,
    FIELD_MANAGER: READ_STUDY | FIELD | OWN_TOKENS,
    ANALYST: READ_STUDY | OWN_TOKENS | {"analysis.view_look", "responses.export_data"},
    DATA_STEWARD: READ_STUDY | READ_PEOPLE | STEWARDSHIP | READ_LOG,
    AUDITOR: READ_STUDY
    | READ_PEOPLE
    | READ_LOG
    | {
        "responses.view_submission",
        "responses.view_panelidentity",
        "responses.export_data",
        "analysis.view_look",
        "analysis.view_apitoken",
    },
}


def is_of_a_study(permission: str) -> bool:
    """Whether the permission holds in a study, by a membership, and nowhere else."""
    return permission.partition(".")[0] in STUDY_ROOMS and permission != ADD_STUDY
