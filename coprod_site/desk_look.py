"""How the desk looks: unfold's options."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _study_page(request: HttpRequest) -> bool:
    """Whether the page is about studies: their parts, preview and counts have no entry."""
    page = request.path.removeprefix(reverse("admin:index"))
    if page.startswith("experiments/"):
        return not page.startswith("experiments/designversion/")
    ours = ("preview", "arms", "watch")
    return page.startswith(tuple(f"responses/participant/{each}/" for each in ours))


def _participant_page(request: HttpRequest) -> bool:
    return "/responses/participant/" in request.path and not _study_page(request)


def _entry(title: Any, icon: str, page: str, permission: str, active: Any = None) -> dict[str, Any]:
    """A line of the menu, for whoever may open its page."""
    link = reverse_lazy(f"admin:{page}")
    entry = {"title": title, "icon": icon, "link": link, "permission": _may(permission)}
    return entry if active is None else entry | {"active": active}


# Texts of unfold's that its own code says, which has no Korean of them.
UNFOLD_SAYS = (_("Select record"),)

# The blue of the participants' pages; 600 and darker carry white text.
BLUE = {
    "50": "#eef4f8",
    "100": "#dbe8f1",
    "200": "#b9d2e3",
    "300": "#8fb8d2",
    "400": "#5f9abf",
    "500": "#3c7da8",
    "600": "#1f5f8b",
    "700": "#1b547b",
    "800": "#174a6d",
    "900": "#123c59",
    "950": "#0b2739",
}

MENU = [
    _entry(
        _("Studies"),
        "science",
        "experiments_study_changelist",
        "experiments.view_study",
        _study_page,
    ),
    _entry(
        _("Participants"),
        "groups",
        "responses_participant_changelist",
        "responses.view_participant",
        _participant_page,
    ),
    _entry(_("Looks"), "query_stats", "analysis_look_changelist", "analysis.view_look"),
    _entry(
        _("Launched versions"),
        "history",
        "experiments_designversion_changelist",
        "experiments.view_designversion",
    ),
    _entry(
        _("Downloads"),
        "download",
        "responses_exportrecord_changelist",
        "responses.view_exportrecord",
    ),
    _entry(
        _("Identities read"),
        "badge",
        "responses_identityreading_changelist",
        "responses.view_identityreading",
    ),
    _entry(_("Erasures"), "ink_eraser", "responses_erasure_changelist", "responses.view_erasure"),
    _entry(_("API tokens"), "key", "analysis_apitoken_changelist", "analysis.view_apitoken"),
    _entry(_("Accounts"), "person", "auth_user_changelist", "auth.view_user"),
]

UNFOLD = {
    "SITE_TITLE": "Coprod",
    "SITE_HEADER": "Coprod",
    "SITE_SUBHEADER": _("Survey experiments"),
    "SITE_SYMBOL": "science",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("responses/icon.svg"),
        }
    ],
    "STYLES": [lambda request: static("desk/desk.css")],
    "SCRIPTS": [lambda request: static("desk/once.js")],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "BORDER_RADIUS": "6px",
    "LOGIN": {"redirect_after": reverse_lazy("admin:index")},
    "DASHBOARD_CALLBACK": "experiments.desk.dashboard.first_page",
    "COLORS": {"primary": BLUE},
    "SIDEBAR": {"navigation": [{"title": _("Coprod"), "items": MENU}]},
}
