"""The allocation ledger of a closed study, as a folder that anybody can check without this program.

study.json has the seed and the SHA-256 that was published at launch; design-N.json each version,
byte for byte as it was launched; ledger.csv all rows of all lists, and heads.csv where each list
ended; verify_ledger.py checks them, and needs Python's standard library alone. One ledger makes
the same bytes every time. docs/randomisation.md says how to read them.
"""

import json
import secrets
import shutil
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from experiments.models import Status, Study
from experiments.refusals import Refused
from responses.export.csv import snapshot

CHECK = Path(__file__).with_name("verify_ledger.py")

READ_STUDY = "SELECT slug, status, seed_sha256, seed_revealed FROM experiments_study WHERE id = %s"
READ_DESIGNS = """
SELECT number, canonical_json FROM experiments_designversion WHERE study_id = %s ORDER BY number
"""
# Sorted by bytes, so that no server's language decides which row comes first.
_COPY = SQL("""
COPY (
    SELECT v.number AS version, randomisation, mode, stratum, {columns}
    FROM {table} l JOIN experiments_designversion v ON v.id = l.version_id
    WHERE v.study_id = {study}
    ORDER BY v.number, randomisation COLLATE "C", mode COLLATE "C", stratum COLLATE "C", {position}
) TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')
""")
_ROWS = SQL("""
position, draw, block, arm, probability, releases, covariates, key,
encode(holder, 'hex') AS holder,
to_char(allocated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS allocated_at,
encode(l.digest, 'hex') AS digest
""")
_HEADS = SQL("next_position, reused, encode(l.digest, 'hex') AS digest")
FILES = (
    ("ledger.csv", Identifier("responses_allocation"), _ROWS, Identifier("position")),
    ("heads.csv", Identifier("responses_allocationhead"), _HEADS, Identifier("next_position")),
)


def export_ledger(*, study: Study, folder: Path) -> Path:
    """Writes the folder, which must be new or empty, and returns it, resolved.

    All comes from one snapshot, in flat memory, and stands there at once when it is whole. Refused
    unless the study is closed; OSError or psycopg.Error if it can't be read or written.
    """
    folder = folder.resolve()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise Refused(f"{folder} is there and is no empty folder; name a new one.")
    unfinished = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    unfinished.mkdir()
    try:
        with snapshot() as connection:
            write_ledger(connection, study_id=study.pk, folder=unfinished)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def write_ledger(connection: psycopg.Connection, *, study_id: int, folder: Path) -> None:
    """Writes the files into a folder as the connection's snapshot sees them; Refused as above."""
    ((slug, status, commitment, seed),) = connection.execute(READ_STUDY, [study_id]).fetchall()
    if status != Status.CLOSED:
        raise Refused(
            f"{slug} is {status}: its seed is secret until it closes, and so are the arms of those "
            f"who take part. Close it first, by close_study {slug}."
        )
    told = {"study": slug, "seed_sha256": commitment, "seed": seed}
    (folder / "study.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    for number, text in connection.execute(READ_DESIGNS, [study_id]):
        (folder / f"design-{number}.json").write_bytes(text.encode())
    for name, table, columns, position in FILES:
        statement = _COPY.format(
            columns=columns, table=table, study=Literal(study_id), position=position
        )
        with (folder / name).open("wb") as file, connection.cursor().copy(statement) as copy:
            for rows in copy:
                file.write(rows)
    shutil.copyfile(CHECK, folder / CHECK.name)
