"""What an account may do in which study: `may` is the one question that every page asks.

docs/decisions/0020-roles-and-membership.md says how roles, groups and memberships go together.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from experiments.models import Membership, Study
from experiments.refusals import Refused
from experiments.roles import OWNER, ROLES, is_of_a_study

Account = User | AnonymousUser
_PERMISSION = ("content_type__app_label", "codename")


def may(user: Account, permission: str, study: Study | int) -> bool:
    """Whether the account may do that in that study; a superuser may do everything in each."""
    if not user.is_active or user.is_anonymous:
        return False
    key = study if isinstance(study, int) else study.pk
    return user.is_superuser or permission in _granted(user).get(key, frozenset())


def studies_where(user: Account, *permissions: str) -> QuerySet[Study]:
    """The studies in which the account may do all of that; those of its memberships for none."""
    if user.is_active and user.is_superuser:
        return Study.objects.all()
    if not user.is_active or user.is_anonymous:
        return Study.objects.none()
    wanted = frozenset(permissions)
    return Study.objects.filter(
        pk__in=[key for key, has in _granted(user).items() if wanted <= has]
    )


class RolesBackend(ModelBackend):
    """Django's accounts; what is done in a study is granted by memberships alone.

    `user.has_perm` says of such a permission whether some study grants it, which is what the menu
    asks; `may` says it of one study. Groups and permissions of the account's own count for what
    belongs to no study: accounts, and making a study.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the account may do that: in some study, or at all."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return False
        if is_of_a_study(perm):
            return any(perm in has for has in _granted(user_obj).values())
        return perm in _own(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the account may do anything with the rows of that app."""
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Everything that the account may do somewhere."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return {*_own(user_obj)}.union(*_granted(user_obj).values())


def _granted(user: Any) -> dict[int, frozenset[str]]:
    """What each of its memberships grants an account, by the study; read once for each request."""
    if not hasattr(user, "_granted_by_study"):
        name = Concat("role__permissions__content_type__app_label", Value("."), _role("codename"))
        known = Q(role__permissions__isnull=False)
        rows = Membership.objects.filter(user=user).order_by().values_list("study_id")
        user._granted_by_study = {
            study: frozenset(filter(is_of_a_study, names))
            for study, names in rows.annotate(names=ArrayAgg(name, filter=known, default=[]))
        }
    granted: dict[int, frozenset[str]] = user._granted_by_study
    return granted


def _role(name: str) -> str:
    return f"role__permissions__{name}"


def _own(user: Any) -> frozenset[str]:
    """What an account may do that belongs to no study; read once for each request."""
    if not hasattr(user, "_own_permissions"):
        found = Permission.objects.all()
        if not user.is_superuser:
            found = found.filter(Q(user=user) | Q(group__user=user))
        names = {".".join(each) for each in found.order_by().values_list(*_PERMISSION)}
        own = names if user.is_superuser else {name for name in names if not is_of_a_study(name)}
        user._own_permissions = frozenset(own)
    permissions: frozenset[str] = user._own_permissions
    return permissions


@transaction.atomic
def sync_roles() -> list[str]:
    """Makes the groups of the table in `roles`, with its permissions exactly; returns their names.

    Groups of other names stay as they are. It runs again without harm.
    """
    known = {
        ".".join((room, name)): key
        for room, name, key in Permission.objects.values_list(*_PERMISSION, "pk")
    }
    for role, names in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in names])
    return list(ROLES)


@transaction.atomic
def give_role(*, study: Study, username: str, role: str) -> Membership:
    """Makes an account a member of a study, or gives a member another role; returns the membership.

    Refused if there is no such account that may use the desk, no such role, or the study would be
    left without an owner.
    """
    Study.objects.select_for_update().get(pk=study.pk)
    user = User.objects.filter(username=username, is_active=True, is_staff=True).first()
    if user is None:
        raise Refused(f"There is no account {username} that may use the desk.")
    if role not in ROLES:
        raise Refused(f"There is no role {role}; the roles are: {', '.join(ROLES)}.")
    if not Group.objects.filter(name=role).exists():
        sync_roles()
    group = Group.objects.get(name=role)
    before = Membership.objects.filter(study=study, user=user).select_related("role").first()
    if before is not None and before.role != group:
        _check_owner_stays(before)
    made, _new = Membership.objects.update_or_create(
        study=study, user=user, defaults={"role": group}
    )
    return made


@transaction.atomic
def take_role(*, study: Study, username: str) -> Membership:
    """Ends a membership, which is returned; Refused if there is none, or it is the last owner's."""
    Study.objects.select_for_update().get(pk=study.pk)
    found = Membership.objects.filter(study=study, user__username=username)
    member = found.select_related("role").first()
    if member is None:
        raise Refused(f"{username} is no member of {study.slug}.")
    _check_owner_stays(member)
    member.delete()
    return member


def own(*, study: Study, user: Account) -> Membership | None:
    """Makes who made a study its owner; a superuser needs no role, and None is returned."""
    if user.is_superuser:
        return None
    return give_role(study=study, username=user.get_username(), role=OWNER)


def _check_owner_stays(member: Membership) -> None:
    if member.role.name != OWNER:
        return
    owners = Membership.objects.filter(
        study=member.study_id, role__name=OWNER, user__is_active=True
    )
    if not owners.exclude(pk=member.pk).exists():
        raise Refused("A study keeps an owner: make somebody else one first.")
