"""What is there to be asked for: a live study with one of everything, a draft, and who asks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from analysis.api.tokens import make_token
from analysis.models import ApiToken, Bundle, Look, RehearsalEnd, RehearsalRun
from analysis.power.records import Simulation
from experiments.design import Block, Ending, Image, Limit, Outcome, Parameter, Quota
from experiments.history import keep
from experiments.membership import give_role
from experiments.models import Study, Way
from experiments.refusals import Refused
from experiments.roles import OWNER, ROLES
from experiments.rowwriting import write_rows
from responses.export.kept import kept_path, make_room
from responses.models import (
    Erasure,
    ExportRecord,
    ExportStatement,
    IdentityReading,
    Mode,
    Participant,
    PayList,
)
from tests.analysis.studies import complete, launched, spend
from tests.designs import both, small
from tests.desk import client_of, desk, member
from tests.factories import StudyFactory
from tests.responses.every_kind import DOT
from tests.responses.export.rows import into_ledger


@dataclass(frozen=True)
class Asked:
    """The studies that are asked for, by somebody of each kind, and the files that each made."""

    live: Study
    draft: Study
    look: Look
    clients: dict[str, Client]
    tokens: dict[str, str]
    exports: dict[str, int]
    bundles: dict[str, int]


def made() -> Asked:
    """A live study with people, a spent look and one of each record, a draft, and who asks."""
    live, draft, lake = _launched(), _draft(), StudyFactory(slug="lake")
    complete(live, 40)
    look = spend(live, 1)
    # Whoever was put straight into the tables has no row of the ledger, and no export would go out.
    into_ledger(*Participant.objects.filter(study=live).exclude(assignments={}))
    _records(live)
    clients = {"anonymous": Client(), "superuser": desk()}
    clients["no member"] = client_of(User.objects.create_user("nobody", is_staff=True))
    clients["elsewhere"] = member(lake, OWNER, "stranger")
    for role in ROLES:
        clients[role] = member(live, role)
        give_role(study=draft, username=role.replace(" ", "-"), role=role)
    names = {who: _name(client) for who, client in clients.items() if who != "anonymous"}
    tokens = dict(_tokens(live, lake, names))
    exports = {who: _kept_export(live, name) for who, name in names.items()}
    bundles = {who: _kept_bundle(live, name) for who, name in names.items()}
    return Asked(live, draft, look, clients, tokens, exports, bundles)


def _launched() -> Study:
    """A live study with a picture, and what its rows said then."""
    welcome, *others = small().pages
    shown = replace(welcome, body=both("![A dot](image:dot)", "![점](image:dot)"))
    images = (Image("dot", "image/png", DOT),)
    live = launched(replace(small(), pages=(shown, *others), images=images))
    keep(study=live, by="owner", way=Way.LOAD)
    return live


def _draft() -> Study:
    """A draft that has each part that a study may have."""
    return write_rows(
        design=replace(
            small(study="pond"),
            images=(Image("dot", "image/png", DOT),),
            blocks=(Block("pair"),),
            parameters=(Parameter("school", "school"),),
            quotas=(Quota("all", (), (Limit((), 4),)),),
            endings=(Ending(Outcome.REFUSED, both("Goodbye", "안녕히")),),
        )
    )


def _records(live: Study) -> None:
    """One of each record that a study has."""
    common: dict[str, Any] = {"study": live, "actor": "owner"}
    ExportRecord.objects.create(mode=Mode.LIVE, **common)
    IdentityReading.objects.create(way="page", people=1, **common)
    Erasure.objects.create(mode=Mode.REHEARSAL, kind="rehearsal", **common)
    PayList.objects.create(mode=Mode.LIVE, number=1, people=1, **common)
    ordered: dict[str, Any] = {"study": live, "seed": 1, "code_version": "1", "ordered_by": "owner"}
    run = RehearsalRun.objects.create(n=1, truth="", site="http://a", language="en", **ordered)
    RehearsalEnd.objects.create(run=run, kind="done", holds=True, markdown="# Report")
    assert live.live_version is not None
    Simulation.objects.create(
        design_digest="0" * 64,
        canonical_json=live.live_version.canonical_json,
        assumed={"n": 20, "mean": 4.0, "sd": 1.0},
        repeats=1,
        together=1,
        batches=1,
        **ordered,
    )


def _kept_export(live: Study, actor: str) -> int:
    """The number of an export that somebody made, whose file is kept."""
    export = ExportRecord.objects.create(study=live, mode=Mode.LIVE, actor=actor)
    ExportStatement.objects.create(
        export=export, counts={"mode": "live", "flows": [], "assigned": []}, rows={}
    )
    _write(kept_path(export, ".csv"))
    return export.pk


def _kept_bundle(live: Study, actor: str) -> int:
    """The number of a bundle that somebody asked for, whose file is kept."""
    record = {"study": live, "mode": Mode.LIVE, "actor": actor, "format": "bundle"}
    export = ExportRecord.objects.create(**record)
    bundle = Bundle.objects.create(
        export=export, licence="none", at_desk=True, step=Bundle.Step.MADE
    )
    _write(kept_path(export, ".zip"))
    return bundle.pk


def _write(path: Path) -> None:
    make_room()
    path.write_text("participant\n")


def _name(client: Client) -> str:
    """The name of the account that a client is logged in to."""
    return User.objects.get(pk=client.session["_auth_user_id"]).username


def _tokens(live: Study, lake: Study, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """A token of each account that may have one."""
    for who, name in names.items():
        user, study = User.objects.get(username=name), lake if who == "elsewhere" else live
        for scope in ApiToken.Scope.values:
            try:
                _row, text = make_token(
                    owner=user,
                    studies=[study],
                    scopes=[scope],
                    made_by="tests",
                    days=1,
                    name="tests",
                )
            except Refused:
                continue
            yield f"{who} {scope}", text
