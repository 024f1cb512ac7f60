"""Roles are given and taken in a real browser, on a desk and on a phone."""

import pytest
from django.apps import apps
from playwright.sync_api import expect

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_role_is_given_and_taken_without_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import User

    from tests.responses.export.rows import launched

    # The test's site began with no permissions: its content types were made anew.
    for each in apps.get_app_configs():
        create_permissions(each, verbosity=0)
    person = log_in(live_site, new_context, viewport)
    study = launched()
    for name in ("hana", "an-account-with-a-long-name@university.example"):
        User.objects.create_user(name, is_staff=True)
    page = person.page
    expect(page.get_by_text("Two-factor login is off")).to_be_visible()
    found = barriers(page)
    page.goto(f"{live_site}/admin/experiments/study/{study.pk}/change/")
    page.get_by_role("link", name="Members").click()
    for name, role in (
        ("hana", "owner"),
        ("an-account-with-a-long-name@university.example", "field manager"),
    ):
        page.get_by_label("Name of the account").fill(name)
        page.get_by_label("Role:").select_option(label=role)
        page.get_by_role("button", name="Give the role").click()
        expect(page.get_by_text(f"{name} is {role} now.")).to_be_visible()
    found += barriers(page)
    page.get_by_role("button", name="End the membership of hana").click()
    expect(page.get_by_text("A study keeps an owner")).to_be_visible()
    assert [*found, *barriers(page)] == []
    assert person.wrong == []
