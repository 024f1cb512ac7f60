"""Pages as they are rendered for a visit, as trees."""

from typing import Any

from lxml import html

from experiments.design import Design
from responses.rendering import View, Visit, render_design_page
from tests.responses.every_kind import kinds_design


def shown(design: Design, code: str, visit: Visit, language: str = "en") -> Any:
    """The page's tree."""
    return html.fromstring(render_design_page(design, View(0, code, language), visit))


def kinds(visit: Visit, design: Design | None = None, language: str = "en") -> Any:
    """The tree of the page that asks every kind of item."""
    return shown(design or kinds_design(), "kinds", visit, language)
