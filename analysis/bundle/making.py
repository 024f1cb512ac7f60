"""Makes a bundle: all of its parts in a folder of their own, then one zip file of these."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from analysis.bundle import verify
from analysis.bundle.crate import NAME, Facts, File, metadata
from analysis.bundle.data import Written, published, write_data
from analysis.bundle.designs import write_designs, write_deviations
from analysis.bundle.flow import flow_by_arm, flow_csv, flow_text
from analysis.bundle.licence import LICENCES
from analysis.bundle.looks import write_look, write_packages
from analysis.bundle.packing import pack, write_manifest
from analysis.bundle.words import Told, description, readme
from analysis.code_version import code_version
from analysis.models import Bundle, Look
from analysis.schedule import standing_of
from experiments.models import DesignVersion, Status, Study
from experiments.preregistration.words import plain
from responses.export.codebook.formats import BOOK_FORMATS
from responses.export.codebook.publishing import published_book
from responses.export.codebook.reading import read_codebook
from responses.export.csv import snapshot
from responses.export.ledger import write_ledger
from responses.export.making import whole_file
from responses.models import Mode
from responses.quality import refresh_flags

Step = Bundle.Step
Tell = Callable[[str], None]

_LOOKS = "SELECT id FROM analysis_look WHERE study_id = %s AND mode = %s ORDER BY number"
_AS_OF = """
SELECT greatest(max(p.last_seen_at), max(p.ended_at), (
    SELECT max(spent_at) FROM analysis_look WHERE study_id = %(study)s AND mode = %(mode)s))
FROM responses_participant p WHERE p.study_id = %(study)s AND p.mode = %(mode)s
"""


@dataclass(frozen=True)
class Made:
    """A bundle that is whole: its digest and size, and what it holds."""

    sha256: str
    size: int
    written: Written


@dataclass(frozen=True)
class Read:
    """What the snapshot of a bundle had: which looks, until when, and what of it was written."""

    looks: Sequence[int]
    as_of: datetime | None
    written: Written
    has_ledger: bool


def write_bundle(*, bundle: Bundle, path: Path, work: Path, tell: Tell) -> Made:
    """Makes the file of that path, whole or not at all, in a new folder `work`, which goes again.

    Says each step that it comes to. Refused, NotReconciledError, psycopg.Error or OSError.
    """
    export = bundle.export
    work.mkdir(mode=0o700)
    try:
        tell(Step.DATA)
        refresh_flags(study_id=export.study_id, mode=export.mode)
        with snapshot() as connection:
            read = _write_snapshot(connection, bundle, work, tell)
        _write_rest(bundle, read, work, tell)
        tell(Step.PACKING)
        top = f"{export.study.slug}_{export.mode}"
        with whole_file(path) as file:
            pack(work, top, file)
        return Made(verify.digest_of(path), path.stat().st_size, read.written)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _write_snapshot(
    connection: psycopg.Connection, bundle: Bundle, folder: Path, tell: Tell
) -> Read:
    """Writes what must be of one moment: data, ledger, flow, codebook."""
    export = bundle.export
    dataset = published(connection, study_id=export.study_id, mode=Mode(export.mode))
    written = write_data(connection, dataset, tuple(export.tables.split()), folder)
    arms = flow_by_arm(connection, dataset)
    (folder / "flow").mkdir()
    (folder / "flow" / "arms.csv").write_bytes(flow_csv(arms))
    _text(folder / "flow" / "consort.md", flow_text(written.counts, arms))
    stated = {"counts": written.counts.plain(), "rows": dict(written.rows)}
    _text(folder / "reconciliation.json", json.dumps(stated, indent=2) + "\n")
    has_ledger = export.study.status == Status.CLOSED
    if has_ledger:
        (folder / "ledger").mkdir()
        write_ledger(connection, study_id=export.study_id, folder=folder / "ledger")
    tell(Step.CODEBOOK)
    (folder / "codebook").mkdir()
    book = published_book(
        read_codebook(connection, study_id=export.study_id, mode=Mode(export.mode)),
        left_out=written.left_out,
        tables=written.rows,
    )
    for each in BOOK_FORMATS.values():
        (folder / "codebook" / f"codebook{each.suffix}").write_bytes(each.write(book))
    of = {"study": export.study_id, "mode": export.mode}
    looks = [row[0] for row in connection.execute(_LOOKS, [export.study_id, export.mode])]
    ((as_of,),) = connection.execute(_AS_OF, of).fetchall()
    return Read(looks, as_of, written, has_ledger)


def _write_rest(bundle: Bundle, read: Read, folder: Path, tell: Tell) -> None:
    """Writes what never changes once it is there, and what describes all of it."""
    study, mode = bundle.export.study, bundle.export.mode
    versions = list(study.versions.order_by("number"))
    write_designs(study, versions, folder)
    standing = standing_of(study_id=study.pk, mode=mode)
    write_deviations(versions, standing.version if standing else versions[0], mode, folder)
    tell(Step.LOOKS)
    looks = list(Look.objects.filter(pk__in=read.looks).select_related("study", "version"))
    for look in looks:
        write_look(look, folder / "looks" / f"look-{look.number}")
    if looks:
        write_packages(looks, folder / "looks")
    licence = LICENCES[bundle.licence]
    told = _told(bundle, read, versions, folder)
    shutil.copyfile(verify.__file__, folder / "verify.py")
    _text(folder / "LICENSE.txt", licence.text)
    _text(folder / "README.md", readme(told))
    facts = Facts(
        name=f"Replication bundle: {told.title}",
        description=description(told),
        published=told.as_of[:10],
        languages=versions[-1].written.languages,
        licence=licence,
    )
    names = sorted(verify.files_of(folder))
    files = [
        File(name, (folder / name).stat().st_size, verify.digest_of(folder / name))
        for name in names
    ]
    (folder / NAME).write_bytes(metadata(facts, files))
    write_manifest(folder)


def _told(bundle: Bundle, read: Read, versions: list[DesignVersion], folder: Path) -> Told:
    study: Study = bundle.export.study
    design = versions[-1].written
    looks = sorted((folder / "looks").glob("look-*"), key=lambda at: int(at.name.split("-")[1]))
    return Told(
        study=study.slug,
        title=plain(design.title, design.languages[0]),
        question=plain(design.question, design.languages[0]),
        mode=bundle.export.mode,
        as_of=f"{read.as_of or versions[-1].launched_at:%Y-%m-%d %H:%M} UTC",
        code_version=code_version(),
        rows=tuple(read.written.rows.items()),
        left_out=read.written.left_out,
        reconciled=tuple(read.written.counts.lines()),
        looks=tuple((int(at.name.split("-")[1]), (at / "look.py").exists()) for at in looks),
        has_ledger=read.has_ledger,
        licence=LICENCES[bundle.licence],
    )


def _text(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")
