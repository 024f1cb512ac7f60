"""The log of who read who people are, and of what left the site."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, transaction

from experiments.launch import close
from experiments.management.who import shell_user
from responses.models import ExportRecord, IdentityReading, Invitation
from tests.analysis.api.asking import ask, token
from tests.desk import desk, member, text_of
from tests.factories import LiveStudyFactory

LOG = "/admin/responses/identityreading/"


@pytest.mark.django_db(transaction=True)  # the ledger is read over a connection of its own
def test_every_reading_of_identities_and_of_the_ledger_is_noted(tmp_path: Path) -> None:
    study = LiveStudyFactory(slug="park")
    Invitation.objects.create(study=study, label="ann@example.org", token_hash=b"1" * 32)
    people = b"participant id\nann\nbo\n"
    page = "/admin/responses/participant/codes/park/"
    desk("view_participant").post(page, {"file": SimpleUploadedFile("p.csv", people)})
    (tmp_path / "p.csv").write_bytes(people)
    call_command("check_codes", "park", str(tmp_path / "p.csv"), output=tmp_path / "out.csv")
    text = token(study)
    ask(text, "park/panel/ann")
    ask(text, "park/invitations")
    # What tells nobody who somebody is leaves no line.
    ask(text, "park/looks")
    desk("view_participant").get(page)
    lines = IdentityReading.objects.order_by("id").values_list("way", "people", "actor")
    assert list(lines) == [
        ("panel_list", 2, "assistant"),
        ("panel_list", 2, shell_user()),
        ("panel_status", 1, "hana"),
        ("invitations", 1, "hana"),
    ]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        IdentityReading.objects.update(actor="nobody")
    assert "a panel asked for somebody" in text_of(member(study, "auditor").get(LOG))
    assert desk("view_participant").get(LOG).status_code == 403
    close(study=study)
    ask(text, "park/allocation/rows")
    call_command("export_ledger", "park", output=tmp_path / "ledger")
    exports = ExportRecord.objects.order_by("id").values_list("format", "actor")
    assert list(exports) == [("ledger", "hana"), ("ledger", shell_user())]
    assert User.objects.count() == 3
