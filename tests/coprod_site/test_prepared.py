"""A start does not prepare again what the same code has prepared, and notices what changed."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db.migrations.recorder import MigrationRecorder

from coprod_site.prepared import Preparation
from tests.live_site import database_of_the_test


@pytest.fixture
def url(transactional_db: None) -> str:
    return database_of_the_test()


def test_preparation_is_done_once_it_was_kept(tmp_path: Path, url: str) -> None:
    assert not Preparation(tmp_path, url).is_done()
    Preparation(tmp_path, url).keep()
    assert Preparation(tmp_path, url).is_done()
    # Of another site nothing is known.
    (tmp_path / "other").mkdir()
    assert not Preparation(tmp_path / "other", url).is_done()


def test_preparation_is_due_when_the_database_changed(tmp_path: Path, url: str) -> None:
    Preparation(tmp_path, url).keep()
    user = User.objects.create_user("researcher")
    assert not Preparation(tmp_path, url).is_done()
    user.delete()
    assert Preparation(tmp_path, url).is_done()
    group = Group.objects.create(name="changed")
    group.permissions.add(Permission.objects.latest("pk"))
    assert not Preparation(tmp_path, url).is_done()
    group.delete()
    missing = MigrationRecorder.Migration.objects.filter(app="responses").latest("pk")
    MigrationRecorder.Migration.objects.filter(pk=missing.pk).delete()
    try:
        assert not Preparation(tmp_path, url).is_done()
    finally:
        # No flush brings it back.
        missing.save(force_insert=True)
    assert Preparation(tmp_path, url).is_done()


def test_preparation_is_due_when_files_changed(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Preparation(tmp_path, url).keep()
    monkeypatch.setenv("COPROD_STATIC_ROOT", str(tmp_path / "nothing"))
    assert not Preparation(tmp_path, url).is_done()
    # It is noted again, and yet the folder is not there.
    Preparation(tmp_path, url).keep()
    assert not Preparation(tmp_path, url).is_done()
    (tmp_path / "nothing").mkdir()
    assert Preparation(tmp_path, url).is_done()


def test_preparation_is_due_while_there_is_no_database(tmp_path: Path) -> None:
    assert not Preparation(tmp_path, "postgresql://me@127.0.0.1:1/none").is_done()
