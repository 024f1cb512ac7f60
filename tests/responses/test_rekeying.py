"""Panels' ids and seeds are kept encrypted, and keys can be exchanged while the site runs."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from experiments.models import Study
from experiments.refusals import Refused
from experiments.seed import commitment, seed_of
from responses import rekeying
from responses.identities import opened, sealed
from responses.identity_log import read_identity
from responses.models import PanelIdentity, Participant
from responses.rekeying import Rekeyed, rekey
from tests.responses.arriving import FROM_PANEL
from tests.responses.studies import entered, launched
from tests.responses.ways import of_a_panel

pytestmark = pytest.mark.django_db

OLD, NEW = "old-" * 10, "new-" * 10


def kept() -> list[str]:
    return list(PanelIdentity.objects.order_by("id").values_list("value", flat=True))


def known() -> list[str]:
    people = Participant.objects.order_by("id")
    return [read_identity(participant=each, actor="somebody").panel_id for each in people]


def enter(*panel_ids: str) -> Study:
    study = launched(of_a_panel())
    for panel_id in panel_ids:
        entered(Client(), link=FROM_PANEL.replace("pid1", panel_id))
    return study


def test_database_holds_no_panel_id_as_it_came() -> None:
    enter("worker-1", "worker-2")
    assert known() == ["worker-1", "worker-2"]
    assert not any("worker" in text for text in kept())
    assert len(set(kept())) == 2


def test_nothing_stays_nothing() -> None:
    assert (sealed(""), opened("")) == ("", "")


def test_id_that_an_older_release_wrote_is_read_as_it_came(settings: Any) -> None:
    enter("worker-1")
    PanelIdentity.objects.update(value="worker-1")
    assert known() == ["worker-1"]
    assert rekey() == Rekeyed(seeds=1, panel_ids=1, second_factors=0)
    assert known() == ["worker-1"]
    assert "worker" not in kept()[0]


def test_key_is_exchanged_in_three_steps(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekeying, "AT_ONCE", 2)
    settings.ENCRYPTION_KEYS = [OLD]
    study = enter("worker-1", "worker-2", "worker-3")
    before = kept()

    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert known() == ["worker-1", "worker-2", "worker-3"]
    call_command("rotate_keys")
    assert not set(kept()) & set(before)

    settings.ENCRYPTION_KEYS = [NEW]
    assert known() == ["worker-1", "worker-2", "worker-3"]
    assert commitment(seed_of(Study.objects.get(pk=study.pk))) == study.seed_sha256


def test_nothing_changes_where_a_key_is_missing(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    enter("worker-1")
    before = kept()
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="COPROD_ENCRYPTION_KEYS; set it again"):
        call_command("rotate_keys")
    assert kept() == before
    with pytest.raises(Refused, match="panel's ids can't be read"):
        known()


def test_withdrawn_id_stays_empty() -> None:
    enter("worker-1")
    PanelIdentity.objects.update(value="")
    assert rekey() == Rekeyed(seeds=1, panel_ids=0, second_factors=0)
    assert kept() == [""]


def device() -> TOTPDevice:
    """The only one, as the desk reads it."""
    return TOTPDevice.objects.get()


def stored_secret() -> str:
    """What stands in the database of that device."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM otp_totp_totpdevice")
        return str(cursor.fetchone()[0])


def test_second_factor_survives_the_exchange_of_its_key(settings: Any) -> None:
    TOTPDevice.objects.create(user=User.objects.create_user("hana"), name="app")
    secret, under_data_key = device().key, stored_secret()

    settings.ENCRYPTION_KEYS = [NEW]  # whoever exchanged it before second factors took part
    assert device().key == secret
    assert rekey() == Rekeyed(seeds=0, panel_ids=0, second_factors=1)
    assert (device().key, stored_secret() == under_data_key) == (secret, False)

    settings.DATA_KEY = "stolen-or-not-" * 3
    assert device().key == secret, "the data key opens it no more, and need not"
    settings.ENCRYPTION_KEYS = [OLD]
    assert device().key != secret


def test_second_factor_that_no_key_opens_is_left_and_named(settings: Any) -> None:
    TOTPDevice.objects.create(user=User.objects.create_user("hana"), name="app")
    before = stored_secret()
    settings.DATA_KEY, settings.ENCRYPTION_KEYS = OLD, [NEW]
    with pytest.raises(CommandError, match="forget_second_factor hana"):
        call_command("rotate_keys")
    assert stored_secret() == before
    call_command("forget_second_factor", "hana")
    call_command("rotate_keys")
